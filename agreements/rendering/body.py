"""The agreed text: one row per paragraph, the languages side by side, over as many pages as it takes.

A heading stays with the first lines of its paragraph; no page begins or ends with a single line of a paragraph. Labels
(5.1, （1）) hang before their paragraph, the same label in each language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from agreements.clauses import ResolvedClause
from agreements.numerals import article
from agreements.rendering import paper
from agreements.rendering.composition import Line, TextStyle, compose, natural_width
from agreements.rendering.fonts import Faces
from agreements.rendering.outlines import Mark
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element
from agreements.rendering.words import word

_SHORT = 6  # lines of a paragraph that is kept with the list it introduces
_AFTER_NUMBER, _AFTER_ITEM = 6.0, 2.5


@dataclass(frozen=True, slots=True)
class Column:
    """One language's place on the sheet."""

    lang: str
    left: float
    width: float

    def style(self, heading: bool) -> TextStyle:
        """How headings or paragraphs are set in this language."""
        return (paper.ARTICLE if heading else paper.BODY)[paper.is_chinese(self.lang)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One language of a paragraph: its label, hanging at `hang`, and its lines at `indent` from the column's edge."""

    lines: Sequence[Line]
    label: Sequence[Line] = ()
    hang: float = 0.0
    indent: float = 0.0
    item: bool = False

    def draw(self, page: Page, element: Element, left: float, baseline: float, style: TextStyle) -> None:
        """Draw the cell as content of `element`; `left` is the column's edge, `baseline` that of the first line."""
        with page.mark(element):
            page.lines(self.label, left + self.hang, baseline, style)
            page.lines(self.lines, left + self.indent, baseline, style)


Row = Sequence[Cell]


def columns_for(languages: Sequence[str]) -> tuple[Column, ...]:
    """Two columns for two languages, one of a readable width for a single one."""
    if len(languages) == 1:
        return (Column(languages[0], paper.LEFT, paper.SINGLE_COLUMN),)
    return (
        Column(languages[0], paper.LEFT, paper.FIRST_COLUMN),
        Column(languages[1], paper.SECOND_LEFT, paper.SECOND_COLUMN),
    )


class Flow:
    """Sets rows down the page and turns to a new page when one is full."""

    def __init__(self, columns: Sequence[Column], new_page: Callable[[], Page], top: float = paper.TOP) -> None:
        self._columns = columns
        self._new_page = new_page
        self._page = new_page()
        self._y = top

    def article(self, heading: Row, paragraphs: Sequence[Row], section: Element) -> tuple[Page, float]:
        """Set a heading and its paragraphs; return the page and height where the heading begins."""
        self.space()
        under = self._rows_left(_depth(heading) * paper.LEADING + paper.HEADING_GAP)
        if self._y < paper.TOP and not self._begins(paragraphs, under):
            self._turn()
        begins = (self._page, self._y)
        self._set(heading, [section.add("H2", column.lang) for column in self._columns], heading=True)
        self._y -= paper.HEADING_GAP
        for position, row in enumerate(paragraphs):
            if position and not self._begins(paragraphs[position:], self._rows_left()):
                self._turn()
            self.paragraph(row, section)
        return begins

    def space(self) -> None:
        """Leave the gap that stands between articles, unless the page has just begun."""
        if self._y < paper.TOP:
            self._y -= paper.ARTICLE_GAP

    def closing(self, row: Row, section: Element) -> None:
        """Set the last line of the text; it may stand a little below the text area rather than alone on a page."""
        if self._rows_left() > _depth(row):
            self.space()
        self._set(row, [section.add("P", column.lang) for column in self._columns])

    def paragraph(self, row: Row, section: Element) -> None:
        """Set one paragraph, over several pages if need be."""
        self.row(row, [section.add("P", column.lang) for column in self._columns])
        self._y -= paper.PARAGRAPH_GAP

    def row(self, row: Row, elements: Sequence[Element]) -> None:
        """Set one row, a cell as content of each element, over several pages if need be."""
        while (count := self._fitting(row, self._rows_left())) < _depth(row):
            if count:
                self._set([replace(cell, lines=cell.lines[:count]) for cell in row], elements)
                row = [replace(cell, lines=cell.lines[count:], label=()) for cell in row]
            self._turn()
        self._set(row, elements)

    def rule(self, gap: float) -> None:
        """Draw a hairline over the whole measure, with `gap` points above and below it."""
        with self._page.mark(None):
            self._page.rule(paper.LEFT, self._y - gap, paper.RIGHT, self._y - gap, 0.5)
        self._y -= 2 * gap

    def in_columns(self, columns: Sequence[Column]) -> None:
        """What follows stands in these columns."""
        self._columns = columns

    @classmethod
    def _begins(cls, rows: Sequence[Row], space: int) -> bool:
        """Whether the first row may begin in `space` lines; what introduces a list takes the first item along."""
        if not rows:
            return space > 0
        if len(rows) > 1 and _introduces(rows[0], rows[1]):
            return cls._fitting(rows[1], space - _depth(rows[0]) - 1) > 0
        return cls._fitting(rows[0], space) > 0

    def _rows_left(self, below: float = 0.0) -> int:
        """Lines that the page still holds, from `below` points under the present height."""
        return max(0, int((self._y - below - paper.BOTTOM) // paper.LEADING))

    @staticmethod
    def _fitting(row: Row, space: int) -> int:
        """How many lines of the row may stand in `space` lines without a widow or an orphan in any column."""
        if _depth(row) <= space:
            return _depth(row)
        for count in range(space, 1, -1):
            if all(len(cell.lines) <= count or len(cell.lines) - count >= 2 for cell in row):
                return count
        return 0

    def _set(self, row: Row, elements: Sequence[Element], heading: bool = False) -> None:
        for column, cell, element in zip(self._columns, row, elements, strict=True):
            style = column.style(heading)
            if cell.lines:
                cell.draw(self._page, element, column.left, self._y - style.size, style)
        self._y -= _depth(row) * paper.LEADING

    def _turn(self) -> None:
        self._page = self._new_page()
        self._y = paper.TOP


def _introduces(row: Row, following: Row) -> bool:
    """True for a short paragraph before the first item of its list."""
    return following[0].item and not row[0].item and _depth(row) <= _SHORT


def _depth(row: Row) -> int:
    return max(len(cell.lines) for cell in row)


def set_articles(
    faces: Faces, clauses: Sequence[ResolvedClause], flow: Flow, columns: Sequence[Column], root: Element
) -> list[Mark]:
    """Set all clauses in the columns' languages; return the place of each for the outline."""
    marks = []
    for clause in clauses:
        titles = {
            column.lang: f"{article(clause.number, column.lang)}  {clause.title[column.lang]}" for column in columns
        }
        heading = compose_row(faces, titles, columns, heading=True)
        page, height = flow.article(heading, _paragraphs(faces, clause, columns), root.add("Sect", title=clause.id))
        marks.append(Mark(titles[columns[0].lang], page.index, height))
    return marks


def set_closing(faces: Faces, flow: Flow, columns: Sequence[Column], root: Element) -> None:
    """Say that the text ends here, as Chinese agreements do before the signature page."""
    words = {column.lang: word("end_of_text", column.lang) for column in columns}
    flow.closing(compose_row(faces, words, columns), root.add("Sect"))


def compose_row(faces: Faces, texts: Mapping[str, str], columns: Sequence[Column], heading: bool = False) -> Row:
    """Compose one unlabelled text per column."""
    return [
        Cell(compose(faces, texts[column.lang], column.lang, column.style(heading), column.width)) for column in columns
    ]


def _paragraphs(faces: Faces, clause: ResolvedClause, columns: Sequence[Column]) -> list[Row]:
    """The clause's paragraphs as rows; all labels of one kind share one indent per language."""
    per_column = [_cells(faces, clause, column) for column in columns]
    return [list(row) for row in zip(*per_column, strict=True)]


def _cells(faces: Faces, clause: ResolvedClause, column: Column) -> list[Cell]:
    style = column.style(heading=False)
    labels = [label[column.lang] for label in clause.labels] or [""] * len(clause.paragraphs)
    return [
        Cell(
            compose(faces, paragraph[column.lang], column.lang, style, column.width - label.indent),
            label.lines,
            label.hang,
            label.indent,
            label.item,
        )
        for label, paragraph in zip(hanging_labels(faces, labels, column), clause.paragraphs, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A paragraph's label and the room it takes: see Cell."""

    lines: Sequence[Line]
    hang: float
    indent: float
    item: bool


def hanging_labels(faces: Faces, labels: Sequence[str], column: Column) -> list[Hanging]:
    """The labels of a clause's paragraphs, "" where there is none; all of one kind share one indent."""
    style = column.style(heading=False)

    def widest(items: bool) -> float:
        widths = [natural_width(faces, label, column.lang, style) for label in labels if _is_item(label) == items]
        return max(widths, default=0.0)

    number_indent = _indent(widest(items=False), _AFTER_NUMBER, style)
    item_indent = number_indent + _indent(widest(items=True), _AFTER_ITEM, style)
    found = []
    for label in labels:
        item = _is_item(label)
        hang, indent = (number_indent, item_indent) if item else (0.0, number_indent if label else 0.0)
        lines = compose(faces, f"{label} ", column.lang, style, column.width)
        found.append(Hanging(lines, hang, indent, item))
    return found


def _indent(label: float, air: float, style: TextStyle) -> float:
    """Room for a label, in steps of half a character, so that what is left still holds whole Chinese characters."""
    step = style.size / 2
    return ceil((label + air) / step) * step if label else 0.0


def _is_item(label: str) -> bool:
    return label.startswith(("(", "（"))
