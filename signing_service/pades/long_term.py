"""Keeps signatures verifiable after their certificates have ended: a security store and a time stamp over it (B-LTA).

Works only with what it is given: certificates, revocation lists and OCSP answers; there is no network here. `levels`
reads from the file itself which level each signature has reached (ETSI EN 319 142-1, 6); it does not judge trust.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from keys.timestamping.sources import TimestampSource
from signing_service.pades import evidence, pyhanko_adapter, revision, tokens
from signing_service.pades.document import Document
from signing_service.pades.errors import AlreadyClosed, NothingToClose, ReserveTooSmall, RevisionInvalid, WrongTimestamp
from signing_service.pades.material import OURS_ONLY, Material, Others, security_store
from signing_service.pades.reserve import DOCUMENT_TOKEN
from signing_service.pades.signatures import FoundSignature, reading_asn1, signatures


def close(
    pdf: bytes,
    *,
    crls_der: Iterable[bytes],
    certificates_der: Iterable[bytes],
    trust_roots_der: Iterable[bytes],
    timestamper: TimestampSource,
    now: datetime,
    ocsps_der: Iterable[bytes] = (),
    others: Others = OURS_ONLY,
) -> bytes:
    """Two revisions more: the security store with all that proves the signatures, and a document time stamp over it.

    Every signature is checked first, and its certificate at the time its time stamp gives. `now` says which lists are
    still in force. The lists must not be younger than the stamp: where another authority's clock may be behind, give
    lists that are some seconds old. `others`: signers of other authorities, see `evidence.collect`.

    Raises `NothingToClose`, `AlreadyClosed`, `MissingEvidence` or `CertificateRevoked` (naming the certificate),
    `RevisionInvalid` (a broken signature), `UnreadableDocument`, `TrailingBytes`, `WrongTimestamp`,
    `ReserveTooSmall`, or the source's own error.
    """
    found = signatures(Document(pdf))
    if any(signature.document_timestamp and signature.end == len(pdf) for signature in found):
        raise AlreadyClosed()
    given = Material(tuple(certificates_der), tuple(crls_der), tuple(ocsps_der))
    return _stamped(pdf, found, given, tuple(trust_roots_der), timestamper, now, others)


def renew(
    pdf: bytes,
    *,
    crls_der: Iterable[bytes],
    certificates_der: Iterable[bytes],
    trust_roots_der: Iterable[bytes],
    timestamper: TimestampSource,
    now: datetime,
    ocsps_der: Iterable[bytes] = (),
    others: Others = OURS_ONLY,
) -> bytes:
    """The same for a closed file, before the certificate of its last document time stamp ends. Raises as `close`."""
    found = signatures(Document(pdf))
    given = Material(tuple(certificates_der), tuple(crls_der), tuple(ocsps_der))
    return _stamped(pdf, found, given, tuple(trust_roots_der), timestamper, now, others)


def levels(pdf: bytes) -> dict[str, str]:
    """Field name → "B-B", "B-T", "B-LT" or "B-LTA", for every signature but the document time stamps.

    Read from the file: B-T has a fitting time stamp over its value, or a document time stamp after it; B-LT has its
    certificates and revocation information in the security store; B-LTA has a document time stamp over that store.
    Raises `UnreadableDocument` or `TrailingBytes`.
    """
    document = Document(pdf)
    with reading_asn1():
        return _levels(document, pdf)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A document time stamp: its authority's name and certificate, its time, and when that certificate ends."""

    authority: str
    certificate_sha256: str
    at: datetime
    ends_at: datetime


def last_stamp(pdf: bytes) -> Stamp:
    """The document time stamp that covers the most. Raises `NothingToClose` when there is none that fits."""
    with reading_asn1():
        found = [one for one in signatures(Document(pdf)) if one.document_timestamp and _fits(one, pdf)]
        if not found:
            raise NothingToClose()
        token = max(found, key=lambda one: one.end).token
        if token is None:
            raise NothingToClose()
        certificate = token.signer_certificate
        name = str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))
        return Stamp(name, certificate.sha256.hex(), token.at, certificate.not_valid_after)


def own_stamps(pdf: bytes) -> dict[str, bool]:
    """Field name → whether the signature carries a fitting time stamp of its own."""
    with reading_asn1():
        found = signatures(Document(pdf))
        return {one.field: one.token is not None for one in found if not one.document_timestamp}


def _levels(document: Document, pdf: bytes) -> dict[str, str]:
    found = signatures(document)
    now_stored = security_store(document)
    stamps = [signature for signature in found if signature.document_timestamp and _fits(signature, pdf)]
    stamped = [(stamp.end, security_store(Document(pdf[: stamp.end]))) for stamp in stamps]
    return {
        signature.field: _level(signature, now_stored, stamped)
        for signature in found
        if not signature.document_timestamp
    }


def _level(signature: FoundSignature, stored: Material, stamped: Sequence[tuple[int, Material]]) -> str:
    if signature.token is None and not any(end > signature.end for end, _ in stamped):
        return "B-B"
    if any(end > signature.end and evidence.covers(signature, store) for end, store in stamped):
        return "B-LTA"
    return "B-LT" if evidence.covers(signature, stored) else "B-T"


def _fits(stamp: FoundSignature, pdf: bytes) -> bool:
    try:
        tokens.check(stamp.cms_der, stamp.covered_digest(pdf))
    except WrongTimestamp:
        return False
    return True


def _stamped(
    pdf: bytes,
    found: Sequence[FoundSignature],
    given: Material,
    roots: tuple[bytes, ...],
    timestamper: TimestampSource,
    now: datetime,
    others: Others,
) -> bytes:
    if all(signature.document_timestamp for signature in found):
        raise NothingToClose()
    with reading_asn1():
        for signature in found:
            if not signature.document_timestamp:
                signature.check(pdf)
        kept = evidence.collect(found, given, roots, now, others)
    stored = pyhanko_adapter.with_security_store(pdf, kept)
    count = sum(signature.document_timestamp for signature in found)
    placed = pyhanko_adapter.place_document_timestamp(stored, f"DocumentTimestamp_{count + 1}", DOCUMENT_TOKEN)
    token = tokens.over_digest(placed.digest, timestamper)
    if tokens.time_of(token) < kept.listed_at:
        raise WrongTimestamp(reason="its time lies before that of the revocation lists it has to cover")
    if len(token) > DOCUMENT_TOKEN:
        raise ReserveTooSmall(needed=len(token), reserved=DOCUMENT_TOKEN)
    closed = revision.filled(placed.pdf, placed.start, placed.end, token)
    if not closed.startswith(pdf) or placed.digest != revision.digest_around(closed, placed.start, placed.end):
        raise RevisionInvalid(reason="bytes outside the gap changed")
    return closed
