"""One page being drawn: composed lines, rules and filled squares, each marked with its place in the structure.

Coordinates are PDF points from the lower left corner. It decides nothing about layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import cos, radians, sin

from agreements.rendering import paper
from agreements.rendering.composition import Line, TextStyle
from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.pdf_file import number, numbers
from agreements.rendering.structure import Element

LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0
Rectangle = tuple[float, float, float, float]


class Page:
    """The content of one page as PDF operators, and the elements of its marked content ids."""

    def __init__(self, index: int, fonts: DocumentFonts) -> None:
        self.index = index
        self.marked: list[Element] = []
        self._fonts = fonts
        self._operators: list[str] = []

    @property
    def content(self) -> bytes:
        """The page's content stream."""
        return "\n".join(self._operators).encode("ascii")

    @contextmanager
    def mark(self, element: Element | None) -> Iterator[None]:
        """Mark what is drawn inside as content of `element`, or as an artifact when there is none."""
        if element is None:
            self._operators.append("/Artifact BMC")
        else:
            mark = len(self.marked)
            self.marked.append(element)
            element.content.append((self.index, mark))
            self._operators.append(f"/{element.tag} <</MCID {mark}>> BDC")
        yield
        self._operators.append("EMC")

    @contextmanager
    def turned(self, degrees: float, x: float, y: float) -> Iterator[None]:
        """What is drawn inside is turned counter-clockwise, and its origin stands at `x`, `y`."""
        turn = radians(degrees)
        matrix = (cos(turn), sin(turn), -sin(turn), cos(turn), x, y)
        self._operators.append(f"q {numbers(matrix)} cm")
        yield
        self._operators.append("Q")

    def lines(self, lines: Sequence[Line], x: float, baseline: float, style: TextStyle, align: float = LEFT) -> None:
        """Draw lines downwards from `baseline`; `align` says which part of each line stands at `x`."""
        if lines:
            leading = style.leading
            self._text(
                [(x - align * line.width, baseline - leading * row, line) for row, line in enumerate(lines)], style
            )

    def _text(self, placed: Iterable[tuple[float, float, Line]], style: TextStyle) -> None:
        used, size = self._fonts.used, number(style.size)
        out = [f"BT {style.colour} rg"]
        face_now, spread_now = -1, 0.0
        for x, y, line in placed:
            if line.spread != spread_now:
                spread_now = line.spread
                out.append(f"{number(spread_now * style.size / 1000)} Tc")
            out.append(f"1 0 0 1 {number(x)} {number(y)} Tm")
            for face, parts in line.runs:
                if face != face_now:
                    face_now = face
                    out.append(f"/F{face} {size} Tf")
                code = used[face].__getitem__
                shown = [f"<{''.join(map(code, part))}>" if isinstance(part, str) else number(-part) for part in parts]
                out.append(f"{shown[0]} Tj" if len(parts) == 1 else f"[{' '.join(shown)}] TJ")
        out.append("0 Tc ET" if spread_now else "ET")
        self._operators.append("\n".join(out))

    def rule(self, x0: float, y0: float, x1: float, y1: float, width: float, colour: str = paper.HAIRLINE) -> None:
        """Draw a straight line."""
        self._operators.append(f"{colour} RG {number(width)} w {numbers((x0, y0))} m {numbers((x1, y1))} l S")

    def boxes(self, boxes: Iterable[Rectangle], colour: str = paper.INK) -> None:
        """Fill boxes given as (x, y, width, height)."""
        drawn = "\n".join(f"{numbers(box)} re" for box in boxes)
        self._operators.append(f"{colour} rg\n{drawn}\nf")
