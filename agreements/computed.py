"""Values nobody types: numbers of clauses, the list of binding clauses, roles and short names of parties, end dates.

They stand beside the drafter's values when the texts are written, and are not stored as values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agreements.clauses import Clause
from agreements.errors import ExpressionInvalid
from agreements.expression_values import evaluate, holds
from agreements.formats import join
from agreements.languages import CHINESE, Lang
from agreements.numerals import article, party_role
from agreements.variables import Variable

if TYPE_CHECKING:
    from agreements.templates import Template


def clause_variables(template: Template) -> tuple[Variable, ...]:
    """What texts may say of the tree of clauses: {{clause.<id>}}, {{binding_clauses}}, {{non_binding_clauses}}."""
    ids = tuple(Variable(one.id, "text", one.title(), localized=True, computed=True) for one in template.clauses)
    return (
        Variable("clause", "record", {}, fields=ids, computed=True),
        Variable("binding_clauses", "text", {}, localized=True, computed=True),
        Variable("non_binding_clauses", "text", {}, localized=True, computed=True),
    )


def standing(template: Template, typed: Mapping[str, Any]) -> tuple[Clause, ...]:
    """The clauses whose condition holds, in order; their position gives their number."""
    return tuple(one for one in template.clauses if one.when is None or holds(one.when, typed))


def binding(template: Template, clause: Clause) -> bool:
    """Whether the clause binds; "inherit" takes the template's default."""
    return template.binding_default if clause.binding == "inherit" else clause.binding == "yes"


def computed_expressions(template: Template, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The template's own computed values; one that needs an absent value is absent."""
    found: dict[str, Any] = {}
    for one in template.computed:
        value = computed_value(one, {**typed, **found})
        if value is not None:
            found[one.name] = value
    return found


def computed_value(variable: Variable, typed: Mapping[str, Any]) -> object | None:
    """One computed value of a template; None when it needs an absent value. Raises ExpressionInvalid."""
    value = evaluate(variable.value, typed) if variable.value is not None else None
    return None if value is None else _as_declared(variable, value)


def _as_declared(variable: Variable, value: object) -> object:
    """The value itself, which must be of the type that the template states for it."""
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    kind = "yes_no" if isinstance(value, bool) else "date" if isinstance(value, date) else "number" if number else ""
    if kind != variable.type and variable.value is not None:
        reason = f"what comes out is not of the type {variable.type}"
        raise ExpressionInvalid(expression=variable.value.text, at=1, reason=reason)
    return value


def clause_values(template: Template, clauses: Sequence[Clause]) -> dict[str, Any]:
    """Numbers of the standing clauses and the two lists of them, per language."""
    numbers = {
        clause.id: {lang: article(position, lang) for lang in template.languages}
        for position, clause in enumerate(clauses, start=1)
    }
    values: dict[str, Any] = {"clause": numbers}
    for name, wanted in (("binding_clauses", True), ("non_binding_clauses", False)):
        chosen = [clause for clause in clauses if binding(template, clause) is wanted]
        if chosen:
            values[name] = {lang: _listed(chosen, numbers, lang) for lang in template.languages}
    return values


def _listed(clauses: Sequence[Clause], numbers: Mapping[str, Mapping[Lang, str]], lang: Lang) -> str:
    if lang == CHINESE:
        return join([f"{numbers[one.id][lang]}（{one.texts[lang].title}）" for one in clauses], lang)
    return join([f"{numbers[one.id][lang]} ({one.texts[lang].title})" for one in clauses], lang)


def with_roles(parties: Sequence[Mapping[str, Any]], languages: Sequence[Lang]) -> list[dict[str, Any]]:
    """The parties with what the texts call them: 甲方 / Party A, 乙方 / Party B …"""
    return [
        {**party, "role": {lang: party_role(index)[lang] for lang in languages}} for index, party in enumerate(parties)
    ]
