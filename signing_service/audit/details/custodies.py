"""What is recorded about the ways of signing: the choice, the certificates of others, sealed files of others.

Names of people, issuers and files are disclosures; entries keep hashes and codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class CustodyChosen:
    """Who is to hold a signatory's key, and what was chosen before."""

    signatory: str
    custody: str
    before: str


@dataclass(frozen=True, slots=True)
class CertificateBound:
    """A certificate of another authority was bound to a seat after its owner confirmed the name in it.

    `trust` says what is known of its issuer here: accepted-anchor or unknown-issuer.
    """

    signatory: str
    certificate_sha256: str
    spki_sha256: str
    custody: str
    trust: str
    not_after: datetime
    invitation: str | None = None
    ceremony: str | None = None
    seat: str | None = None
    subject: str = field(default="", metadata=DISCLOSED)
    issuer: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ExternalSealAdded:
    """A PDF sealed on another platform was kept as evidence, byte for byte; its seal was not verified here."""

    evidence: str
    file_sha256: str
    size: int
    format: str
    signatory: str | None = None
    title: str = field(default="", metadata=DISCLOSED)
    note: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ExternalSealWithdrawn:
    """It no longer counts as evidence; the file is kept."""

    evidence: str
    file_sha256: str
    words: str = field(default="", metadata=DISCLOSED)
