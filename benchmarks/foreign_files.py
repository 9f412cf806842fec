"""Signed files as another program makes them: pyHanko's writer and CMS, RSA time stamps, a PKI of its own."""

from __future__ import annotations

from tests.signing_service.verification.documents import Signing, add_store, base_pdf, sign, stamp
from tests.signing_service.verification.pki import Pki


def signed(pki: Pki, count: int) -> bytes:
    """So many signatures of different people in prepared fields, each B-T."""
    names = [f"Sig{place + 1}" for place in range(count)]
    pdf = base_pdf(empty_fields=names)
    for field in names:
        pdf = sign(pdf, pki, Signing(pki.signatory(f"Signatory {field}"), field))
    return pdf


def levels(pki: Pki, count: int) -> dict[str, bytes]:
    """The same signatures at every level."""
    plain = signed(pki, count)
    stored = add_store(plain, pki, pki.crls())
    return {"B-T": plain, "B-LT": stored, "B-LTA": stamp(stored, pki)}
