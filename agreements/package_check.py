"""Checks template packages as their authors need it: read, every sample filled in, composed and set as a PDF.

A mistake names the file, the line and the place. Reading a package is templates.py; what only a sample shows (a wrong
value, a value that a text lacks, a character that no type face has) is found here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from agreements.errors import N_, AgreementError, ExpressionInvalid, InvalidFields, TemplateInvalid, ValueMissing
from agreements.expressions import Expression
from agreements.fields import validate
from agreements.package_files import Mistakes, Package, read_package
from agreements.package_zip import MAX_ARCHIVE_BYTES, read_zip
from agreements.problems import TemplateProblem, words_of
from agreements.rendering import FontFolder, render
from agreements.rendering.errors import UnknownGlyph
from agreements.rendering.fonts import check as check_glyphs
from agreements.templates import Template, read
from agreements.versions import compose

_VERIFY_URL = "https://sign.example.org/verify"
_FILE = "template.yaml"


@dataclass(frozen=True)
class PackageCheck:
    """The answer for one package. `template` is None when it could not be read; `rendered` counts samples."""

    name: str
    template: Template | None
    rendered: int
    problems: tuple[TemplateProblem, ...]

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_packages(paths: Sequence[Path], fonts: FontFolder, today: date) -> Iterator[PackageCheck]:
    """Check one folder or zip file after the other. Two packages with one id are a mistake of the second.

    Raises FontsMissing, which is no mistake of a package, and OSError for a zip file that cannot be opened.
    """
    fonts.load()
    seen: set[str] = set()
    for path in paths:
        found = check_package(path, fonts, today)
        if found.template is not None and found.template.id in seen:
            message = N_("Another package has the id “{id}” already.")
            twice = TemplateProblem(_FILE, None, "id", message, {"id": found.template.id})
            found = replace(found, problems=(*found.problems, twice))
        if found.template is not None:
            seen.add(found.template.id)
        yield found


def check_package(path: Path, fonts: FontFolder, today: date) -> PackageCheck:
    """Every mistake of the package in a folder or zip file; `today` is the day on which its samples are filled in."""
    if path.is_dir():
        return _checked(str(path), lambda mistakes: read_package(path, mistakes), fonts, today)
    with path.open("rb") as file:
        return check_zip(file.read(MAX_ARCHIVE_BYTES + 1), str(path), fonts, today)


def check_zip(data: bytes, name: str, fonts: FontFolder, today: date) -> PackageCheck:
    """The same for the bytes of a zip file; `name` is only for messages."""
    return _checked(name, lambda mistakes: read_zip(data, name, mistakes), fonts, today)


def _checked(name: str, reading: Callable[[Mistakes], Package], fonts: FontFolder, today: date) -> PackageCheck:
    mistakes = Mistakes()
    try:
        template = read(reading(mistakes), mistakes)
    except TemplateInvalid as error:
        return PackageCheck(name, None, 0, error.problems)
    check = _Check(template, mistakes, fonts, today)
    check.glyphs()
    rendered = [check.sample(sample, raw) for sample, raw in template.samples.items()]
    problems = {problem.text: problem for problem in mistakes.found}
    return PackageCheck(name, template, sum(rendered), tuple(problems.values()))


@dataclass(frozen=True)
class _Check:
    """The checks of a package that could be read; each notes what it finds."""

    template: Template
    mistakes: Mistakes
    fonts: FontFolder
    today: date

    def glyphs(self) -> None:
        """Every line of the clauses, and the title: can it be drawn?"""
        for lang, text in self.template.title.items():
            self._draw(lang, text, "the title", _FILE, f"title.{lang}")
        for clause in self.template.clauses:
            for lang in clause.texts:
                file = f"clauses/{clause.id}.{lang}.md"
                for number, line in enumerate(self.template.package.texts[file].split("\n"), start=1):
                    if not line.startswith("["):
                        self._draw(lang, line, f"clause “{clause.id}”", file, "", number)

    def _draw(self, lang: str, text: str, where: str, file: str, place: str, line: int | None = None) -> None:
        try:
            check_glyphs(self.fonts.load(), {lang: text}, where)
        except UnknownGlyph as error:
            self.mistakes.add(file, place, error.message, line, **error.params)

    def sample(self, name: str, raw: Mapping[str, Any]) -> bool:
        """Fill in, compose and render one sample; whether it became a PDF."""
        file = f"samples/{name}.yaml"
        try:
            version = compose(self.template, validate(self.template, raw, self.today))
            render(version, number=1, verify_url=_VERIFY_URL, fonts=self.fonts)
        except InvalidFields as error:
            for problem in error.problems:
                place = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", problem.path)
                self.mistakes.add(file, place, "{problem}", problem=problem.inside)
        except UnknownGlyph as error:
            self._unknown_glyph(file, raw, error)
        except AgreementError as error:
            where, place, line = self._origin(error) or (file, "", None)
            message = N_("With the sample “{sample}”: {problem}")
            self.mistakes.add(where, place, message, line, sample=name, problem=words_of(error))
        else:
            return True
        return False

    def _unknown_glyph(self, file: str, raw: Mapping[str, Any], error: UnknownGlyph) -> None:
        """Name every value with this character; if none has it, the line of the template that does."""
        character = chr(int(str(error.params["codepoint"]).removeprefix("U+"), 16))
        places = [place for place, text in _texts(raw, "") if character in text]
        for place in places:
            self.mistakes.add(file, place, error.message, **error.params)
        if not places and not self.mistakes.found:
            where, place, line = self._find(character) or (file, "", None)
            self.mistakes.add(where, place, error.message, line, **error.params)

    def _origin(self, error: AgreementError) -> tuple[str, str, int | None] | None:
        """Where in the package stands what could not be done with a sample: file, place, line."""
        if isinstance(error, ExpressionInvalid):
            text = str(error.params["expression"])
            place = next((place for place, one in _expressions(self.template) if one.text == text), None)
            return (_FILE, place, None) if place else self._find(text)
        if isinstance(error, ValueMissing):
            pattern = re.compile(r"\{\{\s*" + re.escape(str(error.params["path"])) + r"\b")
            return self._find(pattern, f"clauses/{error.params['clause']}.")
        return None

    def _find(self, wanted: str | re.Pattern[str], before: str = "") -> tuple[str, str, int | None] | None:
        """File and line of the first line with the text, template.yaml first; samples are left out."""
        files = [
            name for name in self.template.package.texts if name.startswith(before) and not name.startswith("samples/")
        ]
        for file in sorted(files, key=lambda name: (name != _FILE, name)):
            for number, line in enumerate(self.template.package.texts[file].split("\n"), start=1):
                if wanted in line if isinstance(wanted, str) else wanted.search(line):
                    return file, "", number
        return None


def _expressions(template: Template) -> Iterator[tuple[str, Expression]]:
    """The expressions of template.yaml that are worked out with values, with their places."""
    for index, rule in enumerate(template.rules):
        yield f"rules[{index}].require", rule.require
        if rule.when is not None:
            yield f"rules[{index}].when", rule.when
    for index, one in enumerate(template.computed):
        if one.value is not None:
            yield f"computed[{index}].value", one.value
    for index, clause in enumerate(template.clauses):
        if clause.when is not None:
            yield f"clauses[{index}].when", clause.when


def _texts(data: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text of a sample with its place."""
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _texts(value, f"{place}.{key}" if place else str(key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts(value, f"{place}[{index}]")
