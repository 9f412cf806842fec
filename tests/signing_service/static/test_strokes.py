"""The pad's own rules: the curve of the stamp, fewer points instead of too many, nothing too small to be seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from signing_service.pades.drawing import HEIGHT, SMALLEST, read
from tests.factories.handwriting import strokes
from tests.signing_service.pades.test_drawing import form_of

pytestmark = pytest.mark.browser


def test_the_pad_shows_the_curve_that_the_stamp_is_given(run: Callable[..., Any]) -> None:
    stroke = strokes()[0]
    shown = run("strokes", "(m, stroke) => m.curve(stroke)", stroke)
    ends = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)(?=[QL]|$)", shown)]
    written = re.findall(r"(\d+) (\d+) (?:m|c|l S)\n", form_of(read([stroke])) + "\n")
    assert [(int(x) / 6, HEIGHT - int(y) / 6) for x, y in written] == ends


def test_a_long_stroke_loses_points_and_keeps_its_ends(run: Callable[..., Any]) -> None:
    for count in range(1, 12):
        stroke = [value for point in range(count) for value in (point, 2 * point)]
        fewer = run("strokes", "(m, stroke) => m.thinned(stroke)", stroke)
        assert fewer[:2] == stroke[:2]
        assert fewer[-2:] == stroke[-2:]
        assert len(fewer) <= count + 4
        assert len(fewer) % 2 == 0


def test_what_the_service_refuses_as_too_small_is_not_offered(run: Callable[..., Any]) -> None:
    for reach in (SMALLEST - 1, SMALLEST):
        given = [[10, 10], [10, 10 + reach]]
        assert run("strokes", "(m, ...given) => m.isVisible(...given)", given, SMALLEST) is (reach == SMALLEST)
