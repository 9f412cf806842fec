"""Changing the clauses of a draft: taking another wording, writing one's own, adding, going back to the standard.

Each change gives the new choices or is refused by name with the old ones untouched; the clauses that speak of a changed
one stay right. Who may change what is decided here too, by the lock of the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from agreements.clause_choices import CUSTOM, MAX_CHOICES, VARIANT, ClauseChoice, Deviation, check_choice, with_choices
from agreements.clause_errors import ClauseLocked, ClauseNeeded, ClauseUnknown, TooManyClauses
from agreements.clauses import Clause
from agreements.languages import Texts
from agreements.package_files import Mistakes
from agreements.template_checks import check_clause

if TYPE_CHECKING:
    from agreements.templates import Template

LEGAL = "legal"
PARTNER = "partner"

#: Lock of a clause → who may change its wording in a draft.
MAY_CHANGE: Mapping[str, frozenset[str]] = {
    "none": frozenset({LEGAL, PARTNER}),
    "legal": frozenset({LEGAL}),
    "fixed": frozenset(),
}


def require_change(template: Template, choices: Sequence[ClauseChoice], clause_id: str, by: str) -> Clause:
    """The clause as it stands now; raises ClauseUnknown, and ClauseLocked when `by` may not change it."""
    clause = find(with_choices(template, choices), clause_id)
    if by not in MAY_CHANGE[clause.lock]:
        raise ClauseLocked(clause=clause_id)
    return clause


def find(template: Template, clause_id: str) -> Clause:
    """The clause of that id; raises ClauseUnknown."""
    for clause in template.clauses:
        if clause.id == clause_id:
            return clause
    raise ClauseUnknown(clause=clause_id)


def standard_sources(template: Template, clause_id: str) -> Texts:
    """The template's own wording as one edits it; {} for a clause that it does not have."""
    own = next((one for one in template.clauses if one.id == clause_id), None)
    return {lang: text.source.strip() for lang, text in own.texts.items()} if own is not None else {}


def put(template: Template, choices: Sequence[ClauseChoice], choice: ClauseChoice) -> tuple[ClauseChoice, ...]:
    """The choices with this one, in place of an older one for the same clause.

    Raises what `check_choice` does, TooManyClauses, and ClauseNeeded when another chosen clause would be wrong.
    """
    others = [one for one in choices if one.clause_id != choice.clause_id]
    if len(others) >= MAX_CHOICES:
        raise TooManyClauses(most=MAX_CHOICES)
    check_choice(template, choice, others)
    found = tuple(choice if one.clause_id == choice.clause_id else one for one in choices)
    found = found if choice in found else (*found, choice)
    _require_all_right(template, found, choice.clause_id)
    return found


def take_back(template: Template, choices: Sequence[ClauseChoice], clause_id: str) -> tuple[ClauseChoice, ...]:
    """The choices without this one: the standard wording stands again, an added clause is gone.

    What was added after a clause that is gone stands after the one before it. Raises ClauseUnknown when nothing was
    chosen there, and ClauseNeeded when another chosen clause speaks of the one that would be gone.
    """
    gone = next((one for one in choices if one.clause_id == clause_id), None)
    if gone is None:
        raise ClauseUnknown(clause=clause_id)
    found = tuple(
        replace(one, after=gone.after) if gone.added and one.after == clause_id else one
        for one in choices
        if one is not gone
    )
    _require_all_right(template, found, clause_id)
    return found


def free_id(template: Template, choices: Iterable[ClauseChoice], wanted: str = "added") -> str:
    """An id for a clause to add: `wanted` itself, or with the first number that is free."""
    taken = {one.id for one in template.clauses} | {one.clause_id for one in choices}
    tries = (wanted if number == 1 else f"{wanted[:36]}_{number}" for number in count(1))
    return next(one for one in tries if one not in taken)


def _require_all_right(template: Template, choices: Sequence[ClauseChoice], changed: str) -> None:
    whole = with_choices(template, choices)
    known = {one.id: one for one in whole.clauses}
    for choice in choices:
        mistakes = Mistakes()
        if choice.clause_id in known:
            check_clause(whole, known[choice.clause_id], mistakes)
        if mistakes.found and choice.clause_id != changed:
            raise ClauseNeeded(changed, choice.clause_id, tuple(mistakes.found))


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an agreement departs from its template. `clauses`: how many it has in all."""

    clauses: int
    variants: int
    own_words: int
    added: int

    @property
    def deviating(self) -> int:
        """How many clauses are not standard."""
        return self.variants + self.own_words + self.added


def tally(deviations: Iterable[ClauseChoice | Deviation], clauses: int) -> Tally:
    """Count the deviations; one that was added counts as added, wherever its wording is from."""
    kinds = [one.kind if one.after is None else "added" for one in deviations]
    return Tally(clauses, kinds.count(VARIANT), kinds.count(CUSTOM), kinds.count("added"))


def outside_playbook(deviations: Iterable[ClauseChoice | Deviation]) -> tuple[str, ...]:
    """The ids of the clauses whose wording nobody approved for general use.

    A route that asks for one more approver where the playbook was left can look at this; a variant from the clause
    library was approved there.
    """
    return tuple(one.clause_id for one in deviations if one.kind == CUSTOM)
