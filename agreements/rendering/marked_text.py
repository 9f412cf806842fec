"""A text with its changes on the page: what was put in underlined and green, what was taken out struck through.

Green and red-brown help on a screen; lines alone say the same in black and white. The composed lines are those of any
other text, cut where a change begins or ends. What changed is decided in `agreements.redlines`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import NamedTuple

from agreements.redline_runs import DELETED, INSERTED, SAME, Run
from agreements.rendering import paper
from agreements.rendering.body import Cell
from agreements.rendering.composition import Line, TextStyle, compose
from agreements.rendering.fonts import HAN, Faces, drawn
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element

NOTE = "note"  # words of ours beside the text: “new article”
_COLOURS = {INSERTED: "0.122 0.42 0.29", DELETED: "0.561 0.227 0.122", NOTE: paper.SECOND_INK}
_DECORATIONS = {INSERTED: "Underline", DELETED: "LineThrough"}  # ISO 32000-1 §14.8.5.4, TextDecorationType
_RULE = 0.7
_UNDER, _THROUGH_LATIN, _THROUGH_HAN = -0.17, 0.24, 0.35  # of the type size, from the baseline
_LABEL, _BLANK = -1, -2  # owners that are no run


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a line that belongs to one run: the `owner`-th. `left` and `right` of its ink, in points."""

    owner: int
    kind: str
    left: float
    right: float
    line: Line


@dataclass(frozen=True, slots=True)
class MarkedLine(Line):
    """A composed line and its parts."""

    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class MarkedCell(Cell):
    """A cell of marked lines. `spans` are the structure elements of its runs, shared when it is cut at a page's end."""

    spans: dict[int, Element] = field(default_factory=dict, compare=False)

    def draw(self, page: Page, element: Element, left: float, baseline: float, style: TextStyle) -> None:
        """Draw the cell; each run is content of a span of its own, in their order."""
        if self.label:
            with page.mark(self._span(element, _LABEL, NOTE)):
                page.lines(self.label, left + self.hang, baseline, style)
        start = left + self.indent
        placed = [
            (baseline - row * style.leading, segment)
            for row, line in enumerate(self.lines)
            if isinstance(line, MarkedLine)
            for segment in line.segments
        ]
        for owner, group in groupby(placed, key=lambda one: one[1].owner):
            parts = list(group)
            kind = parts[0][1].kind
            own = replace(style, colour=_COLOURS.get(kind, style.colour))
            with page.mark(self._span(element, owner, kind)):
                for y, segment in parts:
                    page.lines((segment.line,), start + segment.left, y, own)
        self._decorate(page, start, placed, style)

    def _span(self, element: Element, owner: int, kind: str) -> Element:
        if owner not in self.spans:
            self.spans[owner] = element.add("Span")
            if kind in _DECORATIONS:
                self.spans[owner].attributes = f"/O /Layout /TextDecorationType /{_DECORATIONS[kind]}"
        return self.spans[owner]

    @staticmethod
    def _decorate(page: Page, start: float, placed: Sequence[tuple[float, Segment]], style: TextStyle) -> None:
        changed = [(y, segment) for y, segment in placed if segment.kind in _DECORATIONS]
        if not changed:
            return
        with page.mark(None):
            for y, one in changed:
                through = _THROUGH_HAN if one.line.runs[0][0] >= HAN else _THROUGH_LATIN
                height = y + style.size * (_UNDER if one.kind == INSERTED else through)
                page.rule(start + one.left, height, start + one.right, height, _RULE, _COLOURS[one.kind])


def compose_changes(
    faces: Faces, runs: Sequence[Run], lang: str, style: TextStyle, width: float
) -> tuple[MarkedLine, ...]:
    """The lines of a changed text: what was taken out stands before what was put in its place."""
    found: list[MarkedLine] = []
    for text, owners in _pieces(runs):
        at = 0
        for line in compose(faces, text, lang, style, width):
            own = owners[at : at + len(line.text) + 1]
            found.append(_marked(faces, line, own, runs, lang, style))
            at += len(line.text)
            while at < len(text) and text[at] == " ":
                at += 1
    return tuple(found)


