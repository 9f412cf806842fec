"""Comments on a clause of one version: what they quote, whether those words still stand, who sees and settles them.

A comment is never edited: what was said stays, and a reply says the rest. Who may do what is the service's to check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agreements.clause_errors import CommentClosed, CommentsBlock, QuoteNotFound, TextMissing
from agreements.clauses import ResolvedClause
from agreements.languages import Lang
from agreements.plain_texts import plain_text
from agreements.versions import Version

OPEN = "open"
RESOLVED = "resolved"
WONT_DO = "wont_do"
OUTCOMES = (RESOLVED, WONT_DO)

MAX_WORDS = 4_000
MAX_QUOTE = 1_000
SHORT = 60

Party = tuple[tuple[str, str], ...]
"""A party as its legal names, language by language: what stays the same when the order of the parties changes."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a clause in one language; `start` is their place in the clause's text, title first."""

    lang: Lang
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Remark:
    """What decides who sees a comment: whether it is shared with the other side, and whose reviewer wrote it."""

    shared: bool
    party: Party | None = None


def party(texts: dict[str, str]) -> Party:
    """The legal names of a party as something that can be compared."""
    return tuple(sorted(texts.items()))


def words(text: str) -> str:
    """The words of a comment as they are kept. Raises TextMissing, TextTooLong and TextInvisible."""
    return plain_text(text, most=MAX_WORDS)


def clause_text(clause: ResolvedClause, lang: Lang) -> str:
    """Title and paragraphs with one blank between them: what a selection on the screen is looked up in."""
    return _flat("\n".join((clause.title.get(lang, ""), *(one.get(lang, "") for one in clause.paragraphs))))


def quote(clause: ResolvedClause, text: str, lang: Lang = "", near: int = 0) -> Quote | None:
    """The quoted words with the place where they stand, nearest to `near`; None for an empty text.

    Without `lang` the first language of the clause that has the words. Raises QuoteNotFound, TextTooLong.
    """
    wanted = _flat(plain_text(text, most=MAX_QUOTE, needed=False))
    if not wanted:
        return None
    for one in (lang,) if lang else tuple(clause.title):
        start = _place(clause_text(clause, one), wanted, near)
        if start is not None:
            return Quote(one, wanted, start)
    raise QuoteNotFound()


def stands(quoted: Quote | None, clause_id: str, version: Version) -> bool:
    """Whether a version still has the clause and, where words were quoted, still has these words in it."""
    clause = next((one for one in version.clauses if one.id == clause_id), None)
    if clause is None:
        return False
    return quoted is None or _place(clause_text(clause, quoted.lang), quoted.text, quoted.start) is not None


def _place(text: str, wanted: str, near: int) -> int | None:
    found: list[int] = []
    at = text.find(wanted)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return min(found, key=lambda one: abs(one - near), default=None)


def _flat(text: str) -> str:
    return " ".join(text.split())


def seen_by(remark: Remark, parent: Remark | None, reader: Party) -> bool:
    """Whether a reviewer of this party sees a comment or a reply: shared ones, and those of the own party.

    A reply is seen only where what it answers is.
    """
    visible = remark.shared or remark.party == reader
    return visible and (parent is None or seen_by(parent, None, reader))


def check_closing(state: str, outcome: str, text: str) -> str:
    """The words a comment is settled with. Raises CommentClosed, and TextMissing where nothing is to be done."""
    if state != OPEN:
        raise CommentClosed()
    said = plain_text(text, most=MAX_WORDS, needed=False)
    if outcome == WONT_DO and not said:
        raise TextMissing()
    return said


def require_none_blocking(open_blocking: Iterable[tuple[str, str]]) -> None:
    """Raise CommentsBlock when there are any; each is the id of its clause and its words."""
    found = [f"{clause_id}: {text if len(text) <= SHORT else text[:SHORT] + ' …'}" for clause_id, text in open_blocking]
    if found:
        raise CommentsBlock(count=len(found), comments="; ".join(found))
