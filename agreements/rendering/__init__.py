"""How an agreement looks on paper: the same version always becomes the same PDF, with empty signature fields.

`render` is the one entry. Page images and page texts of finished PDFs are in `page_images`.
"""

from __future__ import annotations

from agreements.rendering.agreement_pdf import RenderedAgreement, render
from agreements.rendering.fonts import FontFolder
from agreements.rendering.signature_fields import SEAL_FIELD, SignatureField

__all__ = ["SEAL_FIELD", "FontFolder", "RenderedAgreement", "SignatureField", "render"]
