"""Drawings as a pad sends them."""

from __future__ import annotations

import math

from signing_service.pades import drawing
from signing_service.pades.drawing import Drawing

HUNDREDTHS = range(0, 101, 5)


def strokes(slant: float = 0.0) -> list[list[int]]:
    """Three letters that nobody can read, and a line below them."""
    letters = [[round(value) for t in HUNDREDTHS for value in _point(letter, t / 100, slant)] for letter in range(3)]
    return [*letters, [50, 240, 300, 255, 620, 235, 860, 250]]


def _point(letter: int, t: float, slant: float) -> tuple[float, float]:
    swing = math.sin(7 * t * (1 + 0.2 * letter) + slant)
    return 70 + 250 * letter + 220 * t + 25 * math.sin(9 * t + slant), 140 + 90 * swing * (1 - 0.4 * t)


def handwriting(slant: float = 0.0) -> Drawing:
    """The same, read."""
    return drawing.read(strokes(slant))
