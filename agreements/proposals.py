"""A changed clause as the other side proposes it: plain words, checked, compared, and made into a clause text again.

A proposal changes nothing by itself. Who may propose and who decides is the service's; how the words find back to the
values of the form is rebinding.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_errors import ClauseNotOpen, NothingProposed, ProposalUnwritable, TextMissing, TextTooLong
from agreements.clause_texts import MAX_TITLE, Written, joined, written
from agreements.clauses import Clause, ResolvedClause, labels
from agreements.errors import ClauseTextInvalid
from agreements.languages import Lang, Texts
from agreements.plain_texts import plain_text
from agreements.rebinding import Pairs, Unbound, rebind
from agreements.redlines import paired
from agreements.versions import Writing

OPEN = "open"
ACCEPTED = "accepted"
REJECTED = "rejected"

MAX_TEXT = 12_000
MAX_PARAGRAPHS = 60
MAX_EXPLANATION = 4_000
_ITEM = re.compile(r"[-–•]\s+")


@dataclass(frozen=True, slots=True)
class Wording:
    """One clause in one language as plain words: what stands in the form of a proposal."""

    title: str
    paragraphs: tuple[Written, ...]

    @property
    def text(self) -> str:
        """The paragraphs as they are edited: a blank line between them, "- " before an item."""
        return "\n\n".join(("- " if one.item else "") + one.text for one in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The clause texts that say what was proposed, and the values in them that no longer follow the form."""

    sources: Texts
    unbound: tuple[Unbound, ...]


def wordings(clause: Clause, at: Writing) -> dict[Lang, Wording]:
    """The clause as it reads in each language. Raises ValueMissing."""
    return {lang: Wording(text.title, written(text, at.scope, lang, clause.id)) for lang, text in clause.texts.items()}


def read_wording(title: str, text: str) -> Wording:
    """What was typed as a wording: a blank line or a new item ends a paragraph.

    Raises TextMissing, TextTooLong and TextInvisible.
    """
    title = joined(plain_text(title, most=MAX_TITLE).split("\n"))
    found: list[list[str]] = [[]]
    for line in plain_text(text, most=MAX_TEXT).split("\n"):
        if not line.strip() or _ITEM.match(line.strip()):
            found.append([])
        if line.strip():
            found[-1].append(line.strip())
    paragraphs = [joined(lines) for lines in found if lines]
    if len(paragraphs) > MAX_PARAGRAPHS:
        raise TextTooLong(most=MAX_PARAGRAPHS, length=len(paragraphs))
    read = tuple(Written(_ITEM.sub("", one, count=1) if _is_item(one) else one, _is_item(one)) for one in paragraphs)
    if not all(one.text for one in read):
        raise TextMissing()
    return Wording(title, read)


def _is_item(text: str) -> bool:
    return _ITEM.match(text) is not None


def require_open(clause: Clause) -> None:
    """Raise ClauseNotOpen unless the template lets anyone change the clause."""
    if clause.lock != "none":
        raise ClauseNotOpen(clause=clause.id)


def changed(base: Mapping[Lang, Wording], given: Mapping[Lang, Wording]) -> dict[Lang, Wording]:
    """The languages whose wording differs. Raises NothingProposed when none does."""
    found = {lang: one for lang, one in given.items() if lang in base and _same(one) != _same(base[lang])}
    if not found:
        raise NothingProposed()
    return found


def _same(one: Wording) -> object:
    """A wording as far as it would survive being shown in a form and sent back untouched."""
    return read_wording(one.title, one.text) if one.paragraphs else one


def rebuilt(clause: Clause, at: Writing, proposed: Mapping[Lang, Wording], others: Texts | None = None) -> Rebuilt:
    """The texts of the clause with the proposed wordings in place; `at` is what the proposer saw it written from.

    Languages that were not proposed keep the clause's text, or that of `others` where the clause was changed since.
    Raises ProposalUnwritable when a proposed wording holds a mark that clause texts do not know, and ValueMissing.
    """
    sources = {lang: text.source for lang, text in clause.texts.items()} | dict(others or {})
    unbound: list[Unbound] = []
    before = wordings(clause, at)
    for lang, one in proposed.items():
        pairs = _pairs(before, {**before, **proposed}, lang)
        try:
            found = rebind(clause.texts[lang], at.scope, lang, clause.id, one.title, one.paragraphs, pairs)
        except ClauseTextInvalid as error:
            reason = error.reason.format(**error.reason_params)
            raise ProposalUnwritable(language=lang, reason=reason) from error
        sources[lang] = found.source
        unbound += found.unbound
    return Rebuilt(sources, tuple(unbound))


def _pairs(before: Mapping[Lang, Wording], after: Mapping[Lang, Wording], lang: Lang) -> Pairs:
    """Which paragraph became which: judged in every language at once while all have the same places."""
    counts = {len(one.paragraphs) for one in (*after.values(), *before.values())}
    languages = tuple(before) if len(counts) == 1 and not _moved(before[lang], after[lang]) else (lang,)
    sides: list[list[Texts]] = []
    for side in (before, after):
        rows = zip(*(side[one].paragraphs for one in languages), strict=True)
        sides.append([{one: paragraph.text for one, paragraph in zip(languages, row, strict=True)} for row in rows])
    found: list[tuple[int | None, int | None]] = []
    old = new = 0
    for was, now in paired(sides[0], sides[1]):
        found.append((old if was else None, new if now else None))
        old, new = old + bool(was), new + bool(now)
    return found


def _moved(before: Wording, after: Wording) -> bool:
    """Whether a paragraph stands at another place as it was."""
    old = [one.text for one in before.paragraphs]
    return any(one.text in old and one.text != old[place] for place, one in enumerate(after.paragraphs))


def resolved(clause: Clause, number: int, shown: Mapping[Lang, Wording]) -> ResolvedClause:
    """The wordings as a clause that can be read and compared; the longest language gives the number of paragraphs."""
    languages = tuple(shown)
    longest = max(shown.values(), key=lambda one: len(one.paragraphs)).paragraphs
    rows = tuple(
        {lang: one.paragraphs[row].text for lang, one in shown.items() if row < len(one.paragraphs)}
        for row in range(len(longest))
    )
    title = {lang: one.title for lang, one in shown.items()}
    numbered = labels(longest, number, languages, numbered=clause.numbering == "numbered")
    return ResolvedClause(clause.id, number, True, title, rows, numbered)


def state_sha256(sources: Texts, shown: Mapping[Lang, Wording]) -> str:
    """What a decision over a proposal is bound to: the clause as it stands, its texts and how they read now."""
    words = {lang: [one.title, one.text] for lang, one in shown.items()}
    return sha256_of(canonical_bytes({"sources": dict(sources), "words": words}))
