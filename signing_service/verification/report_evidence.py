"""The part of the report that says what was judged with, so that the same evidence can be judged again (`replay`).

What came from outside the file, what was asked for online, and what was read of the file itself. All DER is base64.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """One question that was asked online about one certificate: `kind` ocsp or crl, where, when, and the SHA-256 of the
    answer, which is among the evidence; or why there is none (`problem`)."""

    kind: str
    url: str
    at: datetime
    certificate_sha256: str
    sha256: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ListUsed:
    """One trusted list that qualification was assessed with: territory, number, dates, SHA-256, where it came from."""

    territory: str
    sequence: int
    issued_at: datetime | None
    next_update_at: datetime | None
    sha256: str
    source: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """One signature as it was read of the file: what neither time nor policy changes.

    `contents` is the CMS; `certificate` the one whose key verified the value, else empty. `digest` is of the signed
    bytes as they were in the file (hex); `place` counts revisions from 0.
    """

    field: str
    subfilter: str
    is_timestamp: bool
    contents: str
    certificate: str
    integrity: str
    sub_indication: str | None
    detail: str
    digest: str
    digest_algorithm: str
    digest_matches: bool | None
    value_valid: bool | None
    byte_range: tuple[int, ...]
    byte_range_problem: str
    problem: str
    place: int
    covered: bool
    permission: int | None
    changes: str
    changed_fields: tuple[str, ...]
    not_permitted: str
    locked: tuple[str, ...]
    level: str
    claimed_time: datetime | None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the file carried: its signatures in the order of the report, and what its security store holds."""

    signatures: tuple[SignatureRecord, ...] = ()
    certificates: tuple[str, ...] = ()
    crls: tuple[str, ...] = ()
    ocsps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceUsed:
    """Enough to judge again. Of large sets of anchors only those are kept that a judged chain leads to; `complete` says
    whether all are there. `file` is absent where the file could not be read, or carries too much to be kept here."""

    signing: tuple[str, ...] = ()
    timestamping: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    crls: tuple[str, ...] = ()
    ocsps: tuple[str, ...] = ()
    complete: bool = True
    fetched: tuple[Fetched, ...] = ()
    lists: tuple[ListUsed, ...] = ()
    file: FileRecord | None = None
