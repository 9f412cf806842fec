"""Every clause of a draft as it would read now, standing or not, so that one wording can be held against another.

It is written as the preview is, with a gap where a value is missing; but a condition that can never be decided is told
at its clause instead of left out. Nothing here is content of a version: versions.py leaves no gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agreements.clause_choices import ClauseChoice, with_choices
from agreements.clause_texts import Scope, WhenBlock, written_by
from agreements.clauses import Clause, ResolvedClause, labels
from agreements.computed import binding
from agreements.errors import AgreementError
from agreements.expression_values import holds
from agreements.preview import Tolerant, so_far
from agreements.templates import Template


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
    """The draft's clauses, or `only` the one of that id, with what is right so far (fields.sound_values)."""
    whole = with_choices(template, choices)
    standing, scope = so_far(whole, values)
    numbers = {clause.id: number for number, clause in enumerate(standing, start=1)}
    wanted = [one for one in whole.clauses if only in (None, one.id)]
    return Outline(tuple(_outlined(whole, one, numbers.get(one.id), scope) for one in wanted), scope)


def _outlined(template: Template, clause: Clause, number: int | None, scope: Scope) -> OutlinedClause:
    try:
        text = _written(template, clause, number, scope)
    except AgreementError as error:
        return OutlinedClause(clause, number is not None, None, error)
    return OutlinedClause(clause, number is not None, text)


def _written(template: Template, clause: Clause, number: int | None, scope: Scope) -> ResolvedClause:
    writer = _Outspoken(template)
    found = {lang: written_by(writer, text, scope, lang) for lang, text in clause.texts.items()}
    languages, first = tuple(found), next(iter(found.values()))
    rows = zip(*found.values(), strict=True)
    shown = labels(first, number, languages, numbered=clause.numbering == "numbered") if number else ()
    paragraphs = tuple({lang: one.text for lang, one in zip(languages, row, strict=True)} for row in rows)
    return ResolvedClause(clause.id, number or 0, binding(template, clause), clause.title(), paragraphs, shown)


class _Outspoken(Tolerant):
    """Tolerant of what is missing, not of what could never be decided."""

    def stands(self, block: WhenBlock, scope: Scope) -> bool:
        """Whether the condition holds. Raises ExpressionInvalid."""
        return holds(block.condition, scope.values)
