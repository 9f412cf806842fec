"""What changed inside one text: token by token, exact where it can be, never crumbs.

A token is what lawyers read as one: a number with its separators, a date or time in figures, a number in Chinese
numerals, an identifier, an address, a Latin word with hyphens; else one character. In 2026年11月 each number is a token
of its own. Which texts belong together is decided in redlines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from agreements.redline_matching import Matcher, Work

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_MARKS = r"[\u0300-\u036f\u00ad\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
_CHAR = rf"(?:[^\W_〇\u2460-\u24ff{_HAN}]{_MARKS})"
_LETTER = rf"(?:[^\W\d_〇\u2460-\u24ff{_HAN}]{_MARKS})"
_NUMERAL = "[零〇○一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬億兩貳參陸]"
_JOINT = (
    rf"[-‐‑_’'](?={_CHAR})|(?<=\d)[.,．/](?=\d)|(?<=[０-９])，(?=[０-９]{{3}}(?!\d))|(?<=\d)/(?={_CHAR})|/(?=\d)"
    r"|(?<=\d):(?=\d\d(?!\d))|(?<=\d\d)：(?=\d\d(?!\d))|(?<=\d)\+(?=\d\d:\d\d)|(?<=UTC|GMT)[+−](?=\d)"
    r"|(?<=[A-Z\d])\.(?=[A-Z]+\d)"
)
_TOKEN = re.compile(
    r"https?://[!-~]*[A-Za-z\d/]|[A-Z]{2}\d\d(?: [A-Z\d]{4}){3,7}(?: \d{1,4})?(?!\w)"  # a page, an IBAN
    rf"|(?<![^\W{_HAN}])(?<![.%+@-])(?:{_CHAR}|[._%+-])++@(?:{_CHAR}|[.-])*{_CHAR}"  # an e-mail address
    rf"|(?<![^\W{_HAN}])(?<![.-])(?:[a-z\d-]+\.)+[a-z]{{2,}}(?!{_CHAR})"  # a domain
    r"|\d{1,2}\.(?=[ \u00a0][^\W\d_]+[ \u00a0]\d{4}(?!\d))"  # the day of "22. November 2026"
    rf"|(?:{_LETTER}\.){{2,}}|(?:Dr|Prof|Mag|Mr|Mrs|Ms|Nr|No|Art|Abs)\.|(?:RMB|CNY|EUR|USD|GBP|CHF|HKD|JPY)(?=\d)"
    rf"|(?:(?<![\w)\]%％])[-−+](?={_CHAR}))?"  # a sign, or the hyphen of "-nehmer"
    rf"(?:\d{{1,3}}(?:[ \u00a0\u2009\u202f]\d{{3}})+(?!\d)|{_CHAR}+)(?:(?:{_JOINT}){_CHAR}+)*"
    rf"(?:(?<=\d)(?=[十百千万亿萬億]){_NUMERAL}+(?![克米瓦])(?:\d+(?:[.,]\d+)*)?)*"
    r"(?:(?<=[^\W\d])-(?=[\s,]))?"  # the hyphen of "Klein- und"
    rf"|{_NUMERAL}+(?:点{_NUMERAL}+|(?<![百千万])分之{_NUMERAL}+)*(?:[元圆](?:{_NUMERAL}+[角分])+)?"
    rf"|[ \t\u00a0]+|(?s:.){_MARKS}"
)
_SMALL = re.compile(rf"(?!(?!一){_NUMERAL})[{_HAN}]{_MARKS}|{_LETTER}{{1,3}}")
_JOINING = re.compile(r"[-–/·’'&]|\s+")
_EDGES = [re.compile(r"\s\|"), re.compile(r"[，、：]\||,\s\||\|[（(《〈「『“‘„\[【]")]
_EDGES += [re.compile(r"[。！？；]\s*\||[.!?;:]\s+\|"), re.compile(r"^\||\|$|\n\|")]

SAME = "same"
INSERTED = "inserted"
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `kind` is same, inserted or deleted."""

    kind: str
    text: str


def tokens(text: str) -> list[str]:
    """The tokens of a text; joined they are the text.

    >>> tokens("2026年11月, 100,000 days")
    ['2026', '年', '11', '月', ',', ' ', '100,000', ' ', 'days']
    """
    return _TOKEN.findall(text)


def runs(old: str, new: str, work: Work | None = None) -> tuple[Run, ...]:
    """The change from one text to the other: exact where it can be, never crumbs.

    Where a passage was rewritten, one or two single characters or short words that happen to stand in both count as
    changed with it, because islands between many changes cannot be read; a number, a longer word or a mark of
    punctuation never does. Where there is a choice, what was only put in or taken out begins with a sentence or word.
    `work` is what it may cost; what costs more counts as replaced.
    """
    if old == new:
        return (Run(SAME, old),) if old else ()
    return tuple(
        Run(kind, "".join(part))
        for step in _slid(_without_crumbs(_aligned(tokens(old), tokens(new), work or Work())))
        for kind, part in ((DELETED, step.gone), (INSERTED, step.came), (SAME, step.same))
        if part
    )


