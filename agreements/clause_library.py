"""The clause library: approved wordings with their playbook, where each fits, and in which order weaker ones follow.

A wording never changes: its SHA-256 is its identity, its version a number for people. Who approved it and when is kept
by the service; how it stands in one agreement is clause_choices.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_choices import MAX_SOURCE, VARIANT, ClauseChoice, check_choice, hides_something, tidied
from agreements.clause_errors import ClauseLocked, ClauseRefused, ClauseUnknown, LibraryClauseUnfit
from agreements.clause_texts import parse_clause
from agreements.clauses import BINDING, Clause
from agreements.errors import N_, ClauseTextInvalid
from agreements.field_types import tidy
from agreements.invisible import invisible
from agreements.languages import LANGUAGES, Lang, Texts
from agreements.package_files import Mistakes
from agreements.template_checks import check_languages
from agreements.templates import OWN_LANGUAGES, Template, in_languages

FORMAT = "library-clause/1"
MAX_TITLE = 120
MAX_NOTE = 4000
MAX_FALLBACKS = 5
MAX_TOPICS = 8
MAX_TEMPLATES = 40
FILE = "clause"
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class LibraryClause:
    """One wording.

    `topics`: the ids of the template clauses it can stand for; a template with none of them can have it added, under
    the first. `templates`: those it is written for, none for any. `binding` counts when it is added. `title` is its
    name in the library, `sources` the texts, `note` the playbook: when to use it and what never to give away.
    `fallbacks`: the ids of weaker positions, the first to be offered first, the last to walk away after.
    """

    id: str
    topics: tuple[str, ...]
    templates: tuple[str, ...]
    binding: str
    title: Texts
    sources: Texts
    note: Texts
    fallbacks: tuple[str, ...] = ()

    @cached_property
    def canonical(self) -> bytes:
        """RFC 8785 bytes; the same wording gives the same bytes everywhere."""
        return canonical_bytes({"format": FORMAT, **asdict(self)})

    @cached_property
    def sha256(self) -> str:
        """Lower-case hexadecimal SHA-256 of `canonical`."""
        return sha256_of(self.canonical)

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages it is written in."""
        return tuple(lang for lang in LANGUAGES if self.sources.get(lang))


def from_canonical(data: bytes) -> LibraryClause:
    """Read a wording back from its own canonical bytes."""
    found = json.loads(data)
    del found["format"]
    return LibraryClause(**{**found, **{name: tuple(found[name]) for name in ("topics", "templates", "fallbacks")}})


@dataclass(frozen=True, slots=True)
class Approved:
    """A wording in force: the newest approved version of a clause of the library."""

    clause: LibraryClause
    version: int

    @property
    def origin(self) -> str:
        """What a choice remembers: "disputes_hkiac/2"."""
        return f"{self.clause.id}/{self.version}"


