"""Texts that exist once per language, and which of them fell behind when another was edited. Pure functions.

A translation records the SHA-256 of the text it was written for. The language edited last by itself leads; the others
must have been written for, or confirmed against, exactly its words, otherwise they are stale. Typing that goes on in
one language is one edit however often it is saved; a saved version, another person or a long pause ends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agreements.canonical import sha256_of
from agreements.clause_choices import CUSTOM, ClauseChoice
from agreements.clause_errors import NothingStale
from agreements.clause_texts import EachBlock, Paragraph, Reference, TextNode
from agreements.field_types import tidy
from agreements.languages import Lang, Texts
from agreements.templates import Template
from agreements.variables import Variable

CLAUSE = "clauses."


@dataclass(frozen=True, slots=True)
class Pair:
    """One text in its languages. `lead`: the language that was changed last by itself; `made_for`: for every other
    language the SHA-256 of the leading text it was written for; `edited`: the language being edited now, or ""."""

    lead: Lang
    made_for: Mapping[Lang, str] = field(default_factory=dict)
    edited: Lang = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """A translation that fell behind: the text at `path` in `lang`, since the text in `lead` was edited."""

    path: str
    lang: Lang
    lead: Lang


Pairs = Mapping[str, Pair]
TextsByPath = Mapping[str, Texts]


def texts_of(template: Template, raw: Mapping[str, Any], choices: tuple[ClauseChoice, ...] = ()) -> dict[str, Texts]:
    """Every text of a draft that is written once per language and filled in, in all of them, by its path.

    A clause in words of its own stands under "clauses.<id>"; the wording of templates and of the clause library was
    approved as a whole and is not here.
    """
    found = {path: texts for one in template.variables for path, texts in _localized(one, raw.get(one.name), one.name)}
    for choice in choices:
        if choice.kind == CUSTOM:
            found[CLAUSE + choice.clause_id] = choice.sources
    wanted = template.languages
    complete = {path: {lang: tidy(texts.get(lang, "")) for lang in wanted} for path, texts in found.items()}
    return {path: texts for path, texts in complete.items() if all(texts.values())}


def wordings_before(
    template: Template, before: tuple[ClauseChoice, ...], after: tuple[ClauseChoice, ...]
) -> tuple[ClauseChoice, ...]:
    """The choices `before`, with the approved wording of each clause that gets words of its own `after`.

    Own words begin as the approved ones, whose languages match; so the first edit of one language is seen too.
    """
    known = {one.clause_id: one for one in before}
    own = {one.id: one.texts for one in template.clauses}
    found = dict(known)
    for choice in after:
        was = known.get(choice.clause_id)
        if choice.kind != CUSTOM or (was is None and choice.clause_id not in own):
            continue
        sources = was.sources if was else {lang: text.source for lang, text in own[choice.clause_id].items()}
        found[choice.clause_id] = replace(choice, sources=sources)
    return tuple(found.values())


def path_of(clause_id: str) -> str:
    """Where the texts of a clause in its own words stand among the texts of a draft."""
    return CLAUSE + clause_id


def places(template: Template, path: str) -> tuple[str, ...]:
    """The ids of the clauses in which the text at this path is read, in order."""
    if path.startswith(CLAUSE):
        return (path.removeprefix(CLAUSE),)
    name = path.partition(".")[0]
    return tuple(one.id for one in template.clauses if any(name in _names(text.body) for text in one.texts.values()))


def _names(body: tuple[TextNode, ...]) -> Iterator[str]:
    """The first part of every path that a text writes or goes through."""
    for node in body:
        if isinstance(node, Paragraph):
            yield from (part.path[0] for part in node.parts if isinstance(part, Reference))
            continue
        if isinstance(node, EachBlock):
            yield node.path[0]
        yield from _names(node.body)


def _localized(variable: Variable, value: Any, path: str) -> Iterator[tuple[str, Texts]]:
    if variable.type == "list" and variable.item is not None:
        for index, row in enumerate(value if isinstance(value, list | tuple) else ()):
            yield from _localized(variable.item, row, f"{path}.{index}")
    elif not isinstance(value, Mapping):
        return
    elif variable.composite:
        for part in variable.fields:
            yield from _localized(part, value.get(part.name), f"{path}.{part.name}")
    elif variable.localized and all(isinstance(text, str) for text in value.values()):
        yield path, value


def follow(pairs: Pairs, before: TextsByPath, after: TextsByPath, *, same_edit: bool) -> dict[str, Pair]:
    """The pairs after a save that changed the texts from `before` to `after`.

    `same_edit`: whether what is typed now may go on what was typed at the save before. Rows that moved keep their pair.
    """
    moved = {tuple(sorted(texts.items())): pairs[path] for path, texts in before.items() if path in pairs}
    found: dict[str, Pair] = {}
    for path, texts in after.items():
        was = before.get(path)
        pair = pairs.get(path) or Pair(next(iter(texts)))
        if was is None or all(texts[lang] != was.get(lang) for lang in texts):
            known = moved.get(tuple(sorted(texts.items())))
            found[path] = known if known is not None else _together(texts, pair.lead)
        else:
            edited = tuple(lang for lang in texts if texts[lang] != was.get(lang))
            found[path] = _edited(pair, edited, was, texts, same_edit=same_edit)
    return found


def _together(texts: Texts, lead: Lang) -> Pair:
    """Written in one go: every language for the leading one."""
    return Pair(lead, {lang: _sha(texts[lead]) for lang in texts if lang != lead})


def _edited(pair: Pair, edited: tuple[Lang, ...], was: Texts, now: Texts, *, same_edit: bool) -> Pair:
    lead = pair.lead
    made_for = {lang: pair.made_for.get(lang, _sha(was[lead])) for lang in now if lang != lead}
    if lead not in edited:
        going_on = pair.edited if same_edit else ""
        own = [lang for lang in edited if made_for[lang] == _sha(was[lead]) and lang != going_on]
        if own:  # a translation that was right was changed by itself: it leads, the others were made for what it said
            lead = own[0]
            made_for = {lang: _sha(was[lead]) for lang in now if lang != lead}
    made_for |= {lang: _sha(now[lead]) for lang in edited if lang != lead}
    return Pair(lead, made_for, edited[-1] if edited else pair.edited if same_edit else "")


def stale(pairs: Pairs, texts: TextsByPath) -> tuple[Stale, ...]:
    """The translations that fell behind, in the order of the texts."""
    return tuple(
        Stale(path, lang, pair.lead)
        for path, here in texts.items()
        if (pair := pairs.get(path)) is not None and pair.lead in here
        for lang in here
        if lang != pair.lead and pair.made_for.get(lang, _sha(here[pair.lead])) != _sha(here[pair.lead])
    )


def confirm(pairs: Pairs, texts: TextsByPath, path: str, lang: Lang) -> dict[str, Pair]:
    """A person read the translation and says that it still is right. Raises NothingStale."""
    if all((one.path, one.lang) != (path, lang) for one in stale(pairs, texts)):
        raise NothingStale(path=path, language=lang)
    pair = pairs[path]
    return {**pairs, path: replace(pair, made_for={**pair.made_for, lang: _sha(texts[path][pair.lead])})}


def settled(pairs: Pairs) -> dict[str, Pair]:
    """The same pairs with every edit ended, as when a version is saved."""
    return {path: replace(pair, edited="") for path, pair in pairs.items()}


def plain(pairs: Pairs) -> dict[str, Any]:
    """The pairs as they are stored."""
    return {path: asdict(pair) for path, pair in pairs.items()}


def from_plain(stored: Mapping[str, Any]) -> dict[str, Pair]:
    """The stored pairs back."""
    return {path: Pair(**one) for path, one in stored.items()}


def _sha(text: str) -> str:
    return sha256_of(text.encode())
