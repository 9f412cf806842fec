"""What is left to do before a draft can become a version and be frozen: fields that need a value or another one, and
translations that fell behind. Each item names its field, so that a page can lead there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.clause_choices import ClauseChoice
from agreements.field_labels import LANGUAGE_NAMES, SEPARATOR, full_label
from agreements.fields import examine
from agreements.languages import Lang, choose
from agreements.problems import FieldProblem
from agreements.templates import Template
from agreements.translations import CLAUSE, Pairs, Stale, stale, texts_of

MISSING = "missing"
WRONG = "wrong"
STALE = "stale"
NEEDED = frozenset({"field.required", "field.too_few_rows"})


@dataclass(frozen=True, slots=True)
class Left:
    """One thing left. `kind`: missing, wrong or stale; `group`: the section of the form, "" for a clause.

    `problem` for the first two, `stale` for the last: a translation at `path` in the language it names.
    """

    kind: str
    path: str
    label: str
    group: str
    problem: FieldProblem | None = None
    stale: Stale | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """Everything left, in the order of the form, and what is permitted but worth a second look."""

    left: tuple[Left, ...]
    warnings: tuple[FieldProblem, ...]

    def count(self, *kinds: str, group: str | None = None) -> int:
        """How many of these kinds are left, in the whole form or in one section."""
        return sum(1 for one in self.left if one.kind in kinds and group in (None, one.group))


def completeness(
    template: Template,
    raw: Mapping[str, Any],
    choices: Sequence[ClauseChoice],
    pairs: Pairs,
    *,
    today: date,
    lang: Lang,
) -> Completeness:
    """What is left in a draft, with labels in `lang`; `raw` may be unfinished and wrong."""
    groups = {one.name: one.group for one in template.variables}
    _, problems, warnings = examine(template, raw, today)
    found = [
        Left(
            MISSING if one.code in NEEDED else WRONG,
            one.path,
            choose(one.label, lang),
            groups.get(one.path.split(".")[0], ""),
            problem=one,
        )
        for one in problems
    ]
    for one in stale(pairs, texts_of(template, raw, tuple(choices))):
        found.append(Left(STALE, one.path, _label(template, one, lang), _group(groups, one.path), stale=one))
    order = {group.id: place for place, group in enumerate(template.groups)}
    return Completeness(tuple(sorted(found, key=lambda one: order.get(one.group, len(order)))), warnings)


def _group(groups: Mapping[str, str], path: str) -> str:
    return "" if path.startswith(CLAUSE) else groups.get(path.split(".")[0], "")


def _label(template: Template, one: Stale, lang: Lang) -> str:
    if one.path.startswith(CLAUSE):
        clause_id = one.path.removeprefix(CLAUSE)
        title = next((clause.title() for clause in template.clauses if clause.id == clause_id), {})
        label = choose(title, lang) or clause_id
    else:
        label = full_label(template.variables, one.path, (lang,))[lang]
    return SEPARATOR.join((label, LANGUAGE_NAMES[one.lang]))
