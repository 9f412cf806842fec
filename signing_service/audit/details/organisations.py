"""What is recorded about the directory of parties: ids, hashes, counts and names of fields.

The values themselves, which hold names and addresses of people, stand in the directory only. The name of an
organisation and whom a document is about go into disclosures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class OrganisationAdded:
    """An organisation was entered; `source` is form or draft."""

    organisation: str
    values_sha256: str
    source: str
    legal_name: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class OrganisationChanged:
    """An entry changed; `changed` are the fields."""

    organisation: str
    values_sha256: str
    previous_sha256: str
    changed: tuple[str, ...]
    legal_name: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class OrganisationMoved:
    """An entry was archived or taken back (the action says which)."""

    organisation: str
    legal_name: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class OrganisationsImported:
    """Several organisations were entered at once, from a table or as examples of a demo."""

    file_sha256: str
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationsExported:
    """Somebody took the whole directory home as a table."""

    file_sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    """A document about a number (register) or a person's authority (authority) was added."""

    organisation: str
    evidence: str
    subject: str
    file_sha256: str
    dated: date
    about: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class EvidenceWithdrawn:
    """A document does not count any more; its bytes stay."""

    organisation: str
    evidence: str
