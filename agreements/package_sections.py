"""Reads typed keys out of the YAML of a package; every wrong, missing or unknown key is noted with its place.

Each method returns a harmless stand-in after a mistake, so that one reading finds all mistakes of a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agreements.errors import N_, ExpressionInvalid
from agreements.expressions import Expression, parse
from agreements.languages import Lang, Texts
from agreements.package_files import Mistakes
from agreements.problems import words_of

MAX_ROWS = 200
_ABSENT = object()


class Section:
    """One mapping of a file. Call `finish` at the end: it reports the keys nobody asked for."""

    def __init__(self, value: Any, file: str, place: str, mistakes: Mistakes) -> None:
        self.file = file
        self.place = place
        self.mistakes = mistakes
        self._asked: set[str] = set()
        if not isinstance(value, dict):
            self.wrong(None, N_("A mapping of keys is expected here."))
            value = {}
        self._value: dict[Any, Any] = value

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def at(self, key: str | None) -> str:
        """The place of a key of this section."""
        if key is None:
            return self.place
        return f"{self.place}.{key}" if self.place else key

    def wrong(self, key: str | None, message: str, **params: object) -> None:
        """Note a mistake at a key of this section (None: at the section itself)."""
        self.mistakes.add(self.file, self.at(key), message, None, **params)

    def _take(self, key: str, kind: type | tuple[type, ...], message: str, default: Any) -> Any:
        self._asked.add(key)
        value = self._value.get(key, _ABSENT)
        if value is _ABSENT or value is None:
            if default is _ABSENT:
                self.wrong(key, N_("This key is required."))
                return None
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and bool not in _as_tuple(kind)):
            self.wrong(key, message)
            return None if default is _ABSENT else default
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required when there is no default."""
        value = self._take(key, str, N_("A text is expected here; put it in quotation marks."), _or_absent(default))
        return value.strip() if isinstance(value, str) else ""

    def number(self, key: str, default: int | None = None) -> int | None:
        """A whole number, optional."""
        value = self._take(key, int, N_("A whole number is expected here."), default)
        return value if isinstance(value, int) else default

    def within(self, key: str, least: int, most: int) -> None:
        """Note a whole number that is outside its bounds."""
        value = self._value.get(key)
        if isinstance(value, int) and value < least:
            self.wrong(key, N_("The least is {least}."), least=least)
        elif isinstance(value, int) and value > most:
            self.wrong(key, N_("The most is {most}."), most=most)

    def flag(self, key: str, *, default: bool) -> bool:
        """yes or no."""
        return bool(self._take(key, bool, N_("Write yes or no."), default))

    def one_of(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of a closed set of words; YAML's yes and no count as the words."""
        self._asked.add(key)
        value = self._value.get(key, default)
        value = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        if value not in allowed:
            self.wrong(key, N_("“{value}” is not one of: {allowed}."), value=value, allowed=", ".join(allowed))
            return default or allowed[0]
        return str(value)

    def words(self, key: str, allowed: Sequence[str] | None = None, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of words, each of a closed set when one is given."""
        value = self._take(key, list, N_("A list is expected here."), list(default))
        found = []
        for index, word in enumerate(value or ()):
            if not isinstance(word, str) or (allowed is not None and word not in allowed):
                self.wrong(f"{key}[{index}]", N_("“{value}” is not known here."), value=word)
            else:
                found.append(word)
        return tuple(found)

    def texts(self, key: str, languages: Sequence[Lang], *, required: bool = True) -> Texts:
        """One text per language; all of `languages`, or none when not required."""
        if not required and key not in self._value:
            return {}
        inner = self.section(key)
        texts = {lang: inner.text(lang) for lang in languages}
        inner.finish()
        return texts

    def section(self, key: str) -> Section:
        """An inner mapping, required."""
        self._asked.add(key)
        return Section(self._value.get(key), self.file, self.at(key), self.mistakes)

    def sections(self, key: str, *, required: bool = True) -> list[Section]:
        """A list of mappings."""
        rows = self._take(key, list, N_("A list is expected here."), _ABSENT if required else [])
        if len(rows or ()) > MAX_ROWS:
            message = N_("Give at most {most} entries; there are {count}.")
            self.wrong(key, message, most=MAX_ROWS, count=len(rows))
            rows = rows[:MAX_ROWS]
        return [Section(row, self.file, f"{self.at(key)}[{i}]", self.mistakes) for i, row in enumerate(rows or ())]

    def expression(self, key: str, *, required: bool = False) -> Expression | None:
        """An expression of the closed language."""
        text = self.text(key, None if required else "")
        if not text:
            return None
        try:
            return parse(text)
        except ExpressionInvalid as error:
            self.wrong(key, N_("{expression_error}"), expression_error=words_of(error))
            return None

    def anything(self, key: str) -> Any:
        """The raw data of a key; None when absent."""
        self._asked.add(key)
        return self._value.get(key)

    def finish(self) -> None:
        """Report every key that was not asked for."""
        for key in self._value:
            if key not in self._asked:
                self.wrong(str(key), N_("This key is not known here."))


def _or_absent(default: Any) -> Any:
    return _ABSENT if default is None else default


def _as_tuple(kind: type | tuple[type, ...]) -> tuple[type, ...]:
    return kind if isinstance(kind, tuple) else (kind,)
