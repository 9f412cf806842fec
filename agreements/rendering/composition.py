"""Breaks a paragraph into lines: Chinese by the rules of its punctuation, Latin script between words.

The whole paragraph is weighed at once (least sum of squared slack, after Knuth and Plass), so that no last line holds a
single character. Pure and memoised: the same text, style and width give the same lines. It knows nothing of pages.
Rules for Chinese follow GB/T 15834 and the W3C's "Requirements for Chinese Text Layout".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from itertools import accumulate, pairwise

from agreements.rendering.fonts import Faces, drawn

CLOSING = "，。、；：！？）》〉」』】〕”’％"  # may not begin a line
OPENING = "（《〈「『【〔“‘"  # may not end a line
_RIGHT_BLANK = frozenset("，。、；：）》〉」』】〕”’")  # right half of the square is empty
_LEFT_BLANK = frozenset(OPENING)  # left half of the square is empty
_NO_START = frozenset(CLOSING + "·…—,.;:!?)]}%°")
_NO_END = frozenset(OPENING + "([{¥€$£#№")
_NO_BREAK = "\u00a0"
_BREAK_AFTER = frozenset("-–—/")
_EMERGENCY_AFTER = frozenset("@.:/?&=_-+~")
_TIES = re.compile(  # what stays on one line: numbers, “Article 9”, “Party A”, “22 November”, 第十六条, addresses
    r"(?<=\d) (?=\d)|(?:Articles?|Artikel|No\.|Nr\.|Nro|Party|Partei|Osapuoli|Annex) (?=\d|[A-Z]\b)|(?<=\d) (?=artikla)"
    r"|\b\d{1,2}\.? (?=[^\W\d]+ \d{4})|第[一二三四五六七八九十百零]+(?=条)|[!-~]+@[!-~]+|[a-z]+://[!-~]+"
)
_HALF = 500.0  # 1/1000 of the type size
_SCRIPT_GAP = 125.0  # between Chinese and Latin script
_MAX_SPREAD = 85.0  # a justified gap may not look like a word space
_SQUEEZE = 300.0  # how much of a blank half a tight line may take back
_RAGGED_LINE = 25.0  # demerits of a Chinese line that is too short to be spread
_AFTER_DIGITS = frozenset("年月日时分条款项号")  # a number is not parted from these


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a run of text is set. Sizes in points; `colour` as PDF operands of `rg`."""

    size: float
    leading: float
    bold: bool = False
    colour: str = "0.11 0.137 0.2"
    justify: bool = True  # Chinese only: both edges flush


@dataclass(frozen=True, slots=True)
class Line:
    """One composed line.

    `runs` holds (index of the face, parts); a part is a text, or an advance in 1/1000 of the size.
    `spread` is added after every glyph, in 1/1000 of the size. `width` is in points.
    """

    runs: tuple[tuple[int, tuple[str | float, ...]], ...]
    width: float
    spread: float
    text: str


@dataclass(slots=True)
class _Items:
    """A paragraph as parallel lists, one entry per character; widths in 1/1000 of the size."""

    text: str
    chinese: bool
    faces: list[int]
    gaps: list[float]  # put before the character, unless it begins a line
    ends: list[float]  # prefix sums of gap and advance
    squeezes: list[float]  # prefix sums of what a tight line may take back before the character
    breaks: list[int]  # positions before which a line may begin; last entry is len(text)


def compose(faces: Faces, text: str, lang: str, style: TextStyle, width: float) -> tuple[Line, ...]:
    """Return the lines of a text set to `width` points; line breaks in the text are kept.

    Raises KeyError for a character without a glyph: call `fonts.check` before, which names the place.
    """
    return _compose(faces, text, lang, style, round(width, 2))


@lru_cache(maxsize=8192)
def _compose(faces: Faces, text: str, lang: str, style: TextStyle, width: float) -> tuple[Line, ...]:
    lines: list[Line] = []
    for part in text.replace("\r\n", "\n").split("\n"):
        words = [drawn(piece) for piece in part.lstrip().split(_NO_BREAK)]
        if any(words):
            held = frozenset(accumulate(len(word) + 1 for word in words[:-1]))
            lines += _compose_part(faces, " ".join(words), held, lang, style, width)
    return tuple(lines)


