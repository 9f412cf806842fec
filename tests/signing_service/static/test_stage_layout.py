"""However many sign, all of them stand on one screen."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import pytest

pytestmark = pytest.mark.browser

HEIGHTS = {"full": 20.8, "many": 13.6, "crowd": 11.6}
SCREENS = {"wall": (92.5, 31.0, 19.2), "laptop": (92.5, 31.0, 12.8), "portrait": (42.0, 55.0, 22.7)}


@pytest.mark.parametrize("screen", SCREENS)
def test_from_one_to_sixty_four_they_fit(run: Callable[..., Any], screen: str) -> None:
    width, height, unit = SCREENS[screen]
    for count in range(1, 65):
        found = run("stage_layout", "(m, ...given) => m.arrange(...given)", count, width, height, unit)
        rows, scale = ceil(count / found["columns"]), found["scale"]
        across = scale * (found["columns"] * 34 + (found["columns"] - 1) * 2.5)
        down = scale * (rows * HEIGHTS[found["mode"]] + (rows - 1) * 2.5)
        assert across <= width + 0.01
        assert down <= height + 0.01


def test_two_parties_are_shown_whole_side_by_side(run: Callable[..., Any]) -> None:
    found = run("stage_layout", "(m, ...given) => m.arrange(...given)", 2, *SCREENS["wall"])
    assert (found["mode"], found["columns"], found["scale"]) == ("full", 2, 1)


@pytest.mark.parametrize(("count", "mode"), [(6, "full"), (12, "many"), (40, "many"), (64, "crowd")])
def test_letters_stay_legible_or_the_tile_says_less(run: Callable[..., Any], count: int, mode: str) -> None:
    found = run("stage_layout", "(m, ...given) => m.arrange(...given)", count, *SCREENS["laptop"])
    assert found["mode"] == mode
