"""A comparison becomes a PDF to read and to send: what is compared, changed values, then the clauses side by side.

The same comparison gives the same bytes; nothing reads a clock. It is marked on every page as not for signature and has
no signature field. What changed was decided in `agreements.redlines`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agreements.languages import Lang, Texts
from agreements.numerals import article
from agreements.redline_runs import SAME, Run
from agreements.redlines import UNCHANGED, ClauseChange, Redline
from agreements.rendering import paper
from agreements.rendering.body import Cell, Column, Flow, Row, columns_for, hanging_labels
from agreements.rendering.composition import compose
from agreements.rendering.document import HEAD_MEASURE, Document
from agreements.rendering.fonts import Faces, FontFolder, check
from agreements.rendering.marked_text import NOTE, MarkedCell, compose_changes, marked
from agreements.rendering.metadata import Facts
from agreements.rendering.outlines import Mark
from agreements.rendering.redline_front import Side, begin, set_values, side_words
from agreements.rendering.structure import Element
from agreements.rendering.words import bilingual, word


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: the agreement's title per language and number, both sides, and the comparison of them."""

    title: Texts
    agreement_no: str
    old: Side
    new: Side
    redline: Redline


def render_redline(compared: Compared, fonts: FontFolder) -> bytes:
    """Set a comparison as a PDF.

    Raises UnknownGlyph when a character of either side cannot be drawn, FontsMissing when a face is absent.
    """
    faces = fonts.load()
    for text, lang, place in _texts(compared):
        check(faces, {lang: text}, place)
    return _Comparison(compared, faces).finish()


def _texts(compared: Compared) -> Iterator[tuple[str, Lang, str]]:
    """Everything that will be drawn, with words for where it stands."""
    redline = compared.redline
    yield compared.agreement_no, redline.languages[0], "the agreement number"
    for lang in redline.languages:
        yield compared.title[lang], lang, "the title"
        for value in redline.values:
            for texts in (value.label, value.old or {}, value.new or {}):
                yield texts.get(lang, ""), lang, f"value “{value.path}”"
        for clause in redline.clauses:
            yield _joined(clause.title_runs[lang]), lang, f"clause “{clause.clause_id}”, heading"
            for position, paragraph in enumerate(clause.paragraphs, start=1):
                yield _joined(paragraph[lang]), lang, f"clause “{clause.clause_id}”, paragraph {position}"


