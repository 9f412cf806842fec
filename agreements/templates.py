"""A template: the checked content of a package. Reading one finds every mistake and names its place.

No template runs code. The shipped templates are starting points, not legal advice; each says so in `notice`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from agreements.approval_routes import MODES, RELATIONS, TemplateStage
from agreements.clause_texts import MAX_TITLE, ClauseText, parse_clause
from agreements.clauses import BINDING, LOCKS, NUMBERINGS, Clause
from agreements.errors import N_, ClauseTextInvalid
from agreements.expressions import ALWAYS, Expression
from agreements.languages import CHINESE, LANGUAGES, Lang, Texts
from agreements.package_files import Mistakes, Package, read_package
from agreements.package_sections import Section
from agreements.package_yaml import read_yaml
from agreements.template_checks import check_template
from agreements.variable_reading import read_variables
from agreements.variables import Variable

MAX_PEOPLE = 40
MAX_HOURS = 24 * 366
OWN_LANGUAGES = 2
"""How many languages of a template every agreement has; those after them are reference texts, wanted or not."""

PARTY_KEYS = tuple(f"party_{letter}" for letter in "abcdefghij")
KEY_HOLDINGS = ("browser_held", "browser_held_passkey", "own_certificate", "remote_provider", "pkcs11")
"""Who may hold a signatory's key, by the names that `keys.custody` gives them."""

LIBRARY = Path(__file__).parent / "library"
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the form."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between values. `level`: "error" refuses, "warning" only tells. `field` is where it is shown."""

    id: str
    require: Expression
    when: Expression | None
    field: str
    level: str
    message: Texts


@dataclass(frozen=True, eq=False)
class Template:
    """Everything of a package. `sha256` covers every file of it, so it names this very wording.

    A template is equal to itself only, so that what is made of it (fields.py) can be kept by it.
    """

    package: Package
    id: str
    version: str
    languages: tuple[Lang, ...]
    title: Texts
    notice: Texts
    parties: str
    binding_default: bool
    groups: tuple[Group, ...]
    variables: tuple[Variable, ...]
    computed: tuple[Variable, ...]
    rules: tuple[Rule, ...]
    clauses: tuple[Clause, ...]
    approval_route: tuple[TemplateStage, ...]
    signature_blocks: tuple[str, ...]
    key_holding: Mapping[str, str]
    samples: Mapping[str, Mapping[str, Any]]

    @property
    def sha256(self) -> str:
        """The SHA-256 of its package."""
        return self.package.sha256


def load(folder: Path) -> Template:
    """Read and check a folder. Raises TemplateInvalid with every mistake found, each with file, line and place."""
    mistakes = Mistakes()
    return read(read_package(folder, mistakes), mistakes)


def read(package: Package, mistakes: Mistakes) -> Template:
    """The template that a package holds; `mistakes` knows the lines afterwards. Raises TemplateInvalid."""
    data = read_yaml("template.yaml", package.texts["template.yaml"], mistakes)
    mistakes.raise_if_any(package.name)
    template = _template(Section(data, "template.yaml", "", mistakes), package, mistakes)
    mistakes.raise_if_any(package.name)
    check_template(template, mistakes)
    mistakes.raise_if_any(package.name)
    return template


@lru_cache(maxsize=256)
def in_languages(template: Template, languages: tuple[Lang, ...]) -> Template:
    """The template as an agreement uses it that is written in these of its languages only, in the template's order."""
    kept = tuple(lang for lang in template.languages if lang in languages)
    clauses = tuple(
        replace(one, texts={lang: text for lang, text in one.texts.items() if lang in kept}) for one in template.clauses
    )
    variables = tuple(_asked_in(one, kept) for one in template.variables)
    return replace(template, languages=kept, clauses=clauses, variables=variables)


def _asked_in(variable: Variable, languages: tuple[Lang, ...]) -> Variable:
    """A default that is written per language keeps those that are asked for."""
    default = variable.default
    if variable.localized and isinstance(default, Mapping):
        default = {lang: text for lang, text in default.items() if lang in languages}
    fields = tuple(_asked_in(one, languages) for one in variable.fields)
    item = _asked_in(variable.item, languages) if variable.item is not None else None
    return replace(variable, default=default, fields=fields, item=item)


def library_folders() -> tuple[Path, ...]:
    """The folders of the shipped packages."""
    return tuple(sorted(path for path in LIBRARY.iterdir() if path.is_dir()))


@cache
def library() -> Mapping[str, Template]:
    """The shipped templates by id; read once per process. Raises TemplateInvalid if a shipped one is broken."""
    return MappingProxyType({template.id: template for template in map(load, library_folders())})


def _template(root: Section, package: Package, mistakes: Mistakes) -> Template:
    languages = _languages(root)
    groups = tuple(_group(one, languages) for one in root.sections("groups"))
    template = Template(
        package=package,
        id=_matching(root, "id", _ID, N_("An id is small letters, digits and _.")),
        version=_matching(root, "version", _SEMANTIC_VERSION, N_("A version is three numbers, for example “1.0.0”.")),
        languages=languages,
        title=_title(root, languages),
        notice=root.texts("notice", languages),
        parties=root.text("parties"),
        binding_default=root.flag("binding_default", default=True),
        groups=groups,
        variables=read_variables(root, "variables", languages, [group.id for group in groups]),
        computed=tuple(_computed(one, languages) for one in root.sections("computed", required=False)),
        rules=tuple(_rule(one, languages) for one in root.sections("rules", required=False)),
        clauses=_clauses(root, languages, package, mistakes),
        approval_route=tuple(_stage(one, languages) for one in root.sections("approval_route")),
        signature_blocks=root.words("signature_blocks", ("name", "title", "date", "place", "seal")),
        key_holding=_key_holding(root),
        samples=_samples(package, mistakes),
    )
    root.finish()
    return template


