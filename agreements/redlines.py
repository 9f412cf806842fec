"""What changed between two versions: values first, then clause by clause, token by token, in each language.

Clauses are aligned by their id, paragraphs by likeness, words as redline_runs does. The work is bounded: what would
take too long to compare word by word is shown as replaced. Drawing it is for pages and the PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import NamedTuple

from agreements.clauses import ResolvedClause
from agreements.errors import NothingToCompare
from agreements.languages import Lang, Texts
from agreements.redline_matching import Matcher, Work
from agreements.redline_runs import DELETED, INSERTED, SAME, Run, runs, tokens
from agreements.versions import Version

__all__ = [
    "DELETED",
    "INSERTED",
    "SAME",
    "UNCHANGED",
    "ClauseChange",
    "Redline",
    "Run",
    "ValueChange",
    "compare",
    "runs",
    "tokens",
]

UNCHANGED = "unchanged"
CHANGED = "changed"


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
    `paragraphs` hold per language the runs of one paragraph; {} of a language that has none. `labels` are theirs in
    the new version, in the old one where a paragraph is gone; () of a clause without labels.
    """

    clause_id: str
    kind: str
    old_number: int | None
    new_number: int | None
    title: Texts
    title_runs: Mapping[Lang, tuple[Run, ...]]
    paragraphs: tuple[Mapping[Lang, tuple[Run, ...]], ...]
    labels: tuple[Texts, ...] = ()

    @property
    def text_changed(self) -> bool:
        """Whether a word of it differs."""
        every = (*self.title_runs.values(), *(runs for one in self.paragraphs for runs in one.values()))
        return any(run.kind != SAME for runs in every for run in runs)


@dataclass(frozen=True, slots=True)
class Redline:
    """The whole comparison, in the `languages` both have. A removed clause stands where it stood in the old order."""

    values: tuple[ValueChange, ...]
    clauses: tuple[ClauseChange, ...]
    languages: tuple[Lang, ...]

    @property
    def nothing_differs(self) -> bool:
        """Whether both say the same, with the same values."""
        return not self.values and all(one.kind == UNCHANGED for one in self.clauses)


def compare(old: Version, new: Version) -> Redline:
    """Compare two versions in the languages both have. Raises NothingToCompare when there is none."""
    languages = tuple(lang for lang in new.languages if lang in old.languages)
    if not languages:
        raise NothingToCompare()
    clauses = compare_clauses(old.clauses, new.clauses, languages)
    return Redline(tuple(_values(old, new, languages)), clauses, languages)


def compare_clauses(
    old: Sequence[ResolvedClause], new: Sequence[ResolvedClause], languages: tuple[Lang, ...]
) -> tuple[ClauseChange, ...]:
    """The same for clauses alone, in the languages named."""
    return tuple(_clauses(old, new, languages, Work()))


def change_of(
    was: ResolvedClause | None, now: ResolvedClause | None, languages: tuple[Lang, ...], clause_id: str
) -> ClauseChange:
    """One clause against another wording of it; None where it was, or is, not there."""
    return _clause(clause_id, was, now, languages, Work())


def _values(old: Version, new: Version, languages: tuple[Lang, ...]) -> Iterator[ValueChange]:
    before, after = ({one.path: one for one in side.shown} for side in (old, new))
    for path in _in_order(list(before), list(after)):
        was, now = before.get(path), after.get(path)
        known = now or was
        old_text, new_text = (_only(one.text, languages) if one else None for one in (was, now))
        if known and old_text != new_text:
            yield ValueChange(path, known.label, old_text, new_text)


def _only(texts: Texts, languages: tuple[Lang, ...]) -> dict[Lang, str]:
    """The texts in these languages; what only one of two versions has is not a change."""
    return {lang: texts[lang] for lang in languages if lang in texts}


def _in_order(before: list[str], after: list[str]) -> list[str]:
    """The new order, with what is gone standing after what it stood after."""
    order, known = list(after), set(after)
    for position, one in enumerate(before):
        if one not in known:
            order.insert(order.index(before[position - 1]) + 1 if position else 0, one)
    return order


def _clauses(
    old: Sequence[ResolvedClause], new: Sequence[ResolvedClause], languages: tuple[Lang, ...], work: Work
) -> Iterator[ClauseChange]:
    before, after = ({one.id: one for one in side} for side in (old, new))
    rising: list[tuple[int, ...]] = [()]  # the longest that ends with each; the clauses of the longest kept their order
    for place in (list(before).index(one.id) for one in new if one.id in before):
        rising.append((*max((one for one in rising if one[-1:] < (place,)), key=len), place))
    stayed = {old[place].id for place in max(reversed(rising), key=len)}
    for clause_id in _in_order(list(before), list(after)):
        change = _clause(clause_id, before.get(clause_id), after.get(clause_id), languages, work)
        moved = change.kind in (UNCHANGED, CHANGED) and clause_id not in stayed
        yield replace(change, kind="moved") if moved else change


