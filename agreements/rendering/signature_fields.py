"""The unsigned signature fields: one widget per signatory inside its drawn area, one invisible for the service's seal.

All fields exist before the first signature, so that signing later only fills them. ISO 32000-1 §12.7.4.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.rendering import qr_code
from agreements.rendering.pages import Rectangle
from agreements.rendering.pdf_file import PdfFile, numbers, references, text_string

SEAL_FIELD = "Seal"
CODE = "Code"
"""Name of the QR code among the resources of an empty field."""

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
    pdf: PdfFile, fields: Sequence[SignatureField], pages: Sequence[int], code: str = ""
) -> tuple[int, list[int]]:
    """Write the widgets and the form; return the object numbers of the form and of each widget.

    Until it is signed a field shows an empty appearance, which ISO 19005-3 §6.3.3 asks of every visible annotation.
    The QR code of the text `code` is written once, as the resource `CODE` of that appearance: every stamp finds it.
    """
    shared = f"/XObject <</{CODE} {qr_code.write_form(pdf, code)} 0 R>>" if code else ""
    empty = pdf.add_stream(b"", f" /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Resources <<{shared}>>")
    widgets = []
    for field in fields:
        x0, y0, x1, y1 = field.rect
        appearance = f" /AP <</N {empty} 0 R>>" if x0 < x1 and y0 < y1 else ""
        widgets.append(
            pdf.add(
                f"<</Type /Annot /Subtype /Widget /FT /Sig /T {text_string(field.name)} /TU {text_string(field.label)}"
                f" /F {_PRINT} /Rect [{numbers(field.rect)}] /P {pages[field.page]} 0 R{appearance}>>"
            )
        )
    return pdf.add(f"<</Fields {references(widgets)} /SigFlags 3>>"), widgets
