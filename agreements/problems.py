"""Findings that are collected, not raised one by one: mistakes in a template package and problems in filled-in values.

Each carries a stable code, a translatable message with parameters, and the exact place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agreements.errors import N_, AgreementError
from agreements.languages import Texts, choose

Translate = Callable[[str], str]


def in_english(message: str) -> str:
    """The translation into English: messages are written in it."""
    return message


@dataclass(frozen=True)
class Words:
    """Words inside a message, kept apart from it so that both reach the reader in one language.

    Either a message with its own parameters, or `texts` that are there in several languages already.
    """

    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    texts: Texts = field(default_factory=dict)

    def __str__(self) -> str:
        return self.worded("en", in_english)

    def worded(self, lang: str, translate: Translate) -> str:
        """The words in a language."""
        return choose(self.texts, lang) if self.texts else worded(self.message, self.params, lang, translate)


def worded(message: str, params: Mapping[str, object], lang: str, translate: Translate) -> str:
    """A message with its parameters in place, all in one language."""
    if not params:
        return translate(message)  # a reason may hold braces of its own
    told = {
        name: value.worded(lang, translate) if isinstance(value, Words) else value for name, value in params.items()
    }
    return translate(message).format(**told)


def words_of(error: AgreementError) -> Words:
    """An error as words inside a message. Its `reason` is a message of its own, not a value."""
    return Words(error.message, {key: Words(str(one)) if key == "reason" else one for key, one in error.params.items()})


@dataclass(frozen=True)
class TemplateProblem:
    """One mistake in a template package. `line` counts from 1; None when the file has no such line."""

    file: str
    line: int | None
    place: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def words(self, lang: str = "en", translate: Translate = in_english) -> str:
        """What is wrong, without the place."""
        return worded(self.message, self.params, lang, translate)

    @property
    def text(self) -> str:
        """The mistake in English, with file, line and place in front."""
        where = self.file + (f", line {self.line}" if self.line else "") + (f", {self.place}" if self.place else "")
        return f"{where}: {self.words()}"


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

    @property
    def inside(self) -> Words:
        """The same as words inside another message."""
        words = Words(self.message, self.params, self.own_words)
        return Words(N_("{label}: {words}"), {"label": Words("", {}, self.label), "words": words})