def _clause(
    clause_id: str, was: ResolvedClause | None, now: ResolvedClause | None, languages: tuple[Lang, ...], work: Work
) -> ClauseChange:
    """The clause as added, removed, changed or unchanged; whether it moved is not seen from one clause."""
    title: Texts = now.title if now else was.title if was else {}
    before, after = (one.title if one else {} for one in (was, now))
    titles = {lang: runs(before.get(lang, ""), after.get(lang, ""), work) for lang in languages}
    pairs = list(_paired(_labelled(was, languages), _labelled(now, languages), work))
    change = ClauseChange(
        clause_id,
        "added" if was is None else "removed" if now is None else UNCHANGED,
        was.number if was else None,
        now.number if now else None,
        title,
        titles,
        tuple({lang: runs(a.texts.get(lang, ""), b.texts.get(lang, ""), work) for lang in languages} for a, b in pairs),
        tuple(b.label or a.label for a, b in pairs) if any(a.label or b.label for a, b in pairs) else (),
    )
    differs = change.text_changed or (was and was.binding) != (now and now.binding)
    return replace(change, kind=CHANGED) if change.kind == UNCHANGED and differs else change


class _Paragraph(NamedTuple):
    """A paragraph with the label that stands before it."""

    texts: Texts
    label: Texts


_NONE = _Paragraph({}, {})


def _labelled(clause: ResolvedClause | None, languages: tuple[Lang, ...]) -> list[_Paragraph]:
    if clause is None:
        return []
    labels = clause.labels or ({},) * len(clause.paragraphs)
    return [_Paragraph(_only(texts, languages), label) for texts, label in zip(clause.paragraphs, labels, strict=True)]


def paired(old: Sequence[Texts], new: Sequence[Texts]) -> Iterator[tuple[Texts, Texts]]:
    """Paragraphs side by side, each side in its order: equal ones first, the ones between by likeness; {} for none."""
    before, after = ([_Paragraph(one, {}) for one in side] for side in (old, new))
    for was, now in _paired(before, after, Work()):
        yield was.texts, now.texts


def _paired(
    old: Sequence[_Paragraph], new: Sequence[_Paragraph], work: Work
) -> Iterator[tuple[_Paragraph, _Paragraph]]:
    """Paragraphs side by side: equal ones first, then the ones between them in order of likeness."""
    before, after = ([tuple(sorted(one.texts.items())) for one in side] for side in (old, new))
    for tag, a, b, c, d in Matcher(before, after, work).get_opcodes():
        if tag == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        elif work.take((b - a) * (d - c) * (b - a + d - c)):
            yield from _nearest(old[a:b], new[c:d], work)
        else:
            yield from zip_longest(old[a:b], new[c:d], fillvalue=_NONE)


def _nearest(old: Sequence[_Paragraph], new: Sequence[_Paragraph], work: Work) -> list[tuple[_Paragraph, _Paragraph]]:
    """Pair paragraphs that mostly repeat each other so that the whole is most alike; the rest is removed or added."""
    best: list[tuple[float, list[tuple[_Paragraph, _Paragraph]]]]
    best = [(0.0, [(_NONE, now) for now in new[:end]]) for end in range(len(new) + 1)]
    words = [_words(one.texts) for one in new]
    for was in old:
        above, best = best, [(0.0, [*best[0][1], (was, _NONE)])]
        mine = _words(was.texts)
        for (before, pairs), (beside, rows), now, theirs in zip(above, above[1:], new, words, strict=False):
            ways = [(best[-1][0], [*best[-1][1], (_NONE, now)]), (beside, [*rows, (was, _NONE)])]
            likeness = _likeness(mine, theirs, work)
            ways += [(before + likeness, [*pairs, (was, now)])] if likeness >= 0.4 else []
            best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


def _words(texts: Texts) -> dict[Lang, list[str]]:
    """The tokens that say something; blanks and stops do not."""
    return {lang: [token for token in tokens(text) if re.search(r"\w", token)] for lang, text in texts.items()}


def _likeness(old: Mapping[Lang, list[str]], new: Mapping[Lang, list[str]], work: Work) -> float:
    """How much of the words two paragraphs share, in the language where it is most."""
    return max((Matcher(old[lang], new[lang], work).ratio() for lang in new if lang in old), default=0.0)
