"""The typed variables of a template: what a drafter is asked, in which shape, under which condition.

Only the data and how to find a variable by its path. Reading them from a package is variable_reading.py, checking
values is fields.py, writing values into texts is formats.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agreements.expressions import Expression
from agreements.languages import Texts

TYPES = (
    "text",
    "paragraph",
    "date",
    "number",
    "money",
    "duration",
    "choice",
    "yes_no",
    "list",
    "record",
    "party",
    "person",
    "address",
    "identifier",
)
LEAF_TYPES = ("text", "paragraph", "date", "number", "money", "duration", "choice", "yes_no", "identifier")
FORMS = ("free", "email", "phone", "zone", "country", "agreement_number")


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted value; `text` is what a clause says for it (the label when not given)."""

    value: str
    label: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value may be. Texts: `most` characters. Numbers, durations: `least` to `most`. Lists: rows."""

    least: int | None = None
    most: int | None = None
    decimals: int = 0
    units: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variable:
    """One question to the drafter.

    `localized`: one text per language of the agreement. `form`: a closed set of text shapes (FORMS) instead of
    patterns, because a pattern from an uploaded template could be made to run for ever. `fields`: parts of a record.
    `item`: what a list holds. `computed`: never asked; by the expression `value` when the template states one.
    `personal`: data about a natural person. `some_languages`: a localized text that need not be there in each of them.
    """

    name: str
    type: str
    label: Texts
    help: Texts = field(default_factory=dict)
    required: bool = True
    default: Any = None
    when: Expression | None = None
    value: Expression | None = None
    personal: bool = False
    localized: bool = False
    some_languages: bool = False
    computed: bool = False
    group: str = ""
    form: str = "free"
    limits: Limits = Limits()
    choices: tuple[Choice, ...] = ()
    fields: tuple[Variable, ...] = ()
    item: Variable | None = None

    @property
    def composite(self) -> bool:
        """Whether the value is a record of named parts."""
        return self.type in ("record", "party", "person", "address")

    def asked(self) -> tuple[Variable, ...]:
        """The parts of a record that a person fills in."""
        return tuple(part for part in self.fields if not part.computed)


def find(variables: Sequence[Variable], path: Sequence[str]) -> Variable | None:
    """The variable at a dotted path without row numbers; goes through lists. None when there is none."""
    if not path:
        return None
    here = next((one for one in variables if one.name == path[0]), None)
    if here is None or len(path) == 1:
        return here
    if here.type == "list" and here.item is not None:
        here = here.item
    if here.type == "money" and path[1:] in (("amount",), ["amount"]):
        return Variable("amount", "number", here.label)
    if here.type in ("money", "duration") and path[1] in ("amount", "currency", "count", "unit") and len(path) == 2:
        return Variable(path[1], "number" if path[1] in ("amount", "count") else "text", here.label)
    return find(here.fields, path[1:])


def leaves(variables: Sequence[Variable], values: Mapping[str, Any]) -> Iterator[tuple[str, Variable, Any]]:
    """Every given value that is not a record or list: (path with row numbers, its variable, value)."""
    for one in variables:
        if values.get(one.name) is not None:
            yield from _leaves_of(one, values[one.name], one.name)


def lists_of(
    variables: Sequence[Variable], values: Mapping[str, Any], item_type: str, before: str = ""
) -> Iterator[tuple[str, Sequence[Any]]]:
    """Every given list whose rows are of one type, at any depth: (path with row numbers, rows)."""
    for one in variables:
        value, path = values.get(one.name), f"{before}{one.name}"
        if value is None:
            continue
        if one.type == "list" and one.item is not None:
            if one.item.type == item_type:
                yield path, value
            for index, row in enumerate(value if one.item.composite else ()):
                yield from lists_of(one.item.fields, row, item_type, f"{path}.{index}.")
        elif one.composite:
            yield from lists_of(one.fields, value, item_type, f"{path}.")


def _leaves_of(variable: Variable, value: Any, path: str) -> Iterator[tuple[str, Variable, Any]]:
    if variable.type == "list" and variable.item is not None:
        for index, row in enumerate(value):
            yield from _leaves_of(variable.item, row, f"{path}.{index}")
    elif variable.composite:
        for part in variable.fields:
            if value.get(part.name) is not None:
                yield from _leaves_of(part, value[part.name], f"{path}.{part.name}")
    else:
        yield path, variable, value
