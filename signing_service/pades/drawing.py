"""A signature drawn by hand: an ornament of the stamp, a closed grammar of whole numbers, and its form as PDF strokes.

A drawing proves nothing: certificate and key make the signature. It is a list of strokes, each a flat list x, y, x, y …
of points on the grid of the pad, its origin above on the left; nothing else can be said in it. The curve through the
points is the one that the pad shows: quadratic, with the points as controls and the middles between them as ends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from agreements.rendering.pdf_file import PdfFile
from signing_service.pades.errors import N_, DrawingRefused

WIDTH, HEIGHT = 900, 300
"""The grid of the pad."""

STROKES_MAX, POINTS_MAX = 48, 1200
SMALLEST = 60
"""A drawing reaches at least so far in one direction."""

PEN = 7
"""Width of the pen on the grid."""

BYTES_MAX = POINTS_MAX * len("900,300,") + STROKES_MAX * len("[],") + len("[]")
"""No drawing is longer as bytes."""

_INK = "0.106 0.165 0.365"  # blue-black
_FINE = 6  # the curve's middles and thirds are whole on a grid six times as fine
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Strokes of points; made by `read` and `of_bytes` only, so always within the bounds."""

    strokes: tuple[tuple[Point, ...], ...]

    @property
    def data(self) -> bytes:
        """The one byte form: JSON without blanks."""
        return json.dumps(plain(self), separators=(",", ":")).encode("ascii")

    @property
    def sha256(self) -> str:
        """Of the byte form."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of what the pen touched."""
        xs, ys = zip(*(point for stroke in self.strokes for point in stroke), strict=True)
        return min(xs) - PEN, min(ys) - PEN, max(xs) + PEN, max(ys) + PEN


def read(value: object) -> Drawing:
    """The drawing that parsed JSON describes; raises `DrawingRefused` naming what is wrong."""
    if not isinstance(value, list) or not value:
        raise DrawingRefused(reason=N_("it is not a list of strokes"))
    if len(value) > STROKES_MAX:
        raise DrawingRefused(reason=N_("it has too many strokes"))
    if not all(isinstance(stroke, list) and stroke and len(stroke) % 2 == 0 for stroke in value):
        raise DrawingRefused(reason=N_("a stroke is not a list of points"))
    if sum(map(len, value)) > 2 * POINTS_MAX:
        raise DrawingRefused(reason=N_("it has too many points"))
    drawing = Drawing(tuple(tuple(_points(stroke)) for stroke in value))
    left, top, right, bottom = drawing.box
    if max(right - left, bottom - top) < SMALLEST + 2 * PEN:
        raise DrawingRefused(reason=N_("it is too small to be seen"))
    return drawing


def _points(stroke: list[object]) -> Iterator[Point]:
    for x, y in zip(stroke[::2], stroke[1::2], strict=True):
        if type(x) is not int or type(y) is not int:  # no truth values, no floats, so neither NaN nor infinity
            raise DrawingRefused(reason=N_("a coordinate is not a whole number"))
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            raise DrawingRefused(reason=N_("a point lies outside the pad"))
        yield x, y


def of_bytes(data: bytes) -> Drawing:
    """The drawing back from its byte form; raises `DrawingRefused`."""
    try:
        return read(json.loads(data[: BYTES_MAX + 1]))
    except (ValueError, RecursionError) as error:
        raise DrawingRefused(reason=N_("it is not a list of strokes")) from error


def plain(drawing: Drawing) -> list[list[int]]:
    """The strokes as they travel."""
    return [[number for point in stroke for number in point] for stroke in drawing.strokes]


def write_form(pdf: PdfFile, drawing: Drawing) -> tuple[int, int, int]:
    """Add the strokes as a form XObject, cut to what was drawn; its object number, its width and height on the grid."""
    left, top, right, bottom = drawing.box
    unit = f"{1 / _FINE:.9f}"
    box = " ".join(str(_FINE * value) for value in (left, HEIGHT - bottom, right, HEIGHT - top))
    strokes = "\n".join(_stroke([(_FINE * x, _FINE * (HEIGHT - y)) for x, y in one]) for one in drawing.strokes)
    matrix = f"[{unit} 0 0 {unit} {-left} {bottom - HEIGHT}]"
    entries = f" /Type /XObject /Subtype /Form /BBox [{box}] /Matrix {matrix} /Resources <<>>"
    content = f"1 J 1 j {_FINE * PEN} w {_INK} RG\n{strokes}"
    return pdf.add_stream(content.encode("ascii"), entries), right - left, bottom - top


def _stroke(points: list[Point]) -> str:
    """One path; all its numbers are whole on the fine grid."""
    (x, y), (last_x, last_y) = points[0], points[-1]
    path = [f"{x} {y} m"]
    for (x1, y1), (x2, y2) in pairwise(points[1:]):
        end_x, end_y = (x1 + x2) // 2, (y1 + y2) // 2
        controls = ((x + 2 * x1) // 3, (y + 2 * y1) // 3, (end_x + 2 * x1) // 3, (end_y + 2 * y1) // 3)
        path.append(f"{' '.join(map(str, controls))} {end_x} {end_y} c")
        x, y = end_x, end_y
    return "\n".join((*path, f"{last_x} {last_y} l S"))
