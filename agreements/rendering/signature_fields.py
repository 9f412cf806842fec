"""The unsigned signature fields: one widget per signatory inside its drawn area, one invisible for the service's seal.

All fields exist before the first signature, so that signing later only fills them. ISO 32000-1 §12.7.4.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.rendering.pages import Rectangle
from agreements.rendering.pdf_file import PdfFile, numbers, references, text_string

SEAL_FIELD = "Seal"
_PRINT = 4  # annotation flag; ISO 19005 asks for it


@dataclass(frozen=True)
class SignatureField:
    """Where a signature goes. `page` counts from 0, `rect` is (x0, y0, x1, y1) in points; empty for the seal."""

    name: str
    page: int
    rect: Rectangle
    block_id: str
    label: str = ""


def write_fields(
    pdf: PdfFile, fields: Sequence[SignatureField], pages: Sequence[int], first_parent: int
) -> tuple[int, list[int]]:
    """Write the widgets and the form; return the object numbers of the form and of each widget.

    `first_parent` is the /StructParent of the first widget.
    """
    widgets = []
    for offset, field in enumerate(fields):
        widgets.append(
            pdf.add(
                f"<</Type /Annot /Subtype /Widget /FT /Sig /T {text_string(field.name)} /TU {text_string(field.label)}"
                f" /F {_PRINT} /Rect [{numbers(field.rect)}] /P {pages[field.page]} 0 R"
                f" /StructParent {first_parent + offset}>>"
            )
        )
    return pdf.add(f"<</Fields {references(widgets)} /SigFlags 3>>"), widgets