def forget() -> None:
    """Compose everything anew from here on, as a fresh process does; for measuring."""
    _compose.cache_clear()


def natural_width(faces: Faces, text: str, lang: str, style: TextStyle) -> float:
    """Width in points of a text set on one line."""
    return max((line.width for line in compose(faces, text, lang, style, 1e6)), default=0.0)


def _compose_part(
    faces: Faces, text: str, held: frozenset[int], lang: str, style: TextStyle, width: float
) -> list[Line]:
    """The lines of one text without line breaks; none begins at a place in `held` (after a no-break blank)."""
    measure = width * 1000.0 / style.size
    items = _itemise(faces, text, held, lang, style.bold, measure)
    justify = style.justify and items.chinese
    starts = _choose_breaks(items, measure, justify)
    return [_line(items, start, end, measure, style.size, justify) for start, end in pairwise(starts)]


def _wide(character: str) -> bool:
    """True for characters set on the Chinese square."""
    return character >= "\u2e80" or character in "“”‘’…—" or character in _RIGHT_BLANK


def _itemise(faces: Faces, text: str, held: frozenset[int], lang: str, bold: bool, measure: float) -> _Items:
    chinese = lang.startswith("zh")
    chooser = faces.chooser(lang, bold)
    kerning = faces.kernings[bold]
    items = _Items(text, chinese, [], [], [], [], [])
    tied = held.union(place for tie in _TIES.finditer(text) for place in range(tie.start() + 1, tie.end() + 1))
    total = squeeze = 0.0
    before = ""
    before_wide = False
    for position, character in enumerate(text):
        face, advance = chooser[character]
        wide = _wide(character) if chinese else character >= "\u2e80"
        if not before:
            gap = 0.0
        elif wide or before_wide:
            gap = _gap(before, character, before_wide, wide)
        else:
            gap = kerning[before, character]
        if before and position not in tied and _may_break(before, character, before_wide, wide):
            items.breaks.append(position)
        total += advance + gap
        items.faces.append(face)
        items.gaps.append(gap)
        items.ends.append(total)
        if chinese and gap == 0.0:
            squeeze += _SQUEEZE * ((before in _RIGHT_BLANK) + (character in _LEFT_BLANK))
        items.squeezes.append(squeeze)
        before, before_wide = character, wide
    items.breaks.append(len(text))
    _break_wide_words(items, measure)
    return items


def _break_wide_words(items: _Items, measure: float) -> None:
    """Let a word that is wider than the column be broken, after a mark if it has one: better broken than lost."""
    start, breaks = 0, list(items.breaks)
    for end in breaks:
        if _extent(items, start, end) > measure:
            marks = [place for place in range(start + 1, end) if items.text[place - 1] in _EMERGENCY_AFTER]
            places, last = [start], start
            for place in range(start + 1, end):
                if _extent(items, last, place + 1) > measure:
                    reachable = [mark for mark in marks if last < mark <= place]
                    last = reachable[-1] if reachable else place
                    places.append(last)
            items.breaks = sorted({*items.breaks, *places[1:]})
        start = end


def _gap(before: str, character: str, before_wide: bool, wide: bool) -> float:
    """Advance between two characters: squeezed punctuation, a little air between the scripts."""
    if before_wide and wide:
        if character in _LEFT_BLANK and (before in _RIGHT_BLANK or before in _LEFT_BLANK):
            return -_HALF
        if before in _RIGHT_BLANK and character in _RIGHT_BLANK:
            return -_HALF
        return 0.0
    if before_wide != wide and before.isalnum() and character.isalnum():
        return _SCRIPT_GAP
    return 0.0


def _may_break(before: str, character: str, before_wide: bool, wide: bool) -> bool:
    if character == " " or character in _NO_START or before in _NO_END:
        return False
    if before == " ":
        return True
    if wide or before_wide:
        return not (character in _AFTER_DIGITS and before.isdigit())
    return before in _BREAK_AFTER and character.isalpha()


