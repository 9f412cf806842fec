"""How a draft departs from its template, clause by clause: the deviation view.

Texts are the draft's as it reads now, with the label of a value where none was filled in yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agreements import clause_changes as rules
from agreements import clause_choices, clause_library, translations
from agreements.clause_choices import ClauseChoice
from agreements.clauses import Clause
from agreements.errors import AgreementError
from agreements.languages import Texts
from agreements.outlines import OutlinedClause
from agreements.redlines import ClauseChange
from agreements.templates import Template
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.people import Person
from signing_service.operations import translations as stale_translations
from signing_service.operations.agreements import EDITABLE, AgreementRow, row_of
from signing_service.operations.clauses import whose
from signing_service.operations.draft_readings import DraftReading, change_between, read_draft
from signing_service.operations.library_wordings import in_force
from signing_service.operations.operation import Act, query
from signing_service.permissions import RULES, Action

STANDARD = clause_choices.STANDARD


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause of the draft against the template. `number` is None while its condition does not hold.

    `change`: the redline against the standard wording; None for a standard clause, and when it cannot be written with
    the values there are (`problem` says why). `newer`: the version of the library that took the chosen one's place.
    `wordings`: how many wordings of the library fit.
    """

    id: str
    number: int | None
    title: Texts
    kind: str
    added: bool
    lock: str
    may_change: bool
    origin: str
    newer: int | None
    retired: bool
    reason: str
    by_name: str
    at: datetime | None
    change: ClauseChange | None
    problem: AgreementError | None
    stale: tuple[translations.Stale, ...]
    wordings: int


@dataclass(frozen=True, slots=True)
class DeviationsView:
    """Every clause of a draft. `may_edit`: whether the person who looks may change the draft now."""

    agreement: AgreementRow
    languages: tuple[str, ...]
    tally: rules.Tally
    clauses: tuple[ClauseRow, ...]
    row_version: int
    may_edit: bool


@query(Action.AGREEMENT_READ)
def read(act: Act, agreement_id: str) -> DeviationsView:
    """Every clause in order, with its redline where it is not the template's standard."""
    found = read_draft(act, agreement_id)
    library = in_force(act)
    may_edit = _may_edit(act, found.agreement)
    stale = stale_translations.stale(found.draft, found.template)
    names = {one.id: one.name for one in act.session.scalars(select(Person))}
    clauses = tuple(
        _row(found, one, library, whose(act.actor) if may_edit else "", stale, names) for one in found.now.clauses
    )
    standing = {one.id for one in clauses if one.number}
    tally = rules.tally([one for one in found.choices if one.clause_id in standing], len(standing))
    languages = found.template.languages
    return DeviationsView(row_of(found.agreement), languages, tally, clauses, found.draft.row_version, may_edit)


def _may_edit(act: Act, agreement: Agreement) -> bool:
    return agreement.state in EDITABLE and any(may(act.actor) for may in RULES[Action.DRAFT_EDIT])


def _row(
    found: DraftReading,
    one: OutlinedClause,
    library: tuple[clause_library.Approved, ...],
    by: str,
    stale: tuple[translations.Stale, ...],
    names: Mapping[str, str],
) -> ClauseRow:
    clause, choice = one.clause, found.find(one.clause.id)
    origin, version = clause_library.origin_of(choice.origin if choice else "")
    newest = next((other for other in library if other.clause.id == origin), None)
    change = (
        change_between(found.standard.find(clause.id), one, found.template, clause.id) if choice and one.text else None
    )
    return ClauseRow(
        id=clause.id,
        number=one.text.number if one.text and one.standing else None,
        title=clause.title(),
        kind=choice.kind if choice else STANDARD,
        added=choice is not None and choice.added,
        lock=clause.lock,
        may_change=by in rules.MAY_CHANGE[clause.lock],
        origin=choice.origin if choice else "",
        newer=newest.version if newest and newest.version > version else None,
        retired=bool(origin) and newest is None,
        reason=choice.reason if choice else "",
        by_name=names.get(choice.by, "") if choice else "",
        at=datetime.fromisoformat(choice.at) if choice and choice.at else None,
        change=change,
        problem=one.problem,
        stale=tuple(fell for fell in stale if fell.path == translations.path_of(clause.id)),
        wordings=_wordings(found.template, clause, choice, library),
    )


def _wordings(
    template: Template, clause: Clause, choice: ClauseChoice | None, library: tuple[clause_library.Approved, ...]
) -> int:
    if choice is not None and choice.added:
        return sum(
            clause_library.fits(one.clause, template, None) and clause.id in one.clause.topics for one in library
        )
    return sum(clause_library.fits(one.clause, template, clause.id) for one in library)
