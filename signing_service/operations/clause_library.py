"""The clause library of the house: wordings are proposed by one person of the legal staff and approved by another.

Reading it is in library_wordings.py; what a wording may be is decided in `agreements.clause_library`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from agreements import clause_library as rules
from agreements.clause_errors import LibraryClauseChanged, OwnLibraryClause
from agreements.shipped_clauses import VERSION, shipped
from agreements.templates import Template
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.clauses import LibraryClauseDecided, LibraryClauseProposed, LibraryClauseRetired
from signing_service.db import files
from signing_service.db.inserts import insert_new
from signing_service.db.models.clause_library import LibraryClause, LibraryClauseVersion
from signing_service.db.models.people import Person
from signing_service.errors import N_, InvalidInput, NotFound
from signing_service.ids import new_id
from signing_service.operations import packages, templates
from signing_service.operations.library_wordings import (
    APPROVED,
    CLAUSE,
    DECLINED,
    PROPOSED,
    WITHDRAWN,
    LibraryView,
    views,
    wording_of,
)
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action

JSON = "application/json"
MAX_WORDS = 1000
VERDICTS = {"approve": APPROVED, "decline": DECLINED}


@query(Action.CLAUSE_LIBRARY_READ)
def list_all(act: Act) -> list[LibraryView]:
    """Every clause, those of one topic together."""
    return sorted(views(act), key=lambda one: (one.shown.clause.topics, one.id))


@query(Action.CLAUSE_LIBRARY_READ)
def read(act: Act, clause_id: str) -> LibraryView:
    """One clause whole; raises `NotFound`."""
    for found in views(act, clause_id):
        return found
    raise NotFound(what=CLAUSE)


@query(Action.CLAUSE_LIBRARY_PROPOSE)
def owners(act: Act) -> list[tuple[str, str]]:
    """Who can answer for a wording: id and name of the legal staff."""
    return _legal_staff(act)


@command(Action.CLAUSE_LIBRARY_PROPOSE)
def propose(act: Act, wording: rules.LibraryClause, reason: str, owner_id: str, after_sha256: str) -> int:
    """Propose a wording; returns its version. A proposal that waited is withdrawn by it.

    `after_sha256`: the newest version of the clause when the form was opened, "" for a new clause. Raises ClauseRefused
    with every mistake, `InvalidInput`, and LibraryClauseChanged when somebody proposed meanwhile or nothing differs.
    """
    require_words(reason, N_("Reason"))
    if owner_id not in dict(_legal_staff(act)):
        raise InvalidInput(field=N_("Owner"), problem=N_("choose one of the legal staff"))
    wording = rules.tidy_clause(wording)
    rules.check(wording, _templates(act, wording.templates), _known(act))
    clause = _locked(act, wording.id, new=after_sha256 == "")
    newest = _newest(act, clause.id)
    if newest is not None:
        if newest.sha256 != after_sha256 or (newest.sha256 == wording.sha256 and clause.retired_at is None):
            raise LibraryClauseChanged()
        if newest.state == PROPOSED:
            newest.state = WITHDRAWN
    files.put(act.session, wording.canonical, JSON)
    number = newest.number + 1 if newest is not None else VERSION
    act.session.add(_version(act, clause.id, number, wording.sha256, PROPOSED, reason.strip(), owner_id))
    proposed = LibraryClauseProposed(clause.id, number, wording.sha256, owner_id, words=reason.strip())
    act.record(Recorded.LIBRARY_CLAUSE_PROPOSED, proposed)
    return number


@command(Action.CLAUSE_LIBRARY_DECIDE)
def decide(act: Act, clause_id: str, sha256: str, verdict: str, words: str = "") -> None:
    """Approve or decline the proposal that was read; an approved one takes the place of the wording in force.

    Raises OwnLibraryClause, LibraryClauseChanged when `sha256` is not what waits, and ClauseRefused when a template it
    names has changed so that it fits no more.
    """
    if verdict not in VERDICTS:
        raise InvalidInput(field="verdict", problem=N_("approve or decline"))
    if len(words) > MAX_WORDS:
        raise InvalidInput(field=N_("Your words"), problem=N_("at most 1000 characters"))
    if verdict == "decline":
        require_words(words, N_("Your words"))
    clause = _locked(act, clause_id)
    newest = _newest(act, clause_id)
    if newest is None or newest.state != PROPOSED or newest.sha256 != sha256:
        raise LibraryClauseChanged()
    if newest.proposed_by == act.actor.id:
        raise OwnLibraryClause()
    if verdict == "approve":
        wording = wording_of(act, sha256)
        rules.check(wording, _templates(act, wording.templates), _known(act))
        clause.retired_at = clause.retired_by = None
        clause.retired_reason = ""
    newest.state = VERDICTS[verdict]
    newest.decided_by, newest.decided_at, newest.decision_words = act.actor.id, act.now, words.strip()
    recorded = Recorded.LIBRARY_CLAUSE_APPROVED if verdict == "approve" else Recorded.LIBRARY_CLAUSE_DECLINED
    decided = LibraryClauseDecided(clause_id, newest.number, sha256, newest.proposed_by or "", words=words.strip())
    act.record(recorded, decided)


@command(Action.CLAUSE_LIBRARY_PROPOSE)
def retire(act: Act, clause_id: str, sha256: str, reason: str) -> None:
    """Offer a clause no more. Agreements that have it keep it; approving a new version brings it back.

    Raises LibraryClauseChanged when `sha256` is not the wording in force or the clause is retired already.
    """
    require_words(reason, N_("Reason"))
    clause = _locked(act, clause_id)
    current = _newest(act, clause_id, APPROVED)
    if current is None or current.sha256 != sha256 or clause.retired_at is not None:
        raise LibraryClauseChanged()
    clause.retired_at, clause.retired_by, clause.retired_reason = act.now, act.actor.id, reason.strip()
    act.record(Recorded.LIBRARY_CLAUSE_RETIRED, LibraryClauseRetired(clause_id, current.number, words=reason.strip()))


def require_words(words: str, field: str) -> None:
    """Raise `InvalidInput` unless something is said, at the length that is kept."""
    if not words.strip():
        raise InvalidInput(field=field, problem=N_("say why; it is kept with the wording"))
    if len(words) > MAX_WORDS:
        raise InvalidInput(field=field, problem=N_("at most 1000 characters"))


def _legal_staff(act: Act) -> list[tuple[str, str]]:
    people = act.session.scalars(select(Person).where(Person.active).order_by(Person.name))
    return [(one.id, one.name) for one in people if "legal" in one.roles]


def _known(act: Act) -> set[str]:
    return {*shipped(), *act.session.scalars(select(LibraryClause.id))}


def _templates(act: Act, names: Iterable[str]) -> Mapping[str, Template]:
    """The templates of these names as they are offered now, without those that are not."""
    offered = templates.offered(act)
    return {name: packages.template(act, offered[name]) for name in names if name in offered}


def _locked(act: Act, clause_id: str, *, new: bool = False) -> LibraryClause:
    """The clause taken for writing, so that two people queue; one that comes with the software gets its rows here.

    Raises `NotFound`, and `InvalidInput` when a new clause takes a name that is taken.
    """
    own = shipped().get(clause_id)
    row = act.session.get(LibraryClause, clause_id, with_for_update=True)
    if new and (row is not None or own is not None):
        raise InvalidInput(field=N_("Short name"), problem=N_("this name belongs to another clause already"))
    if row is not None:
        return row
    if not new and own is None:
        raise NotFound(what=CLAUSE)
    fresh = {"id": clause_id, "created_at": act.now, "retired_reason": ""}
    insert_new(act.session, LibraryClause, [fresh])
    row = act.session.get_one(LibraryClause, clause_id, with_for_update=True)
    versions = select(LibraryClauseVersion.id).where(LibraryClauseVersion.clause_id == clause_id)
    if act.session.scalar(versions.limit(1)) is not None:  # somebody was faster by less than one transaction
        raise LibraryClauseChanged()
    if own is not None:
        files.put(act.session, own.canonical, JSON)
        act.session.add(_version(act, clause_id, VERSION, own.sha256, APPROVED))
        act.session.flush()
    return row


def _version(
    act: Act, clause_id: str, number: int, sha256: str, state: str, reason: str = "", owner_id: str | None = None
) -> LibraryClauseVersion:
    return LibraryClauseVersion(
        id=new_id("lcv"),
        clause_id=clause_id,
        number=number,
        sha256=sha256,
        state=state,
        reason=reason,
        owner_id=owner_id,
        proposed_by=act.actor.id if state == PROPOSED else None,
        proposed_at=act.now,
        decision_words="",
    )


def _newest(act: Act, clause_id: str, state: str | None = None) -> LibraryClauseVersion | None:
    found = select(LibraryClauseVersion).where(LibraryClauseVersion.clause_id == clause_id)
    if state is not None:
        found = found.where(LibraryClauseVersion.state == state)
    return act.session.scalar(found.order_by(LibraryClauseVersion.number.desc()).limit(1))