def kept(old: str, new: str) -> tuple[tuple[int, int, int], ...]:
    """The stretches of whole tokens that stand in both texts: place in the old one, place in the new one, length."""
    found: list[tuple[int, int, int]] = []
    before = after = 0
    for step in _aligned(tokens(old), tokens(new), Work()):
        before, after = before + sum(map(len, step.gone)), after + sum(map(len, step.came))
        length = sum(map(len, step.same))
        found.append((before, after, length))
        before, after = before + length, after + length
    return tuple(one for one in found if one[2])


@dataclass(slots=True)
class _Step:
    """A change and what stays after it."""

    gone: list[str]
    came: list[str]
    same: list[str]


def _aligned(before: list[str], after: list[str], work: Work) -> list[_Step]:
    """The changes between the tokens of both. Numbers and words weigh more than characters, blanks nothing."""
    sides = [[(token, n, i) for i, token in enumerate(side) for n in range(_weight(token))] for side in (before, after)]
    one, two = ([(token, n) for token, n, _ in side] for side in sides)
    steps = [_Step([], [], [])]
    row = column = 0
    for a, b, size in Matcher(one, two, work).get_matching_blocks():
        for (_, n, i), (_, _, j) in zip(sides[0][a : a + size], sides[1][b : b + size], strict=True):
            if n == 0:
                _append(steps, before[row:i], after[column:j], [before[i]])
                row, column = i + 1, j + 1
    _append(steps, before[row:], after[column:], [])
    return steps


def _weight(word: str) -> int:
    return 0 if word.isspace() else 3 if word[-1].isnumeric() and word != "一" else 2 if len(word) > 3 else 1


def _append(steps: list[_Step], gone: list[str], came: list[str], same: list[str]) -> None:
    """Add a change and what stays after it; what both sides begin or end with stays as well."""
    start = end = 0
    while start < min(len(gone), len(came)) and gone[start] == came[start]:
        start += 1
    while end < min(len(gone), len(came)) - start and gone[-1 - end] == came[-1 - end]:
        end += 1
    steps[-1].same += gone[:start]
    if max(len(gone), len(came)) > start + end:
        steps.append(_Step(gone[start : len(gone) - end], came[start : len(came) - end], []))
    steps[-1].same += gone[len(gone) - end :] + same


def _without_crumbs(steps: list[_Step]) -> list[_Step]:
    """Join changes over islands too small to be read: four in a row, or a rewriting four times as large as they."""
    done, chain = steps[:1], list[_Step]()
    for step, following in zip_longest(steps[1:], steps[2:]):
        chain.append(step)
        if following and _is_small(step, following):
            continue
        sizes = [[sum(map(bool, map(_weight, side))) for side in (one.gone, one.came, one.same)] for one in chain]
        enough = sum(max(size[:2]) for size in sizes) >= 4 * sum(size[2] for size in sizes[:-1])
        gone, came = any(one.gone for one in chain), any(one.came for one in chain)
        if (gone and came and len(chain) > 3) or (enough and any(one.gone and one.came for one in chain)):
            last, step.same = step.same, []
            before = [token for one in chain for token in one.gone + one.same]
            _append(done, before, [token for one in chain for token in one.came + one.same], last)
        else:
            done += chain
        chain = []
    return done


def _is_small(one: _Step, two: _Step) -> bool:
    """Whether what stays between two changes says nothing by itself, as the 月 between two numbers does."""
    kept = [token for token in one.same if not _JOINING.fullmatch(token)]
    around = (one.gone[-1:], one.came[-1:], two.gone[:1], two.came[:1])
    return len(kept) < 3 and all(map(_SMALL.fullmatch, kept)) and not all(s and s[0][-1].isnumeric() for s in around)


def _slid(steps: list[_Step]) -> list[_Step]:
    """Move each pure insertion or deletion to the best of the places that give the same text, the last of equals."""
    for place, (left, step) in enumerate(pairwise(steps), start=1):
        if step.gone and step.came:
            continue
        moved = step.gone or step.came
        line, size = left.same + moved + step.same, len(moved)
        first = last = len(left.same)
        while first > (place > 1) and line[first - 1] == line[first + size - 1]:
            first -= 1
        while last + size < len(line) - (place < len(steps) - 1) and line[last] == line[last + size]:
            last += 1
        best = max((_edge(line, at) + _edge(line, at + size), at) for at in range(first, last + 1))[1]
        left.same, moved[:], step.same = line[:best], line[best : best + size], line[best + size :]
    return steps


def _edge(line: list[str], at: int) -> int:
    """How well a change may begin or end before this token: word, part of a sentence, sentence, paragraph."""
    around = "".join((*line[max(at - 2, 0) : at], "|", *line[at : at + 1]))
    return max((worth for worth, edge in enumerate(_EDGES, start=2) if edge.search(around)), default=0)
