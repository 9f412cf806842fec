"""The clauses that come with the software: one folder each, with the playbook as YAML and a text per language.

They are version 1 of their id and never change; a better wording gets another id, or is proposed in the library of the
house as version 2. Like the templates they are starting points and no legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from agreements.clause_errors import ClauseRefused
from agreements.clause_library import LibraryClause, check, tidy_clause
from agreements.clauses import BINDING
from agreements.errors import TemplateInvalid
from agreements.languages import CHINESE, ENGLISH
from agreements.package_files import Mistakes
from agreements.package_sections import Section
from agreements.package_yaml import read_yaml
from agreements.templates import library

FOLDER = Path(__file__).parent / "library_clauses"
VERSION = 1
_FILE = "clause.yaml"
_LANGUAGES = (CHINESE, ENGLISH)


@cache
def shipped() -> Mapping[str, LibraryClause]:
    """The shipped clauses by id, checked in every template they name; read once per process. Raises TemplateInvalid."""
    found = {one.id: one for one in map(_read, sorted(path for path in FOLDER.iterdir() if path.is_dir()))}
    for one in found.values():
        try:
            check(one, library(), found)
        except ClauseRefused as error:
            raise TemplateInvalid(one.id, error.problems) from error
    return MappingProxyType(found)


def _read(folder: Path) -> LibraryClause:
    mistakes = Mistakes()
    root = Section(read_yaml(_FILE, (folder / _FILE).read_text("utf-8"), mistakes), _FILE, "", mistakes)
    clause = LibraryClause(
        id=folder.name,
        topics=root.words("topics"),
        templates=root.words("templates"),
        binding=root.one_of("binding", BINDING, "yes"),
        title=root.texts("title", _LANGUAGES),
        sources={lang: (folder / f"text.{lang}.md").read_text("utf-8") for lang in _LANGUAGES},
        note=root.texts("note", _LANGUAGES),
        fallbacks=root.words("fallbacks"),
    )
    root.finish()
    mistakes.raise_if_any(folder.name)
    return tidy_clause(clause)