def _joined(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


class _Comparison:
    """The comparison while it is being set."""

    def __init__(self, compared: Compared, faces: Faces) -> None:
        self._compared = compared
        self._redline = compared.redline
        self._faces = faces
        self._document = Document(faces)

    def finish(self) -> bytes:
        """Set everything and write the file."""
        compared, document = self._compared, self._document
        languages = self._redline.languages[:2]
        flow = begin(document, compared.title, compared.agreement_no, (compared.old, compared.new), self._redline)
        marks = [Mark(word("comparison", languages[0]), 0, paper.HEIGHT)]
        if self._redline.values:
            set_values(flow, self._faces, (compared.old, compared.new), self._redline, document.root)
        columns = columns_for(languages)
        flow.in_columns(columns)
        marks += self._set_clauses(flow, columns, document.root)
        for lang in self._redline.languages[2:]:
            self._set_reference(lang)
        self._draw_running_heads()
        sides = f"{compared.old.sha256}:{compared.new.sha256}"
        identifier = hashlib.sha256(sides.encode()).digest()[:16]
        return document.write(self._facts(), marks, identifier)

    def _set_clauses(self, flow: Flow, columns: Sequence[Column], root: Element) -> list[Mark]:
        """Changed clauses whole, unchanged ones as a line each."""
        marks = []
        folded = False
        for clause in self._redline.clauses:
            section = root.add("Sect", title=clause.clause_id)
            if clause.kind == UNCHANGED:
                if not folded:
                    flow.space()
                flow.paragraph([self._folded(clause, column) for column in columns], section)
                folded = True
                continue
            heading = [self._heading(clause, column) for column in columns]
            rows: list[Row] = list(zip(*(self._cells(clause, column) for column in columns), strict=True))
            page, height = flow.article(heading, rows, section)
            first = columns[0].lang
            marks.append(Mark(f"{_numbered(clause, first)}  {clause.title[first]}", page.index, height))
            folded = False
        return marks

    def _folded(self, clause: ClauseChange, column: Column) -> Cell:
        lang = column.lang
        text = f"{_numbered(clause, lang)}  {clause.title[lang]} · {word('unchanged', lang)}"
        if clause.old_number != clause.new_number:
            text += f" · {_came_from(clause, 'formerly', lang)}"
        return marked(self._faces, text, NOTE, lang, column.style(heading=False), column.width)

    def _heading(self, clause: ClauseChange, column: Column) -> Cell:
        lang = column.lang
        runs = [Run(SAME, f"{_numbered(clause, lang)}  "), *clause.title_runs[lang]]
        if clause.kind in ("added", "removed"):
            runs.append(Run(NOTE, f" · {word(clause.kind, lang)}"))
        elif clause.kind == "moved":
            runs.append(Run(NOTE, f" · {_came_from(clause, 'moved_from', lang)}"))
        return MarkedCell(compose_changes(self._faces, runs, lang, column.style(heading=True), column.width))

    def _cells(self, clause: ClauseChange, column: Column) -> list[Cell]:
        lang, style = column.lang, column.style(heading=False)
        labels = [label.get(lang, "") for label in clause.labels] or [""] * len(clause.paragraphs)
        cells: list[Cell] = []
        for label, paragraph in zip(hanging_labels(self._faces, labels, column), clause.paragraphs, strict=True):
            lines = compose_changes(self._faces, paragraph[lang], lang, style, column.width - label.indent)
            cells.append(MarkedCell(lines, label.lines, label.hang, label.indent, label.item))
        return cells

    def _set_reference(self, lang: Lang) -> None:
        """A further language follows on pages of its own, in one column."""
        columns = columns_for((lang,))
        section = self._document.root.add("Sect", lang, title=f"reference-{lang}")
        flow = Flow(columns, self._document.new_page)
        heading = f"{word('reference', lang)}: {self._compared.title[lang]}"
        flow.article([marked(self._faces, heading, SAME, lang, columns[0].style(True), columns[0].width)], [], section)
        self._set_clauses(flow, columns, section)

    def _draw_running_heads(self) -> None:
        compared, languages = self._compared, self._redline.languages[:2]
        first = languages[0]
        sides = " → ".join(side_words(side, first) for side in (compared.old, compared.new))
        style = paper.RUNNING
        right = compose(self._faces, f"{compared.agreement_no} · {sides}", first, style, HEAD_MEASURE)[-1:]
        warning = " · ".join(dict.fromkeys(word("not_for_signature", lang) for lang in languages))
        left = compose(self._faces, warning, first, style, HEAD_MEASURE - right[0].width - 20.0)[:1]
        self._document.draw_running_heads(left, right, first, first=0)

    def _facts(self) -> Facts:
        compared, languages = self._compared, self._redline.languages
        return Facts(
            titles={lang: f"{word('comparison', lang)}: {compared.title[lang]}" for lang in languages},
            authors=(),
            subject=f"{compared.agreement_no} · {bilingual('not_for_signature', languages[:1])}",
            languages=languages,
            identifier=f"sha-256:{compared.old.sha256} sha-256:{compared.new.sha256}",
        )


def _numbered(clause: ClauseChange, lang: Lang) -> str:
    return article(clause.new_number or clause.old_number or 0, lang)


def _came_from(clause: ClauseChange, key: str, lang: Lang) -> str:
    """“formerly Article 6”, 原第六条."""
    blank = "" if paper.is_chinese(lang) else " "
    return f"{word(key, lang)}{blank}{article(clause.old_number or 0, lang)}"
