"""Where everything in a stamp stands: the frame, the texts beside and below it, the drawing, the QR code on the right.

Two arrangements. Without a drawing the frame has the name, the party and the title beside it, time and key below. With
one the upper part belongs to the frame and the drawing across it, and all texts stand below; in a low box the title and
then the party give way, which stand in print above every box. Nothing is cut: what cannot be fitted is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agreements.rendering.fonts import Faces
from agreements.rendering.pdf_file import number
from signing_service.pades import stamp_lines
from signing_service.pades.errors import StampDoesNotFit
from signing_service.pades.stamp_lines import Measured, Piece

_SCALES = tuple(1 - step / 20 for step in range(13))  # from full size down to two fifths
_LEGIBLE = 0.8  # below this scale a part of the text gives way, where there is one that may
_MARGIN, _GAP, _AIR = 4.0, 8.0, 2.0
_LARGEST_CODE, _CODE_SHARE = 60.0, 0.26  # of the width
_LARGEST_MARK, _LARGEST_MARK_BELOW_INK, _SMALLEST_MARK = 60.0, 46.0, 26.0

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The texts by what they say. `facts` are the time and the key."""

    name: tuple[Piece, ...]
    party: tuple[Piece, ...]
    title: tuple[Piece, ...]
    facts: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Points from the lower left corner; texts are placed by their upper left corner. `ink`: x, y, width, height."""

    scale: float
    mark_side: float
    mark_at: Place
    beside: list[Piece]
    beside_at: Place
    below: list[Piece]
    below_at: Place
    ink: tuple[float, float, float, float]
    code_side: float
    code_at: Place


def fitting(pieces: Pieces, faces: Faces, box: tuple[float, float], *, coded: bool, drawn: bool) -> Layout:
    """The arrangement with the largest texts in a box of that width and height; raises `StampDoesNotFit`."""
    width, height = box
    code = min(width * _CODE_SHARE, height, _LARGEST_CODE) if coded else 0.0
    room = width - code - _MARGIN - (0.0 if coded else _MARGIN)  # a code brings its own quiet zone
    if drawn:
        found = next(_drawn(pieces, faces, room, height), None)
    else:
        found = next(_plain(pieces, faces, room, height), None)
    if found is None:
        raise StampDoesNotFit(width=number(width), height=number(height))
    scale, mark, beside, below = found
    upper = max(mark, stamp_lines.height(beside, scale))
    top = (height + upper + _AIR + stamp_lines.height(below, scale)) / 2
    middle = top - upper / 2
    text_x = _MARGIN + mark + _GAP
    return Layout(
        scale=scale,
        mark_side=mark,
        mark_at=(_MARGIN, middle - mark / 2),
        beside=beside,
        beside_at=(text_x, middle + stamp_lines.height(beside, scale) / 2),
        below=below,
        below_at=(_MARGIN + 1, top - upper - _AIR),
        ink=(_MARGIN + 0.55 * mark, middle - mark / 2, room - 0.55 * mark, mark),
        code_side=code,
        code_at=(width - code, (height - code) / 2),
    )


Found = tuple[float, float, list[Piece], list[Piece]]


def _plain(pieces: Pieces, faces: Faces, room: float, height: float) -> Iterator[Found]:
    """Scale, side of the frame, lines beside and below it: what fits, the largest first."""
    beside = stamp_lines.measured((*pieces.name, *pieces.party, *pieces.title), faces)
    below = stamp_lines.measured(pieces.facts, faces)
    for scale in _SCALES:
        under = stamp_lines.broken(below, room - 1, scale)
        if under is None:
            continue
        left = height - _MARGIN - _AIR - stamp_lines.height(under, scale)
        mark = min(left, room * 0.34, _LARGEST_MARK)
        next_to = stamp_lines.broken(beside, room - mark - _GAP, scale) if mark >= _SMALLEST_MARK else None
        if next_to is not None and stamp_lines.height(next_to, scale) <= left:
            yield scale, mark, next_to, under


def _drawn(pieces: Pieces, faces: Faces, room: float, height: float) -> Iterator[Found]:
    """The same with all texts below; with fewer of them rather than too small."""
    choices = [
        stamp_lines.measured(chosen, faces)
        for chosen in (
            (*pieces.name, *pieces.party, *pieces.title, *pieces.facts),
            (*pieces.name, *pieces.party, *pieces.facts),
            (*pieces.name, *pieces.facts),
        )
    ]
    wanted = min(0.42 * height, _LARGEST_MARK_BELOW_INK)
    for texts in choices:
        yield from _under(texts, [scale for scale in _SCALES if scale >= _LEGIBLE], room, height, wanted)
    yield from _under(choices[-1], _SCALES, room, height, min(wanted, _SMALLEST_MARK))


def _under(texts: Measured, scales: Sequence[float], room: float, height: float, least: float) -> Iterator[Found]:
    for scale in scales:
        lines = stamp_lines.broken(texts, room - 1, scale)
        if lines is None:
            continue
        left = height - _MARGIN - _AIR - stamp_lines.height(lines, scale)
        if left >= least:
            yield scale, min(left, _LARGEST_MARK_BELOW_INK), [], lines