def _extent(items: _Items, start: int, end: int) -> float:
    """Width of text[start:end] as a line: blanks and the empty halves of punctuation at its edges do not count."""
    last = end - 1
    while last > start and items.text[last] == " ":
        last -= 1
    extent = items.ends[last] - (items.ends[start - 1] if start else 0.0) - items.gaps[start]
    if items.chinese:
        if items.text[start] in _LEFT_BLANK:
            extent -= _HALF
        if items.text[last] in _RIGHT_BLANK and last > start:
            extent -= _HALF
    return extent


def _squeeze(items: _Items, start: int, end: int) -> float:
    """How much narrower a Chinese line can be made by closing up its punctuation."""
    return items.squeezes[end - 1] - items.squeezes[start]


def _choose_breaks(items: _Items, measure: float, justify: bool) -> list[int]:
    """Return the line starts, 0 first and len(text) last, with the least sum of demerits."""
    length = len(items.text)
    tolerance = 2200.0 if items.chinese else measure * 0.24
    orphan = 2400.0 if items.chinese else measure * 0.2
    unit = 1000.0 if items.chinese else measure * 0.1
    best: dict[int, tuple[float, int]] = {0: (0.0, -1)}
    queue = [0]
    while (start := heappop(queue)) != length:  # ascending, so what leads to `start` is already weighed
        base = best[start][0]
        for end, slack in _ends(items, start, measure, tolerance, justify):
            if end == length:
                cost = base + (0.0 if measure - slack > orphan or start == 0 else 9.0)
            else:
                cost = base + (slack / unit) ** 2 + 0.2
                if justify and slack > _MAX_SPREAD * (end - start - 1):
                    cost += _RAGGED_LINE
            known = best.get(end)
            if known is None:
                heappush(queue, end)
            if known is None or cost < known[0]:
                best[end] = (cost, start)
    chain = [length]
    while chain[-1] > 0:
        chain.append(best[chain[-1]][1])
    return chain[::-1]


def _ends(items: _Items, start: int, measure: float, tolerance: float, justify: bool) -> list[tuple[int, float]]:
    """Where a line that begins at `start` may end, with the slack it leaves: the fullest first, the loosest last."""
    breaks = items.breaks
    index = bisect_right(breaks, start)
    reach = (items.ends[start - 1] if start else 0.0) + measure + 3000.0
    high = bisect_right(breaks, bisect_right(items.ends, reach) + 1)
    found: list[tuple[int, float]] = []
    for position in range(min(high, len(breaks) - 1), index - 1, -1):
        end = breaks[position]
        slack = measure - _extent(items, start, end)
        if slack < -0.5 and not (justify and -slack <= _squeeze(items, start, end)):
            continue
        if found and slack > tolerance:
            break
        found.append((end, slack))
    return found or [(breaks[index], 0.0)]


def _line(items: _Items, start: int, end: int, measure: float, size: float, justify: bool) -> Line:
    text = items.text
    stop = end
    while end > start + 1 and text[end - 1] == " ":
        end -= 1
    extent = _extent(items, start, end)
    spread = tightness = 0.0
    if justify and end - start > 1 and extent > measure:
        tightness = (extent - measure) / max(_squeeze(items, start, end), 1.0)
        extent = measure
    elif justify and end - start > 1 and end < len(text.rstrip()):
        spread = (measure - extent) / (end - start - 1)
        spread = spread if spread <= _MAX_SPREAD else 0.0
    runs: list[tuple[int, tuple[str | float, ...]]] = []
    parts: list[str | float] = []
    word: list[str] = []
    face = items.faces[start]
    if items.chinese and text[start] in _LEFT_BLANK:
        parts.append(-_HALF)
    for position in range(start, end):
        gap = 0.0
        if position > start:
            gap = items.gaps[position]
            if tightness:
                gap -= round(tightness * (items.squeezes[position] - items.squeezes[position - 1]), 1)
        if gap or items.faces[position] != face:
            if word:
                parts.append("".join(word))
                word = []
            if items.faces[position] != face:
                runs.append((face, tuple(parts)))
                face, parts = items.faces[position], []
            if gap:
                parts.append(gap)
        word.append(text[position])
    parts.append("".join(word) + " " * (stop > end))  # the blank is kept for those who read the text, not the page
    runs.append((face, tuple(parts)))
    width = (extent + spread * (end - start - 1)) * size / 1000.0
    return Line(tuple(runs), width, round(spread, 2), text[start:end])
