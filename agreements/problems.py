"""Findings that are collected, not raised one by one: mistakes in a template package and problems in filled-in values.

Each carries a stable code, a translatable message with parameters, and the exact place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agreements.languages import Texts, choose


@dataclass(frozen=True)
class TemplateProblem:
    """One mistake in a template package. `line` counts from 1; None when the file has no such line."""

    file: str
    line: int | None
    place: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The mistake in English, with file, line and place in front."""
        where = self.file + (f", line {self.line}" if self.line else "") + (f", {self.place}" if self.place else "")
        return f"{where}: {self.message.format(**self.params)}"


@dataclass(frozen=True)
class FieldProblem:
    """One problem with one value. `path` is the dotted form name, e.g. "parties.0.legal_name.en".

    `message` is an English msgid to be formatted with `params`. A rule written in a template brings its own words per
    language in `own_words`; they win over `message`.
    """

    path: str
    code: str
    message: str
    params: Mapping[str, object]
    label: Texts
    own_words: Texts = field(default_factory=dict)

    def words(self, lang: str, translated: str | None = None) -> str:
        """What is wrong and what would be right. `translated`: the msgid in the reader's language, if there is one."""
        if self.own_words:
            return choose(self.own_words, lang)
        return (translated or self.message).format(**self.params)

    @property
    def text(self) -> str:
        """The problem in English with the field's label in front."""
        return f"{choose(self.label, 'en')}: {self.words('en')}"
