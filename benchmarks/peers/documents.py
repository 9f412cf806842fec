"""Sealed documents of a wanted size with as many empty signature fields as a bench needs, in the form ours have."""

from __future__ import annotations

import random

from agreements.rendering.pdf_file import PdfFile
from keys.keyring import Keyring
from signing_service.pades.seal import SEAL_FIELD, seal

FIELD = "Signatory_1"


def sealed(keyring: Keyring, size: int, fields: int) -> bytes:
    """One page, `fields` fields named Signatory_1 and so on, filled up with bytes that do not compress."""
    pdf = PdfFile()
    root, pages, page = pdf.reserve(), pdf.reserve(), pdf.reserve()
    content = pdf.add_stream(b"0.8 g 60 60 475 722 re 1 w S")
    pdf.add_stream(random.Random(1).randbytes(max(0, size - 22_000)))
    boxes = {SEAL_FIELD: (0, 0, 0, 0)} | {
        f"Signatory_{n}": (60, 20 + 12 * n, 320, 30 + 12 * n) for n in range(1, fields + 1)
    }
    widgets = [
        pdf.add(
            f"<</Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /Rect [{x0} {y0} {x1} {y1}] /F 132 /P {page} 0 R>>"
        )
        for name, (x0, y0, x1, y1) in boxes.items()
    ]
    refs = " ".join(f"{widget} 0 R" for widget in widgets)
    pdf.put(root, f"<</Type /Catalog /Pages {pages} 0 R /AcroForm <</Fields [{refs}] /SigFlags 3>>>>")
    pdf.put(pages, f"<</Type /Pages /Kids [{page} 0 R] /Count 1>>")
    pdf.put(
        page,
        f"<</Type /Page /Parent {pages} 0 R /MediaBox [0 0 595 842] /Resources <<>> /Contents {content} 0 R"
        f" /Annots [{refs}]>>",
    )
    whole = pdf.finish(root=root, info=pdf.add("<<>>"), identifier=bytes(range(16)))
    return seal(whole, keyring.seal, keyring.timestamp_source)
