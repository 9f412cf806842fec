"""What crosses the border of the limited process, as JSON: packages, mistakes with the words inside them, comparisons.

The way back checks shapes only as far as a wrong one could do harm: both sides are ours, but the child has read what is
foreign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from agreements.problems import TemplateProblem, Words
from agreements.redlines import ClauseChange, Run
from agreements.template_changes import PartChange, TemplateChanges

MOST_CHARACTERS = 600


def problem_to_plain(problem: TemplateProblem) -> dict[str, Any]:
    """A mistake as JSON; values of a package are shortened."""
    return {
        "file": problem.file,
        "line": problem.line,
        "place": _shortened(problem.place),
        "message": problem.message,
        "params": _params_to_plain(problem.params),
    }


def problem_from_plain(data: Mapping[str, Any]) -> TemplateProblem:
    """The mistake back."""
    return TemplateProblem(**{**data, "params": _params_from_plain(data["params"])})


def changes_to_plain(changes: TemplateChanges) -> dict[str, Any]:
    """A comparison as JSON."""
    return asdict(changes)


def changes_from_plain(data: Mapping[str, Any]) -> TemplateChanges:
    """The comparison back."""
    return TemplateChanges(
        tuple(PartChange(**one) for one in data["parts"]), tuple(_clause(one) for one in data["clauses"])
    )


def _clause(data: Mapping[str, Any]) -> ClauseChange:
    paragraphs = tuple(_runs(one) for one in data["paragraphs"])
    titles, labels = _runs(data["title_runs"]), tuple(data["labels"])
    return ClauseChange(**{**data, "title_runs": titles, "paragraphs": paragraphs, "labels": labels})


def _runs(data: Mapping[str, Any]) -> dict[str, tuple[Run, ...]]:
    return {lang: tuple(Run(**one) for one in runs) for lang, runs in data.items()}


def _params_to_plain(params: Mapping[str, object]) -> dict[str, Any]:
    return {name: _value_to_plain(value) for name, value in params.items()}


def _value_to_plain(value: object) -> Any:
    if isinstance(value, Words):
        texts = {lang: _shortened(text) for lang, text in value.texts.items()}
        return {"message": value.message, "params": _params_to_plain(value.params), "texts": texts}
    return value if isinstance(value, int) else _shortened(str(value))


def _params_from_plain(data: Mapping[str, Any]) -> dict[str, object]:
    return {name: _value_from_plain(value) for name, value in data.items()}


def _value_from_plain(value: Any) -> object:
    if isinstance(value, Mapping):
        return Words(value["message"], _params_from_plain(value["params"]), value["texts"])
    return value


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"
