"""What is recorded about clauses: those of a draft that depart from its template, and the wordings of the library.

Ids, versions and hashes of texts; the texts themselves are in the draft, the version and the library.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class ClauseChosen:
    """A clause of a draft got another wording, or was added; `origin` is a clause of the library and its version."""

    clause: str
    kind: str
    text_sha256: str
    draft_revision: int
    origin: str | None = None
    added: bool = False
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ClauseRestored:
    """A clause of a draft has the template's wording again, or an added one is gone; `kind` is what it was."""

    clause: str
    kind: str
    draft_revision: int
    added: bool = False


@dataclass(frozen=True, slots=True)
class LibraryClauseProposed:
    """A wording was proposed for the clause library; it counts when a second person has approved it."""

    clause: str
    version: int
    wording_sha256: str
    owner: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class LibraryClauseDecided:
    """A proposed wording was approved or declined (the action says which); `author` proposed it."""

    clause: str
    version: int
    wording_sha256: str
    author: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class LibraryClauseRetired:
    """A clause of the library is not offered any more."""

    clause: str
    version: int
    words: str = field(default="", metadata=DISCLOSED)
