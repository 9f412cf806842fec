"""Reads the variables of a template out of its YAML.

Only the shape of each variable by itself; whether names, expressions and texts fit together is template_checks.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agreements.amounts import CURRENCIES
from agreements.durations import UNITS
from agreements.errors import N_
from agreements.identifiers import SCHEMES
from agreements.languages import Lang
from agreements.package_sections import Section
from agreements.party_fields import RECORD_TYPES
from agreements.variables import FORMS, TYPES, Choice, Limits, Variable

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = (
    "clause",
    "binding_clauses",
    "non_binding_clauses",
    "today",
    "and",
    "or",
    "not",
    "in",
    "true",
    "false",
    "none",
)
DEFAULT_LENGTH = {"text": 300, "paragraph": 5000}
MAX_ROWS = 40
MAX_DECIMALS = 6


def read_variables(
    section: Section, key: str, languages: Sequence[Lang], groups: Sequence[str] = ()
) -> tuple[Variable, ...]:
    """The variables of a list of mappings; names are unique among them."""
    found: dict[str, Variable] = {}
    for row in section.sections(key):
        variable = _read(row, languages, groups, named=True)
        if variable.name in found:
            row.wrong("name", N_("The name “{name}” is there twice."), name=variable.name)
        found[variable.name] = variable
        row.finish()
    return tuple(found.values())


def _read(row: Section, languages: Sequence[Lang], groups: Sequence[str], *, named: bool) -> Variable:
    name = row.text("name") if named else "item"
    if named and (not _NAME.fullmatch(name) or name in RESERVED):
        row.wrong("name", N_("A name is small letters, digits and _, and not a word of the language."))
    kind = row.one_of("type", TYPES)
    variable = Variable(
        name or "unnamed",
        kind,
        row.texts("label", languages) if named else {},
        row.texts("help", languages, required=False),
        required=row.flag("required", default=True),
        default=row.anything("default"),
        when=row.expression("when"),
        personal=row.flag("personal", default=False),
        localized=row.flag("localized", default=False),
        group=row.one_of("group", groups) if groups else "",
        form=row.one_of("form", FORMS, "free"),
        limits=_limits(row, kind),
        choices=_choices(row, languages) if kind == "choice" else (),
    )
    if variable.localized and kind not in ("text", "paragraph"):
        row.wrong("localized", N_("Only text and paragraph have one text per language."))
    return _with_parts(row, variable, languages)


def _with_parts(row: Section, variable: Variable, languages: Sequence[Lang]) -> Variable:
    if variable.type in RECORD_TYPES:
        return replace(variable, fields=RECORD_TYPES[variable.type])
    if variable.type == "record":
        return replace(variable, fields=read_variables(row, "fields", languages))
    if variable.type == "list":
        inner = row.section("item")
        item = _read(inner, languages, (), named=False)
        inner.finish()
        if item.type == "list":
            inner.wrong("type", N_("A list cannot hold lists; hold records that have lists."))
        return replace(variable, item=replace(item, label=variable.label))
    return variable


def _limits(row: Section, kind: str) -> Limits:
    least, most = row.number("least"), row.number("most")
    row.within("decimals", 0, MAX_DECIMALS)
    if kind in DEFAULT_LENGTH:
        most = most if most is not None else DEFAULT_LENGTH[kind]
    if kind == "list":
        most = MAX_ROWS if most is None else most
        if most > MAX_ROWS:
            row.wrong("most", N_("A list holds at most {most} rows."), most=MAX_ROWS)
    if least is not None and most is not None and least > most:
        row.wrong("least", N_("The least is more than the most."))
    return Limits(
        least,
        most,
        row.number("decimals", 0) or 0,
        row.words("units", UNITS, UNITS) if kind == "duration" else (),
        row.words("currencies", tuple(CURRENCIES), tuple(CURRENCIES)) if kind == "money" else (),
        row.words("schemes", tuple(SCHEMES), tuple(SCHEMES)) if kind == "identifier" else (),
    )


def _choices(row: Section, languages: Sequence[Lang]) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for one in row.sections("choices"):
        label = one.texts("label", languages)
        value = one.text("value")
        if value in found:
            one.wrong("value", N_("The value “{value}” is there twice."), value=value)
        found[value] = Choice(value, label, one.texts("text", languages, required=False) or label)
        one.finish()
    if not found:
        row.wrong("choices", N_("At least one choice is needed."))
    return tuple(found.values())
