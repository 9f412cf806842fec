"""Every value in words with its label: the table of values of a version, and what a comparison shows first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agreements.field_labels import full_label
from agreements.formats import write
from agreements.languages import Texts
from agreements.templates import Template
from agreements.typed_values import typed
from agreements.variables import Variable, leaves


@dataclass(frozen=True)
class ShownValue:
    """One value: dotted path with row numbers, its full label and its text per language."""

    path: str
    label: Texts
    text: Texts


def shown_values(template: Template, values: Mapping[str, Any]) -> tuple[ShownValue, ...]:
    """All given values in the order of the template, lists row by row."""
    return tuple(
        ShownValue(
            path,
            full_label(template.variables, path, template.languages),
            {lang: write(typed(variable, value), variable, lang, _format(variable)) for lang in template.languages},
        )
        for path, variable, value in leaves(template.variables, values)
    )


def _format(variable: Variable) -> str | None:
    return "label" if variable.type == "choice" else None
