"""First half of a signature: a new revision with a gap, and the signed attributes that the key holder signs.

Needs the certificate, never the key. The result is plain data, so that another process can complete it later.
`prepare` reads a whole document; `prepare_next` is the same for one whose skeleton and running digest are at hand.
"""

from collections.abc import Callable
from datetime import datetime

from keys.clock import in_utc, system_clock
from keys.signer_keys import longest_value
from keys.timestamping.sources import FOREIGN_TOKEN_BYTES
from signing_service.pades import certificates, cms, placement, pyhanko_adapter, rehearsal_lock, skeleton, stamps
from signing_service.pades.appearance import Appearance
from signing_service.pades.document import Document
from signing_service.pades.errors import NotFirstSignature
from signing_service.pades.placement import Certification, Claims
from signing_service.pades.prepared import Prepared, PreparedTail
from signing_service.pades.reserve import reserve_for
from signing_service.pades.running import Running, over
from signing_service.pades.skeleton import EmptyField, Skeleton
from signing_service.pades.stamps import Stamp


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
    `UnusableCertificate`, `RehearsalCertificate`, `RehearsalDocument`, `UnsupportedKey`, `UnknownGlyph` or
    `StampDoesNotFit`; nothing is changed then.
    """
    claimed = in_utc(at or system_clock()).replace(microsecond=0)
    certificates.usable(certificate_der, claimed)
    document = Document(base_pdf)
    base = skeleton.read(document, field_name)
    base.empty_field(field_name)
    certification = None
    if certify:
        if "Perms" in document.root or any(one.value is not None for one in document.signature_fields()):
            raise NotFirstSignature()
        pyhanko_adapter.require_readable(base_pdf)
        certification = Certification(document.root_ref, document.root)
    made = _made(
        base,
        over(base_pdf),
        field_name,
        certificate_der,
        chain_der,
        stamp=lambda box: _stamp(appearance, box),
        certification=certification,
        reserve=reserve,
        at=claimed,
    )
    return made.after(base_pdf)


def read_ahead(certificate_der: bytes, chain_der: tuple[bytes, ...]) -> None:
    """Read of a signatory's certificate what `prepare_next` and its completion need, before anybody waits for it.

    Raises `UnusableCertificate` or `UnsupportedKey`.
    """
    certificates.read_ahead(certificate_der)
    cms.read_ahead(certificate_der, chain_der, approval=True)


def prepare_next(
    base: Skeleton,
    running: Running,
    *,
    field_name: str,
    certificate_der: bytes,
    chain_der: tuple[bytes, ...],
    stamp: Stamp | None,
    reserve: int | None = None,
    token: int = FOREIGN_TOKEN_BYTES,
    at: datetime,
) -> PreparedTail:
    """A signatory's approval over the revision of that skeleton, whose SHA-256 so far is `running`. Raises likewise.

    `token`: bytes of the longest time stamp token that may be embedded, where `reserve` does not say it all.
    """
    claimed = in_utc(at).replace(microsecond=0)
    return _made(
        base,
        running,
        field_name,
        certificate_der,
        chain_der,
        stamp=lambda _: stamp,
        certification=None,
        reserve=reserve,
        token=token,
        at=claimed,
    )


def _made(
    base: Skeleton,
    running: Running,
    field_name: str,
    certificate_der: bytes,
    chain_der: tuple[bytes, ...],
    *,
    stamp: Callable[[EmptyField], Stamp | None],
    certification: Certification | None,
    reserve: int | None,
    token: int = FOREIGN_TOKEN_BYTES,
    at: datetime,
) -> PreparedTail:
    rehearsal_lock.require_fit(certificate_der, chain_der, base.layout.rehearsal)
    signer = certificates.usable(certificate_der, at)
    field = base.empty_field(field_name)
    placed = placement.place(
        base,
        running,
        field,
        stamp=stamp(field),
        certification=certification,
        reserve=reserve or reserve_for(certificate_der, chain_der, token=token, value=longest_value(signer.public_key)),
        claims=Claims(at, signer.common_name),
    )
    approval = certification is None
    return PreparedTail(
        tail=placed.tail,
        base_length=base.length,
        base_sha256=running.hexdigest(),
        field_name=field_name,
        reserved_start=placed.start,
        reserved_end=placed.end,
        document_digest=placed.digest,
        signed_attributes=cms.signed_attributes(placed.digest, certificate_der, approval=approval),
        certificate_der=certificate_der,
        chain_der=chain_der,
    )


def _stamp(appearance: Appearance | None, field: EmptyField) -> Stamp | None:
    """An invisible field gets none."""
    if appearance is None or field.width <= 0 or field.height <= 0:
        return None
    return stamps.drawn(appearance.texts, field, appearance.drawing)
