"""What changed between two versions: values first, then clause by clause, token by token, in each language.

Clauses are aligned by their id, paragraphs by their text, words by difflib over tokens that lawyers read as one: a
number, a run of Chinese numerals, a Latin word, a single Chinese character. Drawing it is for pages and the PDF.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from agreements.clauses import ResolvedClause
from agreements.errors import NothingToCompare
from agreements.languages import Lang, Texts
from agreements.versions import Version

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*"
    r"|[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]+"
    r"|[^\W\d_\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
    r"(?:[-’'][^\W\d_\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)*"
    r"|[ \t]+|.",
    re.DOTALL,
)

SAME = "same"
INSERTED = "inserted"
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `kind` is same, inserted or deleted."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that differs, in words per language; None where it was not given."""

    path: str
    label: Texts
    old: Texts | None
    new: Texts | None


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause of either version. `kind`: unchanged, changed, added, removed or moved.

    A moved clause may be changed as well; its runs tell. `title` is the new title, `title_runs` compares both.
    `paragraphs` hold per language the runs of one paragraph; {} of a language that has none.
    """

    clause_id: str
    kind: str
    old_number: int | None
    new_number: int | None
    title: Texts
    title_runs: Mapping[Lang, tuple[Run, ...]]
    paragraphs: tuple[Mapping[Lang, tuple[Run, ...]], ...]

    @property
    def text_changed(self) -> bool:
        """Whether a word of it differs."""
        every = (*self.title_runs.values(), *(runs for one in self.paragraphs for runs in one.values()))
        return any(run.kind != SAME for runs in every for run in runs)


@dataclass(frozen=True, slots=True)
class Redline:
    """The whole comparison. `clauses` follow the new version; a removed clause stands where it stood."""

    values: tuple[ValueChange, ...]
    clauses: tuple[ClauseChange, ...]


def compare(old: Version, new: Version) -> Redline:
    """Compare two versions in the languages both have. Raises NothingToCompare when there is none."""
    languages = tuple(lang for lang in new.languages if lang in old.languages)
    if not languages:
        raise NothingToCompare()
    return Redline(tuple(_values(old, new)), tuple(_clauses(old.clauses, new.clauses, languages)))


def tokens(text: str) -> list[str]:
    """The tokens of a text; joined they are the text.

    >>> tokens("2026年11月, 100,000 days")
    ['2026', '年', '11', '月', ',', ' ', '100,000', ' ', 'days']
    """
    return _TOKEN.findall(text)


def runs(old: str, new: str) -> tuple[Run, ...]:
    """The change from one text to the other. Blanks between two changed words count as changed with them."""
    if old == new:
        return (Run(SAME, new),) if new else ()
    before, after = tokens(old), tokens(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return tuple(
        Run(kind, text)
        for gone, came, same in _joined(matcher.get_opcodes(), before, after)
        for kind, text in ((DELETED, gone), (INSERTED, came), (SAME, same))
        if text
    )


def _joined(
    opcodes: Sequence[tuple[str, int, int, int, int]], before: list[str], after: list[str]
) -> Iterator[tuple[str, str, str]]:
    """(deleted, inserted, same) in order, with a blank that stands between two changes put into both of them."""
    gone = came = ""
    for position, (tag, old_start, old_end, new_start, new_end) in enumerate(opcodes):
        removed, added = "".join(before[old_start:old_end]), "".join(after[new_start:new_end])
        between = 0 < position < len(opcodes) - 1
        if tag != "equal":
            gone, came = gone + removed, came + added
        elif between and removed.isspace() and gone and came:
            gone, came = gone + removed, came + removed
        else:
            yield gone, came, removed
            gone = came = ""
    yield gone, came, ""


def _values(old: Version, new: Version) -> Iterator[ValueChange]:
    before = {one.path: one for one in old.shown}
    after = {one.path: one for one in new.shown}
    for path in _in_order(list(before), list(after)):
        was, now = before.get(path), after.get(path)
        if was is not None and now is not None and dict(was.text) == dict(now.text):
            continue
        known = now or was
        if known is not None:
            yield ValueChange(path, known.label, was.text if was else None, now.text if now else None)


def _in_order(before: list[str], after: list[str]) -> list[str]:
    """The new order, with what is gone standing after what it stood after."""
    order = list(after)
    present = set(after)
    for position, one in enumerate(before):
        if one in present:
            continue
        earlier = next((p for p in reversed(before[:position]) if p in order), None)
        order.insert(order.index(earlier) + 1 if earlier is not None else 0, one)
    return order


def _clauses(
    old: Sequence[ResolvedClause], new: Sequence[ResolvedClause], languages: tuple[Lang, ...]
) -> Iterator[ClauseChange]:
    before = {one.id: one for one in old}
    after = {one.id: one for one in new}
    stayed = _longest_rising([list(before).index(one.id) for one in new if one.id in before])
    kept = {old[position].id for position in stayed}
    for clause_id in _in_order(list(before), list(after)):
        yield _clause(clause_id, before.get(clause_id), after.get(clause_id), clause_id in kept, languages)


def _clause(
    clause_id: str, was: ResolvedClause | None, now: ResolvedClause | None, stayed: bool, languages: tuple[Lang, ...]
) -> ClauseChange:
    known = now or was
    title: Texts = known.title if known else {}
    titles = {lang: runs(was.title[lang] if was else "", now.title[lang] if now else "") for lang in languages}
    pairs = _paired(was.paragraphs if was else (), now.paragraphs if now else ())
    paragraphs = tuple(
        {lang: runs(before.get(lang, ""), after.get(lang, "")) for lang in languages} for before, after in pairs
    )
    numbers = (was.number if was else None, now.number if now else None)
    change = ClauseChange(clause_id, "unchanged", *numbers, title, titles, paragraphs)
    if was is None or now is None:
        kind = "added" if was is None else "removed"
    elif not stayed:
        kind = "moved"
    else:
        kind = "changed" if change.text_changed or was.binding != now.binding else "unchanged"
    return ClauseChange(clause_id, kind, *numbers, title, titles, paragraphs)


def _paired(old: Sequence[Texts], new: Sequence[Texts]) -> Iterator[tuple[Texts, Texts]]:
    """Paragraphs side by side: equal ones first, then the ones between them in order of likeness."""
    before = [tuple(sorted(one.items())) for one in old]
    after = [tuple(sorted(one.items())) for one in new]
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from _nearest(list(old[a:b]), list(new[c:d]))


def _nearest(old: list[Texts], new: list[Texts]) -> Iterator[tuple[Texts, Texts]]:
    """Pair each new paragraph with the next old one that it mostly repeats; the rest is removed or added whole."""
    start = 0
    for now in new:
        likeness = [_likeness(was, now) for was in old[start:]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=None)
        if best is None or likeness[best] < 0.4:
            yield {}, now
            continue
        for was in old[start : start + best]:
            yield was, {}
        yield old[start + best], now
        start += best + 1
    for was in old[start:]:
        yield was, {}


def _likeness(old: Texts, new: Texts) -> float:
    shared = [
        SequenceMatcher(None, tokens(old[lang]), tokens(new[lang]), autojunk=False).ratio()
        for lang in new
        if lang in old
    ]
    return max(shared, default=0.0)


def _longest_rising(numbers: Sequence[int]) -> tuple[int, ...]:
    """A longest rising subsequence: the clauses that kept their order; all others moved."""
    tails: list[int] = []
    places: list[int] = []
    links: list[int] = []
    for index, number in enumerate(numbers):
        position = bisect_left(tails, number)
        tails[position : position + 1] = [number]
        places[position : position + 1] = [index]
        links.append(places[position - 1] if position else -1)
    found: list[int] = []
    index = places[-1] if places else -1
    while index >= 0:
        found.append(numbers[index])
        index = links[index]
    return tuple(reversed(found))
