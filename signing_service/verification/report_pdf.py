"""The report as a PDF to print and to file: the plain answer, each axis by itself, the timeline, the steps.

Set by our own rendering, so that it looks the same everywhere, in any of the four languages; with an empty field for
the service's seal and the whole report for programs as an attachment. The same report gives the same bytes. What comes
from the judged file is quoted: a character that no face has, or that would turn the direction of writing, is written as
its code point, because a stranger's name must neither stop the report nor deceive its reader.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agreements.rendering import SEAL_FIELD, FontFolder, SignatureField, paper
from agreements.rendering.body import Cell, Column, Flow
from agreements.rendering.composition import TextStyle, compose
from agreements.rendering.document import HEAD_MEASURE, Attachment, Document
from agreements.rendering.fonts import Faces
from agreements.rendering.metadata import Facts
from agreements.rendering.outlines import Mark
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element
from signing_service.verification.findings import INFO
from signing_service.verification.report import DOCUMENT_TIMESTAMP, TOTAL_FAILED, TOTAL_PASSED, Report, Signature
from signing_service.verification.report_groups import certificates, groups, stretches
from signing_service.verification.report_words import (
    certificate_words,
    common_name,
    counts,
    judged_words,
    moment,
    pages_to_look_at,
    person,
    qualification,
    size_words,
    time_words,
)
from signing_service.verification.words import Lang, label, pick

ATTACHED = "report.json"
_LABEL, _GUTTER = 118.0, 14.0
_TITLE = {True: TextStyle(17.0, 26.0, bold=True, justify=False), False: TextStyle(16.0, 22.0, bold=True, justify=False)}
_TONES = {TOTAL_PASSED: "0.184 0.435 0.31", TOTAL_FAILED: "0.561 0.227 0.122"}
_CARE = "0.522 0.353 0.055"
STEPS_SHOWN = 24
"""Of how many signatures every step is printed; of the others only what did not pass. All of them are attached."""


@dataclass(frozen=True, slots=True)
class Inked(Cell):
    """A cell in a colour of its own."""

    colour: str = paper.INK

    def draw(self, page: Page, element: Element, left: float, baseline: float, style: TextStyle) -> None:
        """Draw the cell like any other, in its colour."""
        Cell.draw(self, page, element, left, baseline, replace(style, colour=self.colour))


def report_pdf(report: Report, fonts: FontFolder, lang: Lang) -> bytes:
    """Set the report as a PDF with an empty signature field `Seal`; raises FontsMissing."""
    return _Sheet(report, fonts.load(), lang).finish()


def quoted(faces: Faces, text: str, lang: Lang) -> str:
    """The text as it can be drawn: what no face draws as `[U+1F600]`."""
    chooser = (faces.chooser(lang, bold=False), faces.chooser(lang, bold=True))
    return "".join(_drawable(character, chooser) for character in unicodedata.normalize("NFC", text))


def _drawable(character: str, choosers: Sequence[dict[str, tuple[int, float]]]) -> str:
    if character in "\n\t":
        return " "
    try:
        for chooser in choosers:
            _ = chooser[character]
    except KeyError:
        return f"[U+{ord(character):04X}]"
    return character


class _Sheet:
    """The report while it is being set."""

    def __init__(self, report: Report, faces: Faces, lang: Lang) -> None:
        self._report, self._faces, self._lang = report, faces, lang
        self._document = Document(faces)
        self._marks: list[Mark] = []
        label_column = Column(lang, paper.LEFT, _LABEL)
        value_column = Column(lang, paper.LEFT + _LABEL + _GUTTER, HEAD_MEASURE - _LABEL - _GUTTER)
        self._columns = (label_column, value_column)

    def finish(self) -> bytes:
        """Set everything and write the file."""
        report, lang = self._report, self._lang
        flow = self._begin()
        self._facts(flow)
        self._findings(flow)
        self._timeline(flow)
        self._signatures(flow)
        self._steps(flow)
        self._certificates(flow)
        self._running_heads()
        data = json.dumps(report.to_json(), ensure_ascii=False).encode()
        title = f"{self._word('page.report_title')}: {quoted(self._faces, report.file.name, lang)}"
        facts = Facts(
            titles={lang: title},
            authors=(),
            subject=f"{report.document.indication} · SHA-256 {report.file.sha256}",
            languages=(lang,),
            identifier=f"sha-256:{report.file.sha256}",
        )
        field = SignatureField(SEAL_FIELD, len(self._document.pages) - 1, (0.0, 0.0, 0.0, 0.0), "")
        attached = Attachment(data, f"{report.schema} · {report.file.sha256}", ATTACHED)
        return self._document.write(facts, self._marks, hashlib.sha256(data).digest()[:16], (field,), attached)

    def _begin(self) -> Flow:
        """The plain answer at the top of the first page; what follows stands in two columns below it."""
        document, lang = self._document, self._lang
        page = document.new_page()
        section = document.root.add("Sect", title="answer")
        verdict = self._report.document
        colour = _TONES.get(verdict.indication, _CARE)
        style = replace(_TITLE[paper.is_chinese(lang)], colour=colour)
        sub = f" / {verdict.sub_indication}" if verdict.sub_indication else ""
        judged = judged_words(self._report, lang)
        y = paper.TOP
        where = pages_to_look_at(self._report)
        for text, own, tag in (
            (self._word("page.report_title"), paper.DATE_RULE, "P"),
            (pick(verdict.summary, lang), style, "H1"),
            (self._word("page.where", pages=where) if where else "", paper.BODY[paper.is_chinese(lang)], "P"),
            (f"{verdict.indication}{sub} · {counts(self._report, lang)} · {judged}", paper.DATE_RULE, "P"),
        ):
            lines = compose(self._faces, quoted(self._faces, text, lang), lang, own, HEAD_MEASURE)
            if not lines:
                continue
            with page.mark(section.add(tag, lang)):
                page.lines(lines, paper.LEFT, y - own.size, own)
            y -= own.leading * len(lines) + 4.0
        self._marks.append(Mark(self._word("page.report_title"), 0, paper.HEIGHT))
        pages = iter([page])
        return Flow(self._columns, lambda: next(pages, None) or document.new_page(), y - 8.0)

    def _facts(self, flow: Flow) -> None:
        report = self._report
        section = self._document.root.add("Sect", title="facts")
        rows = [
            (self._word("column.file"), f"{report.file.name} · {size_words(report.file.size)}"),
            ("SHA-256", f"{report.file.sha256[:32]} {report.file.sha256[32:]}"),
            (self._word("column.level"), self._level(report.document.level)),
        ]
        if report.document.readable == "lenient":
            rows.append((self._word("column.readable"), self._word("readable.lenient")))
        if report.agreement is not None:
            rows.append((self._word("column.log"), pick(report.agreement.detail, self._lang)))
        if report.document.not_proved:
            unproved = self._word("list.separator").join(pick(one, self._lang) for one in report.document.not_proved)
            rows.append((self._word("heading.not_proved"), unproved))
        for name, value in rows:
            self._row(flow, name, value, section)
        self._row(flow, "", self._word("page.attached", name=ATTACHED), section)
        self._row(flow, "", self._word("page.seal_says"), section, colour=paper.SECOND_INK)

    def _findings(self, flow: Flow) -> None:
        if not self._report.findings:
            return
        section = self._heading(flow, self._word("heading.findings"))
        for one in sorted(self._report.findings, key=lambda entry: entry.severity == INFO):
            name = self._word(f"severity.{one.severity}")
            self._row(flow, name, f"{pick(one.text, self._lang)} ({one.code})", section)

    def _timeline(self, flow: Flow) -> None:
        if not self._report.revisions:
            return
        section = self._heading(flow, self._word("heading.revisions"))
        for stretch in stretches(self._report):
            one = stretch.revisions[0]
            if stretch.folded:
                last = stretch.revisions[-1].n
                more = self._word("page.more_revisions", count=len(stretch.revisions), first=one.n, last=last)
                self._row(flow, "", more, section)
                continue
            about = [pick(one.title, self._lang)]
            about.append(moment(one.time, self._lang) if one.time else pick(one.detail, self._lang))
            about += [pick(difference, self._lang) for difference in one.differences[:6]]
            self._row(flow, self._word("page.revision", n=one.n), " · ".join(about), section)

    def _signatures(self, flow: Flow) -> None:
        people = [one for one in self._report.signatures if one.kind != DOCUMENT_TIMESTAMP]
        for group in groups(people, lambda one: certificate_words(one, self._lang)):
            name = self._word("page.group", count=len(group.members)) if group.folded else person(group.first)
            section = self._heading(flow, name)
            self._axes(flow, group.first, section, times=not group.folded)
            if group.folded:
                for one in group.members:
                    self._row(flow, one.field, f"{person(one)} · {time_words(one, self._lang)}", section)
        for one in self._report.signatures:
            if one.kind == DOCUMENT_TIMESTAMP:
                section = self._heading(flow, f"{self._word('kind.document_timestamp')}: {person(one)}")
                self._axes(flow, one, section, times=True)

    def _axes(self, flow: Flow, one: Signature, section: Element, *, times: bool) -> None:
        """Each axis on a line of its own; none is mixed into another."""
        stamp = one.kind == DOCUMENT_TIMESTAMP
        sub = f" / {one.sub_indication}" if one.sub_indication else ""
        reason = "" if one.indication == TOTAL_PASSED else f" · {pick(one.reason, self._lang)}"
        colour = _TONES.get(one.indication, _CARE)
        self._row(flow, self._word("column.verdict"), f"{one.indication}{sub}{reason}", section, colour=colour)
        rows = [
            ("column.integrity", self._word(f"integrity.{one.integrity}")),
            ("column.changes", self._word(f"change.{one.changes}")),
            ("column.trust", certificate_words(one, self._lang)),
            ("column.time", time_words(one, self._lang) if times else ""),
            ("column.level", "" if stamp else self._level(one.level)),
            ("column.qualification", "" if stamp else qualification(one, self._lang)),
            ("column.custody", "" if stamp else self._word(f"custody.{one.custody or 'unknown'}")),
        ]
        for key, value in rows:
            if value:
                self._row(flow, self._word(key), value, section)

    def _steps(self, flow: Flow) -> None:
        for position, one in enumerate(self._report.signatures):
            steps = [s for s in one.steps if position < STEPS_SHOWN or s.result in ("failed", "indeterminate")]
            if not steps:
                continue
            name = f"{self._word('heading.steps')}: {person(one)} · {self._word('page.of_field', field=one.field)}"
            section = self._heading(flow, name)
            for step in steps:
                what = f"{step.n}. {pick(step.what_text, self._lang)}"
                self._row(
                    flow, what, f"{self._word(f'result.{step.result}')} · {pick(step.detail_text, self._lang)}", section
                )

    def _certificates(self, flow: Flow) -> None:
        found = certificates(self._report)
        if not found:
            return
        section = self._heading(flow, self._word("heading.certificates"))
        for one in found:
            validity = f"{moment(one.not_before, self._lang)} – {moment(one.not_after, self._lang)}"
            issuer = self._word("page.issued_by", issuer=common_name(one.issuer))
            about = [one.common_name or one.subject, one.organisation, one.email, issuer, validity]
            text = " · ".join(part for part in about if part)
            self._row(flow, self._word(f"role.{one.role}"), text, section)
            self._row(flow, "SHA-256", one.sha256, section, colour=paper.SECOND_INK)

    def _heading(self, flow: Flow, text: str) -> Element:
        section = self._document.root.add("Sect")
        column = replace(self._columns[0], width=HEAD_MEASURE)
        flow.in_columns((column,))
        shown = quoted(self._faces, text, self._lang)
        cell = Cell(compose(self._faces, shown, self._lang, column.style(heading=True), column.width))
        keep = Cell(compose(self._faces, " ", self._lang, column.style(heading=False), column.width))
        page, height = flow.article([cell], [[keep]] if keep.lines else [], section)
        self._marks.append(Mark(shown, page.index, height))
        flow.in_columns(self._columns)
        return section

    def _row(self, flow: Flow, name: str, value: str, section: Element, *, colour: str = paper.INK) -> None:
        cells = [
            Inked(
                compose(
                    self._faces, quoted(self._faces, text, self._lang), self._lang, column.style(False), column.width
                ),
                colour=ink,
            )
            for text, column, ink in zip((name, value), self._columns, (paper.SECOND_INK, colour), strict=True)
        ]
        flow.paragraph(cells, section)

    def _running_heads(self) -> None:
        style = paper.RUNNING
        short = f"SHA-256 {self._report.file.sha256[:16]}"
        right = compose(self._faces, short, self._lang, style, HEAD_MEASURE)
        name = quoted(self._faces, f"{self._word('page.report_title')} · {self._report.file.name}", self._lang)
        left = compose(self._faces, name, self._lang, style, HEAD_MEASURE - right[0].width - 20.0)[:1]
        self._document.draw_running_heads(left, right, self._lang, first=0)

    def _level(self, level: str) -> str:
        return self._word("page.no_level") if level == "none" else f"PAdES {level}"

    def _word(self, key: str, **params: object) -> str:
        return label(key, self._lang, **params)
