"""Where pages turn: at every height where an article can begin, nothing is left behind and nothing stands alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product

import pytest

from agreements.rendering import paper
from agreements.rendering.body import Cell, Column, Flow
from agreements.rendering.composition import Line, TextStyle
from agreements.rendering.structure import Element

COLUMN = Column("en", paper.LEFT, paper.SINGLE_COLUMN)


class Sheet:
    """A page that only remembers what was set on it."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.texts: list[str] = []

    @contextmanager
    def mark(self, _element: Element | None) -> Iterator[None]:
        yield

    def lines(self, lines: Sequence[Line], _x: float, baseline: float, style: TextStyle) -> None:
        assert baseline - style.leading * (len(lines) - 1) > paper.BOTTOM - paper.LEADING
        self.texts += [line.text for line in lines]


def paragraph(name: str, lines: int) -> list[Cell]:
    return [Cell([Line((), 0.0, 0.0, f"{name}{n}") for n in range(lines)])]


def pages_of(before: Sequence[int], lines: int) -> list[list[str]]:
    """The pages after paragraphs of so many lines and then an article whose paragraph has `lines` lines."""
    sheets: list[Sheet] = []

    def new_page() -> Sheet:
        sheets.append(Sheet(len(sheets)))
        return sheets[-1]

    flow = Flow([COLUMN], new_page)  # type: ignore[arg-type]
    flow.article(
        paragraph("first", 1), [paragraph(f"before{n}.", count) for n, count in enumerate(before)], Element("S")
    )
    flow.article(paragraph("heading", 1), [paragraph("text", lines)], Element("S"))
    return [sheet.texts for sheet in sheets]


@pytest.mark.parametrize("lines", [1, 2, 3, 4, 7])
def test_a_heading_stays_with_the_first_lines_of_its_paragraph(lines: int) -> None:
    for paragraphs, filling in product(range(1, 9), range(1, 44)):
        before = [1] * (paragraphs - 1) + [filling]
        for page in pages_of(before, lines):
            if "heading0" in page:
                assert page[-1] != "heading0", (before, lines)
                begun = page[page.index("heading0") + 1 :]
                assert len(begun) >= min(2, lines), (before, lines)
