"""The verification report as data: what was looked at, each result, and the verdict.

JSON schema `signing-service/report/1`. Frozen dataclasses whose field names are the JSON keys; no judgement
is made here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from signing_service.verification.findings import ERROR, Finding
from signing_service.verification.plain_data import from_plain, to_plain
from signing_service.verification.report_evidence import EvidenceUsed

SCHEMA = "signing-service/report/1"

# EN 319 102-1 clause 5.1.3, main indications
TOTAL_PASSED, INDETERMINATE, TOTAL_FAILED = "TOTAL_PASSED", "INDETERMINATE", "TOTAL_FAILED"
INTACT, BROKEN, UNDECIDABLE = "intact", "broken", "undecidable"
SIGNATURE, DOCUMENT_TIMESTAMP = "signature", "document_timestamp"
CHANGE_CLASSES = ("none", "maintenance", "signing", "form_fill", "annotation", "unexplained")
LEVELS = ("none", "B-B", "B-T", "B-LT", "B-LTA")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The judged bytes: name as given, SHA-256 (hex), size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class DocumentVerdict:
    """The answer for the whole file. `readable` is strict, lenient or no; `judged_at` is the control time."""

    indication: str
    sub_indication: str | None
    readable: str
    revisions: int
    trailing_bytes: int
    summary: Mapping[str, str]
    judged_at: datetime
    level: str = "none"
    pages: int = 0
    not_proved: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One incremental save: what it added (`change`), how far it reaches, its SHA-256 up to there, pages touched."""

    n: int
    change: str
    title: Mapping[str, str]
    detail: Mapping[str, str]
    end: int
    sha256: str
    time: datetime | None = None
    fields: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    differences: tuple[Mapping[str, str], ...] = ()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Facts of one certificate; `serial` is decimal, digests are hex, `der` (base64) is given in chains."""

    role: str
    common_name: str
    organisation: str
    email: str
    country: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str
    policies: tuple[str, ...] = ()
    der: str = ""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A time stamp on the signature value (RFC 3161): time, authority, and its own verdict."""

    time: datetime | None
    authority: str
    indication: str
    sub_indication: str | None
    integrity: str
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """The policy that was applied; `sha256` is of its file and the suites, so the same name twice is the same rules."""

    name: str
    title: str
    base: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AlgorithmUse:
    """One algorithm or key in use. `where` is document, signature, imprint or `certificate:<place in the chain>`;
    `bits` is 0 for digests; from `not_after` on it is refused (None: no end is known)."""

    where: str
    name: str
    bits: int
    not_after: datetime | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class RevocationFact:
    """One answer about one certificate: `kind` crl or ocsp, `status` good, revoked or unknown. `keeps_expired`: the
    answer also speaks of certificates that had expired before it was given."""

    certificate_sha256: str
    kind: str
    sha256: str
    status: str
    issued_at: datetime | None
    next_update_at: datetime | None
    revoked_at: datetime | None = None
    reason: str = ""
    keeps_expired: bool = False


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the trusted lists say of the signer's certificate at the best signature time (Regulation (EU) 910/2014).

    `level` is QES, QSeal, AdES-QC (qualified certificate, no qualified device), AdESeal-QC, not_qualified, or
    not_assessed (no list was loaded). It never changes the indication.
    """

    level: str
    at: datetime | None = None
    certificate_type: str = ""
    device: bool = False
    service: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered check: `code` is stable, `what`/`detail` are English, the `_text` members are per language."""

    n: int
    code: str
    what: str
    result: str
    detail: str
    what_text: Mapping[str, str]
    detail_text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature or document time stamp with its separate axes; never one mixed into another.

    `document_digest` is of the signed bytes as they are in the file now, hex.
    """

    field: str
    kind: str
    revision: int
    indication: str
    sub_indication: str | None
    integrity: str
    changes: str
    level: str
    signer: Certificate | None
    custody: str | None
    best_signature_time: datetime | None
    steps: tuple[Step, ...]
    reason: Mapping[str, str]
    claimed_time: datetime | None = None
    certification: int | None = None
    subfilter: str = ""
    algorithm: str = ""
    covers_whole_file: bool = False
    changed_fields: tuple[str, ...] = ()
    timestamps: tuple[TimeStamp, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    method: str = ""
    document_digest: str = ""
    document_digest_algorithm: str = ""
    algorithms: tuple[AlgorithmUse, ...] = ()
    revocation: tuple[RevocationFact, ...] = ()
    qualification: Qualification | None = None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What our log knows of this file, when the caller gave an expectation."""

    agreement_no: str
    matches: bool
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one judged file."""

    schema: str
    file: FileFacts
    document: DocumentVerdict
    signatures: tuple[Signature, ...] = ()
    findings: tuple[Finding, ...] = ()
    revisions: tuple[Revision, ...] = ()
    empty_fields: tuple[str, ...] = ()
    agreement: AgreementFacts | None = None
    policy: PolicyFacts | None = None
    evidence: EvidenceUsed | None = None

    def to_json(self) -> dict[str, Any]:
        """A JSON object with the keys of schema `signing-service/report/1`."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """The report again out of `to_json()`; raises ValueError when it is not one."""
        if data.get("schema") != SCHEMA:
            raise ValueError("not a report of this schema")
        return from_plain(cls, data)

    @property
    def passed(self) -> bool:
        return self.document.indication == TOTAL_PASSED

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(entry for entry in self.findings if entry.severity == ERROR)


def gravest(changes: tuple[str, ...]) -> str:
    """The gravest of several change classes; `none` of no class."""
    return max(changes, key=CHANGE_CLASSES.index, default="none")
