"""What is recorded about consent, certificates and signatures: ids, hashes, custody, and the level that was reached.

`ceremony` and `seat` are None for a signature outside a ceremony. Names and the words shown lie elsewhere, by hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A signatory accepted a sentence over one document; `text_sha256` is the hash of the exact words shown."""

    signatory: str
    consent: str
    language: str
    text_sha256: str
    document_sha256: str
    version_sha256: str
    authentication: str
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """Our issuing CA bound a key to a signatory for one invitation."""

    signatory: str
    serial: str
    certificate_sha256: str
    spki_sha256: str
    custody: str
    not_after: datetime
    invitation: str | None = None
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateRevoked:
    """A certificate of ours was revoked; `reason` is a CRL reason (RFC 5280 section 5.3.1)."""

    serial: str
    reason: str
    signatory: str | None = None


@dataclass(frozen=True, slots=True)
class SignaturePrepared:
    """The digest for one signature was fixed over one revision; the turn is held until `expires_at`.

    `drawing_sha256`: of the drawn strokes in its stamp, an ornament that the digest covers; the strokes are not kept.
    """

    signatory: str
    attempt: str
    field: str
    custody: str
    base_sha256: str
    attributes_sha256: str
    expires_at: datetime
    ceremony: str | None = None
    seat: str | None = None
    drawing_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureApplied:
    """A signature was verified and stored: from here on it exists.

    `custody` says who held the key, `level` what the file reached (B-B or B-T), `revision` counts from 0.
    """

    signatory: str
    attempt: str
    field: str
    custody: str
    level: str
    revision: int
    base_sha256: str
    pdf_sha256: str
    certificate_sha256: str
    version_sha256: str
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureFailed:
    """An attempt ended without a signature; `reason` is the code of the error. Nothing was stored."""

    signatory: str
    attempt: str
    reason: str
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureTurnLost:
    """A browser did not answer within its lease; the turn went on, the consent stays valid."""

    signatory: str
    attempt: str
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureTimestampPending:
    """No time stamp authority answered; the signature is B-B and the stamp will be tried again."""

    field: str
    pdf_sha256: str
    reason: str | None = None
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureTimestamped:
    """A pending stamp was obtained later; it covers the document as it then was.

    `authority`: SHA-256 of its certificate.
    """

    field: str
    pdf_sha256: str
    authority: str
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class KeyCreated:
    """A key of the service came into use.

    `purpose` is root, issuing, seal, timestamp or log; token for a key that was made in the hardware module.
    """

    purpose: str
    spki_sha256: str
    custody: str
    verifier_key: str | None = None


@dataclass(frozen=True, slots=True)
class KeyCertified:
    """A key of the service, or one in its hardware module, got a new certificate; `purpose` as in `KeyCreated`."""

    purpose: str
    spki_sha256: str
    certificate_sha256: str
    not_after: datetime


@dataclass(frozen=True, slots=True)
class KeyRetired:
    """A key of the service went out of use."""

    purpose: str
    spki_sha256: str
    reason: str