def _key_holding(root: Section) -> Mapping[str, str]:
    """Party → who holds the keys of its signatories unless the host chooses otherwise; absent: their browsers."""
    if "key_holding" not in root:
        return {}
    section = root.section("key_holding")
    found = {party: section.one_of(party, KEY_HOLDINGS) for party in PARTY_KEYS if party in section}
    section.finish()
    return found


def _languages(root: Section) -> tuple[Lang, ...]:
    languages = root.words("languages", LANGUAGES)
    if not languages or len(set(languages)) != len(languages):
        root.wrong("languages", N_("Name each language once, at least one of: {known}."), known=", ".join(LANGUAGES))
        return (CHINESE,)
    return languages


def _matching(root: Section, key: str, pattern: re.Pattern[str], message: str) -> str:
    text = root.text(key)
    if text and not pattern.fullmatch(text):
        root.wrong(key, message)
    return text


def _title(root: Section, languages: Sequence[Lang]) -> Texts:
    texts = root.texts("title", languages)
    for lang, text in texts.items():
        if len(text) > MAX_TITLE:
            message = N_("Use at most {most} characters; there are {length}.")
            root.wrong(f"title.{lang}", message, most=MAX_TITLE, length=len(text))
    return texts


def _group(section: Section, languages: Sequence[Lang]) -> Group:
    group = Group(
        _matching(section, "id", _ID, N_("An id is small letters, digits and _.")), section.texts("title", languages)
    )
    section.finish()
    return group


def _computed(section: Section, languages: Sequence[Lang]) -> Variable:
    variable = Variable(
        section.text("name"),
        section.one_of("type", ("date", "number", "yes_no")),
        section.texts("label", languages),
        required=False,
        computed=True,
        value=section.expression("value", required=True),
    )
    section.finish()
    return variable


def _rule(section: Section, languages: Sequence[Lang]) -> Rule:
    require = section.expression("require", required=True)
    rule = Rule(
        section.text("id"),
        require or ALWAYS,
        section.expression("when"),
        section.text("field"),
        section.one_of("level", ("error", "warning"), "error"),
        section.texts("message", languages),
    )
    section.finish()
    return rule


def _clauses(root: Section, languages: Sequence[Lang], package: Package, mistakes: Mistakes) -> tuple[Clause, ...]:
    found: dict[str, Clause] = {}
    wanted = set()
    for section in root.sections("clauses"):
        clause_id = _matching(section, "id", _ID, N_("An id is small letters, digits and _."))
        texts = {}
        for lang in languages:
            file = f"clauses/{clause_id}.{lang}.md"
            wanted.add(file)
            text = _clause_text(file, package, mistakes)
            if text is not None:
                texts[lang] = text
        if clause_id in found:
            section.wrong("id", N_("The clause “{id}” is there twice."), id=clause_id)
        found[clause_id] = Clause(
            clause_id,
            section.one_of("binding", BINDING),
            texts,
            section.expression("when"),
            section.one_of("lock", LOCKS, "none"),
            section.one_of("numbering", NUMBERINGS, "numbered"),
        )
        section.finish()
    for file in package.texts:
        if file.startswith("clauses/") and file not in wanted:
            mistakes.add(file, "", N_("No clause of template.yaml uses this file."))
    return tuple(found.values())


def _clause_text(file: str, package: Package, mistakes: Mistakes) -> ClauseText | None:
    if file not in package.texts:
        mistakes.add(file, "", N_("The text of the clause in this language is missing."))
        return None
    try:
        return parse_clause(package.texts[file])
    except ClauseTextInvalid as error:
        mistakes.add(file, "", error.reason, error.line, **error.reason_params)
        return None


def _stage(section: Section, languages: Sequence[Lang]) -> TemplateStage:
    section.within("of", 1, MAX_PEOPLE)
    section.within("due_after_hours", 1, MAX_HOURS)
    stage = TemplateStage(
        _matching(section, "id", _ID, N_("An id is small letters, digits and _.")),
        section.texts("name", languages),
        section.text("role"),
        section.one_of("mode", MODES),
        section.number("k", 1) or 1,
        section.number("of", 1) or 1,
        section.words("forbid", RELATIONS),
        section.number("due_after_hours"),
        section.text("escalate_to", "") or None,
    )
    if not 1 <= stage.k <= max(stage.of, 1):
        section.wrong("k", N_("More approvals are needed (k) than there are approvers (of)."))
    section.finish()
    return stage


def _samples(package: Package, mistakes: Mistakes) -> Mapping[str, Mapping[str, Any]]:
    samples: dict[str, Mapping[str, Any]] = {}
    for file, text in package.texts.items():
        if file.startswith("samples/"):
            data = read_yaml(file, text, mistakes)
            _refuse_nothing(data, "", file, mistakes)
            if isinstance(data, dict):
                samples[file.removeprefix("samples/").removesuffix(".yaml")] = data
            else:
                mistakes.add(file, "", N_("A sample is a mapping of values."))
    return MappingProxyType(samples)


def _refuse_nothing(data: Any, place: str, file: str, mistakes: Mistakes) -> None:
    """A key without a value in a sample is nearly always a comma in an unquoted text."""
    if data is None:
        mistakes.add(file, place, N_("There is no value here; put a text that has a comma in quotation marks."))
    elif isinstance(data, dict):
        for key, value in data.items():
            _refuse_nothing(value, f"{place}.{key}" if place else str(key), file, mistakes)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _refuse_nothing(value, f"{place}[{index}]", file, mistakes)
