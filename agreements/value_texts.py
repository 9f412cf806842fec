"""Every value in words with its label: the table of values of a version, and what a comparison shows first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agreements.formats import write
from agreements.languages import CHINESE, Lang, Texts
from agreements.templates import Template
from agreements.typed_values import typed
from agreements.variables import Variable, leaves


@dataclass(frozen=True)
class ShownValue:
    """One value: dotted path with row numbers, its label and its text per language."""

    path: str
    label: Texts
    text: Texts


def shown_values(template: Template, values: Mapping[str, Any]) -> tuple[ShownValue, ...]:
    """All given values in the order of the template, lists row by row."""
    return tuple(
        ShownValue(
            path,
            {lang: _label(chain, path, lang) for lang in template.languages},
            {lang: write(typed(chain[-1], value), chain[-1], lang, _format(chain[-1])) for lang in template.languages},
        )
        for path, chain, value in leaves(template.variables, values)
    )


def _format(variable: Variable) -> str | None:
    return "label" if variable.type == "choice" else None


def _label(chain: tuple[Variable, ...], path: str, lang: Lang) -> str:
    """The labels from the outside in, with row numbers from 1: Parties 2 · Legal name."""
    rows = iter([int(part) + 1 for part in path.split(".") if part.isdigit()])
    pieces: list[str] = []
    inside_list = False
    for variable in chain:
        if inside_list:  # the row itself has the label of its list
            inside_list = False
            continue
        text = variable.label.get(lang, variable.name)
        if variable.type == "list":
            inside_list = True
            text += f"{'' if lang == CHINESE else ' '}{next(rows)}"
        pieces.append(text)
    return " · ".join(pieces)
