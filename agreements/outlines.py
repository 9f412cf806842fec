"""The clauses of a draft as they would read now, finished or not.

A value that is not there yet stands as its label in brackets. Nothing here is content of a version: what an agreement
says is composed by versions.py, which leaves no gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agreements.clause_choices import ClauseChoice, with_choices
from agreements.clause_texts import Scope
from agreements.clauses import Clause, ResolvedClause, resolve
from agreements.computed import binding
from agreements.errors import AgreementError
from agreements.templates import Template
from agreements.versions import read_with


@dataclass(frozen=True)
class OutlinedClause:
    """One clause of a draft. `standing`: whether its condition holds now; without it it has no number.

    `text` is None when it cannot be written with the values of the draft; `problem` says why.
    """

    clause: Clause
    standing: bool
    text: ResolvedClause | None
    problem: AgreementError | None = None


@dataclass(frozen=True)
class Outline:
    """Every clause in order, standing or not, and what texts may speak of."""

    clauses: tuple[OutlinedClause, ...]
    scope: Scope

    def find(self, clause_id: str) -> OutlinedClause | None:
        """The clause of that id, if there is one."""
        return next((one for one in self.clauses if one.clause.id == clause_id), None)


def outline(
    template: Template, values: Mapping[str, Any], choices: Sequence[ClauseChoice] = (), only: str | None = None
) -> Outline:
    """The draft's clauses, or `only` the one of that id, with the sound part of what was typed (fields.sound_values).

    Raises ExpressionInvalid when a condition of the template itself cannot be decided.
    """
    whole = with_choices(template, choices)
    standing, scope = read_with(whole, values, gaps=True)
    numbers = {clause.id: number for number, clause in enumerate(standing, start=1)}
    wanted = [one for one in whole.clauses if only in (None, one.id)]
    return Outline(tuple(_outlined(whole, one, numbers.get(one.id), scope) for one in wanted), scope)


def _outlined(template: Template, clause: Clause, number: int | None, scope: Scope) -> OutlinedClause:
    try:
        text = resolve(clause, number or 0, binding=binding(template, clause), scope=scope)
    except AgreementError as error:
        return OutlinedClause(clause, number is not None, None, error)
    return OutlinedClause(clause, number is not None, text if number else replace(text, labels=()))