def marked(faces: Faces, text: str, kind: str, lang: str, style: TextStyle, width: float) -> MarkedCell:
    """A cell that is one run."""
    return MarkedCell(compose_changes(faces, [Run(kind, text)], lang, style, width))


def _pieces(runs: Sequence[Run]) -> Iterator[tuple[str, list[int]]]:
    """The text between line breaks, and for each character the run it belongs to.

    A narrow word and the one in its place are parted by a blank, or “oncetwice” would be read and not be broken.
    """
    characters: list[tuple[str, int]] = []
    for place, (run, following) in enumerate(pairwise([*runs, Run(SAME, "")])):
        characters += [(character, place) for character in drawn(run.text)]
        if run.kind == DELETED and following.kind == INSERTED and _narrow(run.text[-1]) and _narrow(following.text[0]):
            characters.append((" ", _BLANK))
    for ends, line in groupby(characters, key=lambda one: one[0] == "\n"):
        if not ends:
            text, owners = zip(*line, strict=True)
            blanks = len(text) - len("".join(text).lstrip(" "))
            if blanks < len(text):
                yield "".join(text[blanks:]), list(owners[blanks:])


def _narrow(character: str) -> bool:
    return character < "\u2e80" and not character.isspace()


def _marked(
    faces: Faces, line: Line, owners: Sequence[int], runs: Sequence[Run], lang: str, style: TextStyle
) -> MarkedLine:
    """Cut a line where its owner changes. Positions are kept: kerning and spread stay those of the whole line."""
    if len(set(owners[: len(line.text)])) == 1:
        segments = [Segment(owners[0], _kind(runs, owners[0]), 0.0, line.width, line)]
    else:
        segments = _cut(line, owners, runs, faces.chooser(lang, style.bold), style.size / 1000.0)
    return MarkedLine(line.runs, line.width, line.spread, line.text, tuple(segments))


class _Glyph(NamedTuple):
    """One character of a line: whose it is, the gap before it, where its ink begins and ends (1/1000 of the size)."""

    owner: int
    face: int
    character: str
    gap: float
    left: float
    right: float


def _cut(
    line: Line, owners: Sequence[int], runs: Sequence[Run], chooser: Mapping[str, tuple[int, float]], unit: float
) -> list[Segment]:
    segments = []
    for owner, group in groupby(_glyphs(line, owners, chooser), key=lambda one: one.owner):
        glyphs = list(group)
        left, right = glyphs[0].left, glyphs[-1].right
        cut = Line(_parts(glyphs), (right - left) * unit, line.spread, "".join(one.character for one in glyphs))
        segments.append(Segment(owner, _kind(runs, owner), left * unit, right * unit, cut))
    return segments


def _glyphs(line: Line, owners: Sequence[int], chooser: Mapping[str, tuple[int, float]]) -> Iterator[_Glyph]:
    x, at = 0.0, 0
    for face, parts in line.runs:
        gap = 0.0
        for part in parts:
            if not isinstance(part, str):
                gap += part
                continue
            for character in part:
                left = x + gap
                seen = at < len(line.text)  # the blank after a line's end is there for reading, not for looking
                right = left + chooser[character][1] * seen
                yield _Glyph(owners[min(at, len(owners) - 1)], face, character, gap, left, right)
                x, gap, at = right + line.spread, 0.0, at + 1


def _parts(glyphs: Sequence[_Glyph]) -> tuple[tuple[int, tuple[str | float, ...]], ...]:
    """The runs of a line that begins with the first glyph, without the gap before that."""
    found: list[tuple[int, tuple[str | float, ...]]] = []
    for face, group in groupby(glyphs, key=lambda one: one.face):
        parts: list[str | float] = [""]
        for one in group:
            if one.gap and one is not glyphs[0]:
                parts += [one.gap, ""]
            parts[-1] = f"{parts[-1]}{one.character}"
        found.append((face, tuple(part for part in parts if part)))
    return tuple(found)


def _kind(runs: Sequence[Run], owner: int) -> str:
    return runs[owner].kind if owner >= 0 else SAME
