"""How the clauses of one agreement depart from its template: an approved variant, words of its own, an added clause.

A choice carries the clause's text in every language of the template, in the same restricted Markdown and under the same
checks as a template's own clause, so values and numbers stay bound to what was filled in. Where approved wordings come
from is the clause library's business; translations that fell behind are translations.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from agreements.clause_errors import ClauseLocked, ClauseRefused, ClauseUnknown
from agreements.clause_texts import parse_clause
from agreements.clauses import BINDING, Clause
from agreements.errors import N_, ClauseTextInvalid
from agreements.field_types import tidy
from agreements.invisible import first_invisible
from agreements.languages import Lang, Texts
from agreements.package_files import Mistakes
from agreements.problems import TemplateProblem
from agreements.template_checks import check_clause

if TYPE_CHECKING:
    from agreements.templates import Template

STANDARD = "standard"
VARIANT = "variant"
CUSTOM = "custom"
MAX_CHOICES = 60
MAX_SOURCE = 20_000
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class ClauseChoice:
    """One clause that is not the template's standard.

    `kind`: variant (approved in the clause library; `origin` is its id and version, "late_payment/3") or custom.
    `sources`: the text per language. `after`: for a clause the template does not have, the id of the clause it follows
    ("" puts it first); None for one that replaces a clause of the template. `binding` counts only for an added clause.
    `reason`: why, in the drafter's words; `by` and `at`: who chose it (an opaque id) and when (ISO 8601, UTC). These
    three stay with the draft and are no part of the version.
    """

    clause_id: str
    kind: str
    sources: Texts
    origin: str = ""
    after: str | None = None
    binding: str = "yes"
    reason: str = ""
    by: str = ""
    at: str = ""

    @property
    def added(self) -> bool:
        """Whether the template has no such clause."""
        return self.after is not None


@dataclass(frozen=True)
class Deviation:
    """The same as content of a version: which clause is not standard, where its wording came from, its text."""

    clause_id: str
    kind: str
    origin: str
    after: str | None
    binding: str
    sources: Texts

    def choice(self) -> ClauseChoice:
        """The choice again, for a draft that begins with this version."""
        return ClauseChoice(**asdict(self))


def check_choice(template: Template, choice: ClauseChoice, others: Sequence[ClauseChoice] = ()) -> Clause:
    """The clause as it would stand in the template with the `others` already chosen.

    Raises ClauseUnknown, ClauseLocked for one that nobody may change, and ClauseRefused with every mistake of the text
    by language and line.
    """
    template = with_choices(template, [one for one in others if one.clause_id != choice.clause_id])
    own = next((one for one in template.clauses if one.id == choice.clause_id), None)
    if choice.kind not in (VARIANT, CUSTOM) or (own is None) is (choice.after is None):
        raise ClauseUnknown(clause=choice.clause_id)
    if own is not None and own.lock == "fixed":
        raise ClauseLocked(clause=choice.clause_id)
    if own is None and not _may_be_added(template, choice):
        raise ClauseUnknown(clause=choice.clause_id)
    mistakes = Mistakes()
    clause = _clause(template, choice, own, mistakes)
    if not mistakes.found:
        check_clause(_placed(template, clause, choice), clause, mistakes)
    if mistakes.found:
        raise ClauseRefused(choice.clause_id, tuple(mistakes.found))
    return clause


def with_choices(template: Template, choices: Iterable[ClauseChoice]) -> Template:
    """The template with these clauses in place of its own or added to them.

    A choice whose clause or neighbour the template does not have is left out. Raises ClauseRefused for an unreadable
    text.
    """
    left = list(choices)
    while left:
        known = {one.id for one in template.clauses}
        placeable = [one for one in left if one.clause_id in known or _may_be_added(template, one)]
        if not placeable:
            break
        for choice in placeable:
            own = next((one for one in template.clauses if one.id == choice.clause_id), None)
            mistakes = Mistakes()
            clause = _clause(template, choice, own, mistakes)
            if mistakes.found:
                raise ClauseRefused(choice.clause_id, tuple(mistakes.found))
            template = _placed(template, clause, choice)
        left = [one for one in left if one not in placeable]
    return template


def fitting(template: Template, choices: Iterable[ClauseChoice]) -> tuple[ClauseChoice, ...]:
    """Of choices that were made for another version of the template, those that this one takes as well."""
    kept: list[ClauseChoice] = []
    left = list(choices)
    while taken := [one for one in left if _fits(template, one, kept)]:  # an added clause may follow an added one
        kept += taken
        left = [one for one in left if one not in taken]
    return tuple(kept)


def _fits(template: Template, choice: ClauseChoice, others: Sequence[ClauseChoice]) -> bool:
    try:
        check_choice(template, choice, others)
    except (ClauseUnknown, ClauseLocked, ClauseRefused):
        return False
    return True


def tidied(sources: Texts, languages: Iterable[Lang]) -> dict[Lang, str]:
    """The texts in these languages as they are kept: one kind of line end, NFC, nothing blank around them."""
    return {lang: tidy(sources.get(lang, "")) for lang in languages}


def deviations(choices: Iterable[ClauseChoice], clause_ids: Iterable[str]) -> tuple[Deviation, ...]:
    """What a version says of the choices whose clauses stand in it, in the order of its clauses."""
    by_id = {one.clause_id: one for one in choices}
    return tuple(
        Deviation(one.clause_id, one.kind, one.origin, one.after, one.binding, dict(one.sources))
        for one in (by_id[clause_id] for clause_id in clause_ids if clause_id in by_id)
    )


def plain(choices: Iterable[ClauseChoice]) -> dict[str, Any]:
    """The choices as a draft stores them: by clause id."""
    return {one.clause_id: {**asdict(one), "sources": dict(one.sources)} for one in choices}


def from_plain(stored: Mapping[str, Any]) -> tuple[ClauseChoice, ...]:
    """The stored choices back."""
    return tuple(ClauseChoice(**one) for one in stored.values())


def _may_be_added(template: Template, choice: ClauseChoice) -> bool:
    known = {one.id for one in template.clauses}
    return (
        choice.after is not None
        and (choice.after == "" or choice.after in known)
        and choice.binding in BINDING
        and _ID.fullmatch(choice.clause_id) is not None
    )


def _clause(template: Template, choice: ClauseChoice, own: Clause | None, mistakes: Mistakes) -> Clause:
    texts = {}
    for lang in template.languages:
        file = f"clauses/{choice.clause_id}.{lang}.md"
        source = choice.sources.get(lang, "")
        if len(source) > MAX_SOURCE:
            message = N_("Use at most {most} characters; there are {length}.")
            mistakes.add(file, "", message, most=MAX_SOURCE, length=len(source))
            continue
        if not source.strip():
            mistakes.add(file, "", N_("The text of the clause in this language is missing."))
            continue
        if hides_something(file, source, mistakes):
            continue
        try:
            texts[lang] = parse_clause(source)
        except ClauseTextInvalid as error:
            mistakes.add(file, "", error.reason, error.line, **error.reason_params)
    if own is not None:
        return replace(own, texts=texts)
    return Clause(choice.clause_id, choice.binding, texts)


def hides_something(file: str, source: str, mistakes: Mistakes) -> bool:
    """Note a character that nobody sees or that turns the direction of others: what is read must be all there is."""
    for number, line in enumerate(source.split("\n"), start=1):
        strange = first_invisible(line.removesuffix("\r"))
        if strange is not None:
            message = N_("The invisible character {code} is refused.")
            mistakes.add(file, "", message, number, code=f"U+{ord(strange):04X}")
            return True
    return False


def _placed(template: Template, clause: Clause, choice: ClauseChoice) -> Template:
    clauses = [one for one in template.clauses if one.id != clause.id]
    before = [one.id for one in template.clauses]
    if clause.id in before:
        clauses.insert(before.index(clause.id), clause)
    else:
        clauses.insert(before.index(choice.after) + 1 if choice.after else 0, clause)
    return replace(template, clauses=tuple(clauses))


def languages_of(problem: TemplateProblem) -> Lang:
    """The language whose text a mistake of a clause is in."""
    return problem.file.split(".")[-2]
