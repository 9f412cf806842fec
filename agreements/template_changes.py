"""A template as a reader sees it before any value is filled in, and what changed from one template to another.

Whoever publishes a template must not miss a change. So clause texts are compared word by word, and everything else that
stands in template.yaml or in a sample is compared key by key, without choosing which keys matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from agreements.clause_sources import part_source
from agreements.clause_texts import Paragraph, TextNode, WhenBlock, Written
from agreements.clauses import Clause, ResolvedClause
from agreements.languages import Lang
from agreements.package_files import Mistakes, Package
from agreements.package_yaml import read_yaml
from agreements.redlines import ClauseChange, compare_clauses
from agreements.templates import Template

ITEM = "–"
_NAMES = ("id", "name", "value")
_UNCOMPARED = ("version",)


@dataclass(frozen=True, slots=True)
class PartChange:
    """One thing of template.yaml or a sample that differs: `variables[fee].label.en`. None where it is not there."""

    file: str
    place: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class TemplateChanges:
    """The whole comparison. `clauses` are in the order of the new template, a removed one stands where it stood."""

    parts: tuple[PartChange, ...]
    clauses: tuple[ClauseChange, ...]


def compare(old: Template, new: Template) -> TemplateChanges:
    """What is different in `new`; a language that only one of them has counts as put in or taken out."""
    languages = tuple(dict.fromkeys((*new.languages, *old.languages)))
    clauses = compare_clauses(as_written(old, languages), as_written(new, languages), languages)
    return TemplateChanges(tuple(_parts(old.package, new.package)), clauses)


def as_written(template: Template, languages: Sequence[Lang] | None = None) -> tuple[ResolvedClause, ...]:
    """Every clause as its author wrote it: references and conditions stand in the text, one row per paragraph.

    A language of `languages` that the template does not have gets empty texts.
    """
    wanted = template.languages if languages is None else tuple(languages)
    return tuple(
        _written_clause(clause, number, template.binding_default, wanted)
        for number, clause in enumerate(template.clauses, start=1)
    )


def _written_clause(clause: Clause, number: int, default: bool, languages: Sequence[Lang]) -> ResolvedClause:
    per_language = {lang: list(_rows(clause.texts[lang].body)) if lang in clause.texts else [] for lang in languages}
    rows = list(zip_longest(*per_language.values(), fillvalue=Written("", False)))
    binding = default if clause.binding == "inherit" else clause.binding == "yes"
    title = {lang: clause.texts[lang].title if lang in clause.texts else "" for lang in languages}
    paragraphs = tuple({lang: one.text for lang, one in zip(languages, row, strict=True)} for row in rows)
    labels = tuple({lang: ITEM if one.item else "" for lang, one in zip(languages, row, strict=True)} for row in rows)
    return ResolvedClause(clause.id, number, binding, title, paragraphs, labels)


def _rows(body: Sequence[TextNode]) -> Iterator[Written]:
    for node in body:
        if isinstance(node, Paragraph):
            yield Written("".join(map(part_source, node.parts)), node.item)
            continue
        if isinstance(node, WhenBlock):
            yield Written(f"[when {node.condition.text}]", False)
        else:
            yield Written(f"[each {node.name} in {'.'.join(node.path)}]", False)
        yield from _rows(node.body)
        yield Written("[end]", False)


def _parts(old: Package, new: Package) -> Iterator[PartChange]:
    before, after = _facts(old), _facts(new)
    for file, place in dict.fromkeys((*after, *before)):
        was, now = before.get((file, place)), after.get((file, place))
        if isinstance(was, tuple) and isinstance(now, tuple):  # two orders: only what is in both can have moved
            was, now = (tuple(one for one in side if one in was and one in now) for side in (was, now))
        came_or_went = isinstance(was or now, tuple) and None in (was, now)  # its rows are told one by one
        if was != now and not came_or_went and place not in _UNCOMPARED:
            yield PartChange(file, place, _shown(was), _shown(now))


def _shown(fact: str | tuple[str, ...] | None) -> str | None:
    return ", ".join(fact) if isinstance(fact, tuple) else fact


def _facts(package: Package) -> dict[tuple[str, str], str | tuple[str, ...]]:
    """Every value by file and place; for a list of named things also the order of the names."""
    found: dict[tuple[str, str], str | tuple[str, ...]] = {}
    for file, text in package.texts.items():
        if file.endswith(".yaml"):
            data = read_yaml(file, text, Mistakes())
            found |= {(file, place): fact for place, fact in _flat(data, "", named=file == "template.yaml")}
    return found


def _flat(data: Any, place: str, *, named: bool) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _flat(value, f"{place}.{key}" if place else str(key), named=named)
    elif isinstance(data, list) and any(isinstance(row, Mapping | list) for row in data):
        names = _names(data) if named else None
        if names is not None:
            yield place, names
        for index, row in enumerate(data):
            yield from _flat(row, f"{place}[{names[index] if names else index}]", named=named)
    elif isinstance(data, list):
        yield place, ", ".join(map(_scalar, data))
    else:
        yield place, _scalar(data)


def _names(rows: Sequence[Any]) -> tuple[str, ...] | None:
    """What the rows are called, when each has a name of its own."""
    for key in _NAMES:
        names = [row.get(key) if isinstance(row, Mapping) else None for row in rows]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return tuple(str(name) for name in names)
    return None


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
