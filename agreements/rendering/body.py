"""The agreed text: one row per paragraph, the languages side by side, over as many pages as it takes.

A heading stays with the first lines of its paragraph; no page begins or ends with a single line of a paragraph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from agreements.numerals import article
from agreements.rendering import paper
from agreements.rendering.composition import Line, TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element
from agreements.rendering.words import word

if TYPE_CHECKING:
    from agreements.versions import ResolvedClause, Version


class Column:
    """One language's place on the sheet."""

    def __init__(self, lang: str, left: float, width: float) -> None:
        self.lang = lang
        self.left = left
        self.width = width
        self.body = paper.BODY[paper.is_chinese(lang)]
        self.article = paper.ARTICLE[paper.is_chinese(lang)]


Row = list[Sequence[Line]]  # the lines of each column


def columns_for(languages: Sequence[str]) -> tuple[Column, ...]:
    """Two columns for the first two languages, one over the full width for a single one."""
    if len(languages) == 1:
        return (Column(languages[0], paper.LEFT, paper.RIGHT - paper.LEFT),)
    return (
        Column(languages[0], paper.LEFT, paper.FIRST_COLUMN),
        Column(languages[1], paper.SECOND_LEFT, paper.SECOND_COLUMN),
    )


class Flow:
    """Sets rows down the page and turns to a new page when one is full."""

    def __init__(self, faces: Faces, columns: Sequence[Column], new_page: Callable[[], Page]) -> None:
        self._faces = faces
        self._columns = columns
        self._new_page = new_page
        self._page = new_page()
        self._y = paper.TOP

    def compose(self, texts: Mapping[str, str], heading: bool = False) -> Row:
        """Compose a text per column; a language without text leaves its column empty."""
        row: Row = []
        for column in self._columns:
            style = column.article if heading else column.body
            row.append(compose(self._faces, texts.get(column.lang, ""), column.lang, style, column.width))
        return row

    def article(self, heading: Row, paragraphs: list[Row], section: Element) -> tuple[Page, float]:
        """Set a heading and its paragraphs; return the page and height where the heading begins."""
        if self._y < paper.TOP:
            self._y -= paper.ARTICLE_GAP
        depth = _depth(heading) + (min(2, _depth(paragraphs[0])) if paragraphs else 0)
        if self._rows_left() < depth or (paragraphs and not self._splits(paragraphs[0], _depth(heading))):
            self._turn()
        begins = (self._page, self._y)
        self._set(heading, [section.add("H1", column.lang) for column in self._columns], heading=True)
        for paragraph in paragraphs:
            self.paragraph(paragraph, section)
        return begins

    def paragraph(self, row: Row, section: Element) -> None:
        """Set one paragraph, over several pages if need be."""
        elements = [section.add("P", column.lang) for column in self._columns]
        while row:
            count = self._fitting(row, self._rows_left())
            if count:
                self._set([lines[:count] for lines in row], elements)
            row = [lines[count:] for lines in row]
            if not any(row):
                break
            self._turn()
        self._y -= paper.PARAGRAPH_GAP

    def _splits(self, row: Row, above: int) -> bool:
        return self._fitting(row, self._rows_left() - above) > 0

    def _rows_left(self) -> int:
        return max(0, int((self._y - paper.BOTTOM) // paper.LEADING))

    @staticmethod
    def _fitting(row: Row, space: int) -> int:
        """How many lines of the row may stand in `space` lines without a widow or an orphan in any column."""
        if _depth(row) <= space:
            return max(1, _depth(row))
        for count in range(space, 1, -1):
            if all(len(lines) <= count or len(lines) - count >= 2 for lines in row):
                return count
        return 0

    def _set(self, row: Row, elements: Sequence[Element], heading: bool = False) -> None:
        for column, lines, element in zip(self._columns, row, elements, strict=True):
            if lines:
                style: TextStyle = column.article if heading else column.body
                with self._page.mark(element):
                    self._page.lines(lines, column.left, self._y - style.size, style)
        self._y -= _depth(row) * paper.LEADING

    def _turn(self) -> None:
        self._page = self._new_page()
        self._y = paper.TOP


def _depth(row: Row) -> int:
    return max(len(lines) for lines in row)


def set_body(version: Version, flow: Flow, root: Element) -> list[tuple[str, Page, float]]:
    """Set all clauses; return (title, page, height) of each article for the outline."""
    marks = []
    for clause in version.clauses:
        section = root.add("Sect", title=clause.id)
        heading = flow.compose(_heading(clause, version.languages), heading=True)
        paragraphs = [flow.compose(paragraph) for paragraph in clause.paragraphs]
        page, height = flow.article(heading, paragraphs, section)
        first = version.languages[0]
        marks.append((_heading(clause, (first,))[first], page, height))
    flow.paragraph(flow.compose({lang: word("end_of_text", lang) for lang in version.languages}), root.add("Sect"))
    return marks


def _heading(clause: ResolvedClause, languages: Sequence[str]) -> dict[str, str]:
    return {lang: f"{article(clause.number, lang)}  {clause.title[lang]}" for lang in languages}
