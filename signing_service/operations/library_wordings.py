"""Reading the clause library: what the house approved, together with what comes with the software.

A shipped clause is in the library without a row until it is changed here, so that nothing in the database claims an
approval that nobody gave, and a new release needs no import. Proposing and deciding is in clause_library.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from agreements import clause_library as rules
from agreements.shipped_clauses import VERSION, shipped
from signing_service.db import files
from signing_service.db.models.clause_library import LibraryClause, LibraryClauseVersion
from signing_service.db.models.people import Person
from signing_service.errors import N_
from signing_service.operations.operation import Act

PROPOSED, APPROVED, DECLINED, WITHDRAWN = "proposed", "approved", "declined", "withdrawn"
CLAUSE = N_("clause of the library")


@dataclass(frozen=True, slots=True)
class WordingView:
    """One version of a clause, with who proposed it and who decided. What came with the software names nobody."""

    number: int
    sha256: str
    clause: rules.LibraryClause
    state: str
    reason: str
    owner_name: str
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime | None
    decided_by_name: str
    decided_at: datetime | None
    decision_words: str


@dataclass(frozen=True, slots=True)
class LibraryView:
    """One clause of the library with its versions, newest first.

    `current` is the newest approved wording, also of a retired clause; `proposal` waits for a second person.
    `may_decide`: whether the person who looks is one.
    """

    id: str
    versions: tuple[WordingView, ...]
    retired_at: datetime | None
    retired_by_name: str
    retired_reason: str
    may_decide: bool

    @property
    def current(self) -> WordingView | None:
        """The newest approved wording."""
        return next((one for one in self.versions if one.state == APPROVED), None)

    @property
    def proposal(self) -> WordingView | None:
        """The wording that waits for a decision."""
        return next((one for one in self.versions if one.state == PROPOSED), None)

    @property
    def shown(self) -> WordingView:
        """What the list says of the clause: the wording in force, else the newest one."""
        return self.current or self.versions[0]


def in_force(act: Act) -> tuple[rules.Approved, ...]:
    """The wordings that can be chosen: the newest approved version of every clause that is not retired."""
    return tuple(
        rules.Approved(one.current.clause, one.current.number)
        for one in views(act)
        if one.retired_at is None and one.current is not None
    )


def wording_of(act: Act, sha256: str) -> rules.LibraryClause:
    """The wording of that hash."""
    return _parsed(files.get(act.session, sha256))


def views(act: Act, clause_id: str | None = None) -> Iterator[LibraryView]:
    """Every clause, or the one of that id if there is one."""
    wanted = select(LibraryClause)
    versions = select(LibraryClauseVersion).order_by(LibraryClauseVersion.number.desc())
    if clause_id is not None:
        wanted = wanted.where(LibraryClause.id == clause_id)
        versions = versions.where(LibraryClauseVersion.clause_id == clause_id)
    names = {one.id: one.name for one in act.session.scalars(select(Person))}
    by_clause: dict[str, list[LibraryClauseVersion]] = {}
    for version in act.session.scalars(versions):
        by_clause.setdefault(version.clause_id, []).append(version)
    stored = {one.id: one for one in act.session.scalars(wanted)}
    for row in stored.values():
        yield _view(act, row, by_clause.get(row.id, []), names)
    for name, clause in shipped().items():
        if name not in stored and clause_id in (None, name):
            yield LibraryView(name, (_shipped_wording(clause),), None, "", "", False)


def _view(act: Act, row: LibraryClause, versions: list[LibraryClauseVersion], names: Mapping[str, str]) -> LibraryView:
    found = tuple(_wording(act, one, names) for one in versions)
    waiting = next((one for one in found if one.state == PROPOSED), None)
    may_decide = waiting is not None and waiting.proposed_by != act.actor.id and "legal" in act.actor.roles
    retired_by = names.get(row.retired_by or "", "")
    return LibraryView(row.id, found, row.retired_at, retired_by, row.retired_reason, may_decide)


def _wording(act: Act, row: LibraryClauseVersion, names: Mapping[str, str]) -> WordingView:
    return WordingView(
        number=row.number,
        sha256=row.sha256,
        clause=wording_of(act, row.sha256),
        state=row.state,
        reason=row.reason,
        owner_name=names.get(row.owner_id or "", ""),
        proposed_by=row.proposed_by or "",
        proposed_by_name=names.get(row.proposed_by or "", ""),
        proposed_at=row.proposed_at if row.proposed_by else None,
        decided_by_name=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
        decision_words=row.decision_words,
    )


def _shipped_wording(clause: rules.LibraryClause) -> WordingView:
    return WordingView(VERSION, clause.sha256, clause, APPROVED, "", "", "", "", None, "", None, "")


@lru_cache(maxsize=512)
def _parsed(canonical: bytes) -> rules.LibraryClause:
    """Wordings never change, so reading one twice may give the same object."""
    return rules.from_canonical(canonical)