def origin_of(choice_origin: str) -> tuple[str, int]:
    """Id and version of an origin; ("", 0) when it is none."""
    clause_id, _, version = choice_origin.partition("/")
    return (clause_id, int(version)) if version.isdecimal() else ("", 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A wording that fits a place. `rank`: 0 for a position of its own, else its place among the fallbacks of `under`.

    `last`: whether there is no weaker one.
    """

    approved: Approved
    under: str = ""
    rank: int = 0
    last: bool = False


def fits(clause: LibraryClause, template: Template, clause_id: str | None) -> bool:
    """Whether it can stand for that clause of the template; None asks whether it can be added to it."""
    return _has_place(clause, template, clause_id) and set(template.languages) <= set(clause.languages)


def lacking(clause: LibraryClause, template: Template, clause_id: str | None) -> tuple[Lang, ...]:
    """The languages of the agreement for want of which alone it does not fit."""
    missing = tuple(lang for lang in template.languages if lang not in clause.languages)
    return missing if _has_place(clause, template, clause_id) else ()


def _has_place(clause: LibraryClause, template: Template, clause_id: str | None) -> bool:
    if clause.templates and template.id not in clause.templates:
        return False
    own = {one.id: one for one in template.clauses}
    if clause_id is None:
        return own.keys().isdisjoint(clause.topics)
    return clause_id in clause.topics and clause_id in own and own[clause_id].lock != "fixed"


def offers(library: Iterable[Approved], template: Template, clause_id: str | None) -> tuple[Offer, ...]:
    """The wordings that fit, each position followed by its fallbacks in their order; none twice."""
    fitting = {one.clause.id: one for one in library if fits(one.clause, template, clause_id)}
    weaker = {name for one in fitting.values() for name in one.clause.fallbacks}
    found: dict[str, Offer] = {}
    for name in sorted(fitting, key=lambda name: (name in weaker, name)):
        one = fitting[name]
        if name in found:
            continue
        found[name] = Offer(one)
        below = [below for below in one.clause.fallbacks if below in fitting and below not in found]
        for rank, below_id in enumerate(below, start=1):
            found[below_id] = Offer(fitting[below_id], name, rank, rank == len(below) > 1)
    return tuple(found.values())


def variant(
    approved: Approved, template: Template, clause_id: str, *, after: str | None = None, reason: str = ""
) -> ClauseChoice:
    """The wording as a choice of a draft. Raises LibraryClauseUnfit."""
    clause = approved.clause
    if not fits(clause, template, clause_id if after is None else None):
        raise LibraryClauseUnfit(clause=clause.id)
    sources = tidied(clause.sources, template.languages)
    return ClauseChoice(clause_id, VARIANT, sources, approved.origin, after, clause.binding, reason)


def check(clause: LibraryClause, templates: Mapping[str, Template], known: Iterable[str]) -> None:
    """Raise ClauseRefused with every mistake of a wording that is proposed.

    `templates` are those it is said to fit; `known` are the ids of the clauses of the library, for its fallbacks. The
    place of a mistake is the field of the form; the file names the language of a text.
    """
    mistakes = Mistakes()
    _check_facts(clause, templates, known, mistakes)
    _check_words(clause, mistakes)
    _check_sources(clause, mistakes)
    if not mistakes.found:
        for name in clause.templates:
            _check_in_template(clause, templates[name], mistakes)
    if mistakes.found:
        raise ClauseRefused(clause.id, tuple({one.text: one for one in mistakes.found}.values()))


def tidy_clause(clause: LibraryClause) -> LibraryClause:
    """The same without stray blanks and without languages that hold nothing."""
    words = {
        name: {lang: text for lang in LANGUAGES if (text := tidy(getattr(clause, name).get(lang, "")))}
        for name in ("title", "sources", "note")
    }
    return LibraryClause(
        clause.id, clause.topics, clause.templates, clause.binding, **words, fallbacks=clause.fallbacks
    )


def _check_facts(
    clause: LibraryClause, templates: Mapping[str, Template], known: Iterable[str], mistakes: Mistakes
) -> None:
    an_id = N_("An id is small letters, digits and _.")
    if not _ID.fullmatch(clause.id):
        mistakes.add(FILE, "id", an_id)
    if not 1 <= len(clause.topics) <= MAX_TOPICS:
        mistakes.add(FILE, "topics", N_("Name at least one clause it can stand for, at most {most}."), most=MAX_TOPICS)
    if not all(map(_ID.fullmatch, clause.topics)):
        mistakes.add(FILE, "topics", an_id)
    if len(clause.templates) > MAX_TEMPLATES or not set(clause.templates) <= set(templates):
        mistakes.add(FILE, "templates", N_("“{value}” is not known here."), value=", ".join(clause.templates)[:200])
    if clause.binding not in BINDING:
        mistakes.add(FILE, "binding", N_("“{value}” is not known here."), value=clause.binding[:40])
    if len(clause.fallbacks) > MAX_FALLBACKS:
        mistakes.add(FILE, "fallbacks", N_("Name at most {most} fallbacks."), most=MAX_FALLBACKS)
    known = set(known)
    for name in clause.fallbacks:
        if name == clause.id or name not in known:
            mistakes.add(FILE, "fallbacks", N_("“{value}” is not another clause of the library."), value=name[:40])


def _check_words(clause: LibraryClause, mistakes: Mistakes) -> None:
    for field, texts, most in (("title", clause.title, MAX_TITLE), ("note", clause.note, MAX_NOTE)):
        for lang, text in texts.items():
            if len(text) > most:
                message = N_("Use at most {most} characters; there are {length}.")
                mistakes.add(FILE, f"{field}.{lang}", message, most=most, length=len(text))
            for strange in sorted(invisible(text, allowed="\n")):
                message = N_("The invisible character {code} is refused.")
                mistakes.add(FILE, f"{field}.{lang}", message, code=f"U+{ord(strange):04X}")
    for lang in clause.languages:
        if not clause.title.get(lang):
            mistakes.add(FILE, f"title.{lang}", N_("Give it a name in this language."))
    if not any(clause.note.values()):
        mistakes.add(FILE, "note", N_("Say when to use it and what never to give away."))


def _check_sources(clause: LibraryClause, mistakes: Mistakes) -> None:
    texts = {}
    if not clause.languages:
        mistakes.add(FILE, "sources", N_("The text of the clause is missing."))
    for lang in clause.languages:
        file, source = f"clauses/{clause.id}.{lang}.md", clause.sources[lang]
        if len(source) > MAX_SOURCE:
            message = N_("Use at most {most} characters; there are {length}.")
            mistakes.add(file, "", message, most=MAX_SOURCE, length=len(source))
            continue
        if hides_something(file, source, mistakes):
            continue
        try:
            texts[lang] = parse_clause(source)
        except ClauseTextInvalid as error:
            mistakes.add(file, "", error.reason, error.line, **error.reason_params)
    if len(texts) == len(clause.languages):
        check_languages(Clause(clause.id, "yes", texts), mistakes)


def _check_in_template(clause: LibraryClause, template: Template, mistakes: Mistakes) -> None:
    """The same checks as when it is chosen there, in the languages every agreement of the template has at least."""
    needed = template.languages[:OWN_LANGUAGES]
    template = in_languages(template, tuple(one for one in template.languages if one in (*needed, *clause.languages)))
    own = [one.id for one in template.clauses]
    places: Sequence[tuple[str, str | None]] = [(topic, None) for topic in clause.topics if topic in own]
    for clause_id, after in places or [(clause.topics[0], own[-1])]:
        try:
            choice = variant(Approved(clause, 1), template, clause_id, after=after)
            check_choice(template, choice)
        except ClauseRefused as error:
            for one in error.problems:
                file = f"clauses/{clause.id}.{one.file.split('.')[-2]}.md"
                mistakes.add(file, template.id, one.message, one.line, **one.params)
        except (ClauseLocked, ClauseUnknown, LibraryClauseUnfit):
            message = N_("It cannot stand in the template “{template}”: a language is missing or the clause is fixed.")
            mistakes.add(FILE, "templates", message, template=template.id)
