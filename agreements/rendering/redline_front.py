"""The first page of a comparison: what is compared with what, how to read it, and the values that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.languages import Lang, Texts
from agreements.redline_runs import DELETED, INSERTED, SAME, Run
from agreements.redlines import Redline
from agreements.rendering import paper
from agreements.rendering.body import Cell, Column, Flow
from agreements.rendering.composition import TextStyle
from agreements.rendering.document import HEAD_MEASURE, Document
from agreements.rendering.fonts import Faces
from agreements.rendering.marked_text import NOTE, MarkedCell, compose_changes, marked
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element
from agreements.rendering.words import bilingual, word

_TITLE = {
    True: TextStyle(20.0, 29.0, bold=True, justify=False),
    False: TextStyle(13.0, 19.0, justify=False),
}
_FACT = TextStyle(9.2, 15.0, justify=False)
_BELOW = 14.0
_LABEL_WIDTH, _GUTTER = 140.0, 14.0
_VALUE_WIDTH = (HEAD_MEASURE - _LABEL_WIDTH - 2 * _GUTTER) / 2


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison. `number` is the version's for people; None for the template's standard wording."""

    number: int | None
    sha256: str


def side_words(side: Side, lang: Lang) -> str:
    """“Version 3”, or the template's standard wording."""
    return word("standard", lang) if side.number is None else f"{word('version', lang)} {side.number}"


def begin(document: Document, title: Texts, agreement_no: str, sides: tuple[Side, Side], redline: Redline) -> Flow:
    """Draw what is compared at the top of the first page; return the flow that goes on below it."""
    faces, languages = document.faces, redline.languages[:2]
    section = document.root.add("Sect", title="comparison")
    first = languages[0]
    head: list[tuple[Cell, TextStyle, str, Lang]] = []

    def put(runs: Sequence[Run], lang: Lang, style: TextStyle, tag: str = "P") -> None:
        head.append((MarkedCell(compose_changes(faces, runs, lang, style, HEAD_MEASURE)), style, tag, lang))

    put([Run(NOTE, bilingual("comparison", languages))], first, _FACT)
    for lang in languages:
        put([Run(SAME, title[lang])], lang, _TITLE[paper.is_chinese(lang)], "H1")
    put([Run(NOTE, f"{bilingual('number', languages)} {agreement_no}")], first, _FACT)
    for side, kind in zip(sides, (DELETED, INSERTED), strict=True):
        name = "  ".join(dict.fromkeys(side_words(side, lang) for lang in languages))
        put([Run(SAME, f"{name} · {side.sha256[:8]}  "), Run(kind, bilingual(kind, languages))], first, _FACT)
    for lang, sentence in _sentences(sides, redline, languages):
        put([Run(SAME, sentence)], lang, _FACT)

    page = document.new_page()
    y = paper.TOP
    for cell, style, tag, lang in head:
        cell.draw(page, section.add(tag, lang), paper.LEFT, y - style.size, style)
        y -= style.leading * len(cell.lines)
    return _flow_below(document, page, languages, y - _BELOW)


def _flow_below(document: Document, page: Page, languages: Sequence[Lang], y: float) -> Flow:
    pages = iter([page])
    columns = [Column(lang, paper.LEFT, HEAD_MEASURE) for lang in languages]
    return Flow(columns, lambda: next(pages, None) or document.new_page(), y)


def _sentences(sides: tuple[Side, Side], redline: Redline, languages: Sequence[Lang]) -> list[tuple[Lang, str]]:
    """What has to be said before reading: that nothing differs, or that the order is reversed."""
    old, new = sides
    if redline.nothing_differs:
        key = "all_standard" if old.number is None else "nothing_differs"
    elif old.number is not None and new.number is not None and old.number > new.number:
        key = "reversed"
    else:
        return []
    return [(lang, word(key, lang)) for lang in languages]


def set_values(flow: Flow, faces: Faces, sides: tuple[Side, Side], redline: Redline, root: Element) -> None:
    """The changed values as a table: one row per value and language, what it was beside what it is."""
    table = root.add("Table")
    languages = redline.languages[:2]
    lefts = (paper.LEFT, paper.LEFT + _LABEL_WIDTH + _GUTTER, paper.RIGHT - _VALUE_WIDTH)
    widths = (_LABEL_WIDTH, _VALUE_WIDTH, _VALUE_WIDTH)

    def row(texts: Sequence[tuple[str, str]], lang: Lang, cells: Sequence[Element]) -> None:
        columns = [Column(lang, left, width) for left, width in zip(lefts, widths, strict=True)]
        flow.in_columns(columns)
        flow.row(
            [
                marked(faces, text, kind, lang, column.style(heading=False), column.width)
                for (kind, text), column in zip(texts, columns, strict=True)
            ],
            [cell.add("P", lang) for cell in cells],
        )

    heads = [bilingual("value", languages)]
    heads += ["  ".join(dict.fromkeys(side_words(side, lang) for lang in languages)) for side in sides]
    row([(NOTE, text) for text in heads], languages[0], _cells(table, ("TH", "TH", "TH")))
    flow.rule(4.0)
    for value in redline.values:
        cells = _cells(table, ("TH", "TD", "TD"))
        shown: list[tuple[tuple[str, str], ...]] = []
        for lang in languages:
            texts = ((SAME, value.label[lang]), _shown(value.old, DELETED, lang), _shown(value.new, INSERTED, lang))
            fresh = tuple(
                (kind, "" if shown and text == shown[0][i][1] else text) for i, (kind, text) in enumerate(texts)
            )
            shown.append(texts)
            row(fresh, lang, cells)
        flow.rule(4.0)


def _cells(table: Element, tags: Sequence[str]) -> list[Element]:
    """The cells of a new row; what heads a column or a row says so."""
    row = table.add("TR")
    cells = [row.add(tag) for tag in tags]
    for cell in cells:
        if cell.tag == "TH":
            cell.attributes = f"/O /Table /Scope /{'Row' if 'TD' in tags else 'Column'}"
    return cells


def _shown(texts: Texts | None, kind: str, lang: Lang) -> tuple[str, str]:
    return (NOTE, word("none", lang)) if texts is None else (kind, texts[lang])
