"""The same agreement set with nothing but reportlab: platypus, one table row per paragraph, the same four type faces.

What a programmer writes who knows reportlab and stops there: no rules for Chinese punctuation but reportlab's own, no
structure, no attachment, no PDF/A. A character that the Latin face lacks is drawn from the Chinese one, as ours is.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table

from agreements.numerals import article
from agreements.rendering import paper
from agreements.rendering.fonts import FILES
from agreements.versions import Version

_NAMES = ("Latin", "LatinBold", "Han", "HanBold")


@cache
def register(folder: Path) -> None:
    """Read the faces, once; ours are read once per process too."""
    for name, file in zip(_NAMES, FILES, strict=True):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))


def render(version: Version, folder: Path) -> bytes:
    """Cover, text in two columns with running head and page number, a box per signatory."""
    register(folder)
    out = BytesIO()
    frame = Frame(paper.LEFT, paper.BOTTOM, paper.RIGHT - paper.LEFT, paper.TOP - paper.BOTTOM, 0, 0, 0, 0)
    document = BaseDocTemplate(out, pagesize=A4, title=version.title["en"], invariant=1)

    def head(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont("Han", 7.2)
        canvas.drawString(paper.LEFT, 797, " · ".join(version.title[lang] for lang in version.languages[:2]))
        canvas.drawRightString(paper.RIGHT, 797, f"{version.agreement_no} · {version.sha256[:8]}")
        canvas.line(paper.LEFT, 789, paper.RIGHT, 789)
        canvas.drawRightString(paper.RIGHT, 44, str(canvas.getPageNumber()))

    document.addPageTemplates(PageTemplate("page", [frame], onPage=head))
    document.build([*_cover(version), *_text(version), *_signatures(version)])
    return out.getvalue()


def _cover(version: Version) -> list[Flowable]:
    parts: list[Flowable] = [_set(version.title[lang], lang, True, 20) for lang in version.languages[:2]]
    parts += [_set(party.legal_name[lang], lang, True) for party in version.parties for lang in version.languages[:2]]
    return [*parts, PageBreak()]


def _text(version: Version) -> list[Flowable]:
    languages = version.languages[:2]
    parts: list[Flowable] = []
    for clause in version.clauses:
        parts.append(
            _row([_set(f"{article(clause.number, lang)}  {clause.title[lang]}", lang, True) for lang in languages])
        )
        labels = clause.labels or ({},) * len(clause.paragraphs)
        for label, paragraph in zip(labels, clause.paragraphs, strict=True):
            parts.append(_row([_set(f"{label.get(lang, '')} {paragraph[lang]}", lang) for lang in languages]))
        parts.append(Spacer(0, paper.ARTICLE_GAP))
    return parts


def _signatures(version: Version) -> list[Flowable]:
    parts: list[Flowable] = [PageBreak()]
    for block in version.signature_blocks:
        names = [
            _set(f"{block.party[lang]} · {block.person_name} · {block.person_title[lang]}", lang)
            for lang in version.languages[:2]
        ]
        parts += [_row(list(names)), Spacer(0, 68)]
    return parts


def _row(cells: list[Flowable]) -> Table:
    return Table([cells], colWidths=[paper.FIRST_COLUMN + paper.COLUMN_GAP, paper.SECOND_COLUMN])


def _set(text: str, lang: str, bold: bool = False, size: float = 9.6) -> Paragraph:
    return Paragraph(_marked_up(text, lang, bold), _style(lang, bold, size))


@cache
def _style(lang: str, bold: bool, size: float) -> ParagraphStyle:
    chinese = paper.is_chinese(lang)
    name = ("Han" if chinese else "Latin") + ("Bold" if bold else "")
    return ParagraphStyle(
        f"{name}{size}", fontName=name, fontSize=size, leading=size * 1.5, wordWrap="CJK" if chinese else None
    )


def _marked_up(text: str, lang: str, bold: bool) -> str:
    """Characters of the other script are marked where the Latin face lacks them."""
    if paper.is_chinese(lang):
        return escape(text)
    known = pdfmetrics.getFont("LatinBold" if bold else "Latin").face.charToGlyph  # type: ignore[attr-defined]  # a TTFont has one
    other = "HanBold" if bold else "Han"
    return "".join(
        escape(one) if ord(one) in known or one == "\n" else f'<font name="{other}">{escape(one)}</font>'
        for one in text
    )
