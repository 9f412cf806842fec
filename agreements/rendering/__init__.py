"""How an agreement looks on paper: the same version always becomes the same PDF, with empty signature fields.

`render` sets an agreement, `render_redline` a comparison of two texts of one, which is nothing to sign. Page images and
page texts of finished PDFs are in `page_images`.
"""

from __future__ import annotations

from agreements.rendering.agreement_pdf import RenderedAgreement, render
from agreements.rendering.fonts import FontFolder
from agreements.rendering.redline_front import Side
from agreements.rendering.redline_pdf import Compared, render_redline
from agreements.rendering.rehearsal import Rehearsal
from agreements.rendering.signature_fields import SEAL_FIELD, SignatureField

__all__ = [
    "SEAL_FIELD",
    "Compared",
    "FontFolder",
    "Rehearsal",
    "RenderedAgreement",
    "Side",
    "SignatureField",
    "render",
    "render_redline",
]
