"""First half of a signature: a new revision with a gap, and the signed attributes that the key holder signs.

Needs the certificate, never the key. The result is plain data, so that another process can complete it later.
"""

from datetime import datetime

from keys.clock import in_utc, system_clock
from keys.signer_keys import longest_value
from signing_service.pades import certificates, cms, placement, pyhanko_adapter
from signing_service.pades.appearance import Appearance
from signing_service.pades.document import Document
from signing_service.pades.prepared import Prepared
from signing_service.pades.reserve import reserve_for


def prepare(
    base_pdf: bytes,
    *,
    field_name: str,
    certificate_der: bytes,
    chain_der: tuple[bytes, ...] = (),
    appearance: Appearance | None = None,
    certify: bool = False,
    reserve: int | None = None,
    at: datetime | None = None,
) -> Prepared:
    """Make the next revision of `base_pdf`, to be signed in the existing, empty field `field_name`.

    `chain_der`: the certificates above the signer's, embedded in the CMS object. `certify`: the service's
    certification signature (DocMDP P=2, no commitment); otherwise a signatory's approval. `reserve`: bytes for the
    CMS object, by default what the certificates and one time stamp need. `at`: the claimed time, UTC, default now.

    Raises `UnreadableDocument`, `TrailingBytes`, `UnknownField`, `FieldAlreadySigned`, `NotFirstSignature`,
    `UnusableCertificate`, `UnsupportedKey`, `UnknownGlyph` or `StampDoesNotFit`; nothing is changed then.
    """
    claimed = in_utc(at or system_clock()).replace(microsecond=0)
    signer = certificates.usable(certificate_der, claimed)
    document = Document(base_pdf)
    field = placement.empty_field(document, field_name, first=certify)
    if certify:
        pyhanko_adapter.require_readable(base_pdf)
    placed = placement.place(
        document,
        field,
        appearance=appearance,
        certify=certify,
        reserve=reserve_for(certificate_der, chain_der, value=longest_value(signer.public_key))
        if reserve is None
        else reserve,
        at=claimed,
        signer=signer.common_name,
    )
    return Prepared(
        pdf=placed.pdf,
        base_length=len(base_pdf),
        base_sha256=placed.base_sha256,
        field_name=field_name,
        reserved_start=placed.start,
        reserved_end=placed.end,
        document_digest=placed.digest,
        signed_attributes=cms.signed_attributes(placed.digest, certificate_der, approval=not certify),
        certificate_der=certificate_der,
        chain_der=chain_der,
    )
