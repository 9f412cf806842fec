"""What one who writes a clause may speak of: the values of the draft by name, with what they say now.

Only names and words for people; whether a text uses them rightly is template_checks.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agreements.clause_texts import Scope
from agreements.computed import clause_variables
from agreements.errors import N_, FormatUnavailable
from agreements.expression_values import look_up
from agreements.formats import formats_of, write
from agreements.languages import Lang, choose
from agreements.preview import whole
from agreements.templates import Template
from agreements.variables import Variable

MAX_SHOWN = 120


@dataclass(frozen=True, slots=True)
class UsableValue:
    """One value: how a text names it, what it is, what it says now ("" when it is not there yet).

    `formats`: other ways to write it, to be named after a bar. A list of records has `parts` instead: it is gone
    through row by row.
    """

    path: str
    label: str
    now: str = ""
    formats: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The values under one heading of the form."""

    title: str
    values: tuple[UsableValue, ...]


CLAUSES = N_("Articles")


def usable(template: Template, scope: Scope, lang: Lang, articles: str = CLAUSES) -> tuple[ValueGroup, ...]:
    """Every value a clause of this draft may name, in the order of the form; numbers of clauses at the end.

    `articles` is the heading of these in the reader's language.
    """
    spoken = lang if lang in template.languages else template.languages[0]
    groups = [
        ValueGroup(
            choose(group.title, lang),
            tuple(_of([one for one in template.variables if one.group == group.id], "", scope, spoken)),
        )
        for group in template.groups
    ]
    computed = (*template.computed, *clause_variables(template))
    groups.append(ValueGroup(articles, tuple(_of(computed, "", scope, spoken))))
    return tuple(group for group in groups if group.values)


def _of(variables: Sequence[Variable], before: str, scope: Scope, lang: Lang) -> Iterator[UsableValue]:
    for one in variables:
        path = before + one.name
        label = choose(one.label, lang) or one.name
        formats = formats_of(one)
        if one.type == "list" and one.item is not None and one.item.fields:
            parts = tuple(part.name for part in one.item.fields if formats_of(part))
            yield UsableValue(path, label, _now(one, path, scope, lang), formats, parts)
        elif one.fields and not formats:
            yield from _of(one.fields, f"{path}.", scope, lang)
        elif formats:
            yield UsableValue(path, label, _now(one, path, scope, lang), formats[1:])


def _now(variable: Variable, path: str, scope: Scope, lang: Lang) -> str:
    value = look_up(scope.values, path.split("."))
    if value == [] or not formats_of(variable) or not whole(variable, value, lang):
        return ""
    try:
        text = write(value, variable, lang)
    except FormatUnavailable:
        return ""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
