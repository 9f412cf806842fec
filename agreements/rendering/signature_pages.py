"""The signature pages: one box per signatory with the area its signature fills, and what the signatures bind.

The areas are left empty here. What is drawn into them comes with each signature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from agreements.numerals import party_role
from agreements.rendering import paper
from agreements.rendering.composition import Line, TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.pages import Page, Rectangle
from agreements.rendering.signature_fields import SignatureField
from agreements.rendering.structure import Element
from agreements.rendering.words import word

if TYPE_CHECKING:
    from agreements.versions import SignatureBlock, Version

_GUTTER = 24.0
_CARD = (paper.RIGHT - paper.LEFT - _GUTTER) / 2
_AREA_HEIGHT = 92.0
_ROW_GAP = 30.0
_BOUND_HEIGHT = 120.0
_TITLE = {
    True: TextStyle(17.0, 26.0, bold=True, justify=False),
    False: TextStyle(11.5, 17.0, justify=False),
}
_PARTY = {
    True: TextStyle(10.4, 15.4, bold=True, justify=False),
    False: TextStyle(9.6, 13.6, justify=False),
}
_FACT = TextStyle(9.0, 14.4, justify=False)


class _Card:
    """One signatory's box: composed facts above the area of the signature."""

    def __init__(self, faces: Faces, block: SignatureBlock, languages: Sequence[str]) -> None:
        self.block = block
        self.parts: list[tuple[Sequence[Line], TextStyle, str, float]] = []  # lines, style, language, gap above
        self._faces = faces
        first = languages[0]
        self._add(" ".join(party_role(block.party_index)[lang] for lang in languages), first, paper.LABEL, 0.0)
        for lang in languages:
            self._add(block.party.get(lang, ""), lang, _PARTY[paper.is_chinese(lang)], 2.0)
        names = dict.fromkeys((block.person_name, getattr(block, "person_name_latin", None) or block.person_name))
        self._fact("name", " ".join(names), languages, 6.0)
        self._fact("title", _joined(block.person_title, languages), languages)
        self._fact("place", _joined(block.place, languages), languages)
        self._fact("date", " ".join(word("date_rule", lang) for lang in languages), languages)
        self._fact("seal", "", languages, 4.0)

    @property
    def text_height(self) -> float:
        """Height of the facts above the area."""
        return sum(gap + style.leading * len(lines) for lines, style, _, gap in self.parts)

    def _fact(self, key: str, value: str, languages: Sequence[str], gap: float = 0.0) -> None:
        label = " ".join(word(key, lang) for lang in languages)
        if value:
            self._add(f"{label}  {value}", languages[0], _FACT, gap)
        elif key == "seal":
            self._add(label, languages[0], paper.LABEL, gap)

    def _add(self, text: str, lang: str, style: TextStyle, gap: float) -> None:
        if text:
            self.parts.append((compose(self._faces, text, lang, style, _CARD), style, lang, gap))

    def draw(self, page: Page, left: float, top: float, area_top: float, section: Element) -> Rectangle:
        """Draw the card; return the rectangle of the signature."""
        y = top
        for lines, style, lang, gap in self.parts:
            y -= gap
            with page.mark(section.add("P", lang)):
                page.lines(lines, left, y - style.size, style)
            y -= style.leading * len(lines)
        area = (left, area_top - _AREA_HEIGHT, left + _CARD, area_top)
        with page.mark(None):
            _corners(page, area)
        return area


def _joined(texts: str | Mapping[str, str], languages: Sequence[str]) -> str:
    if isinstance(texts, str):
        return texts
    return " ".join(dict.fromkeys(texts[lang] for lang in languages if texts.get(lang)))


def _corners(page: Page, area: Rectangle) -> None:
    """Mark the area by its four corners: a place kept free, not a box."""
    x0, y0, x1, y1 = area
    arm = 9.0
    for x, y, dx, dy in ((x0, y0, arm, arm), (x1, y0, -arm, arm), (x0, y1, arm, -arm), (x1, y1, -arm, -arm)):
        page.rule(x, y, x + dx, y, 0.6)
        page.rule(x, y, x, y + dy, 0.6)


def draw_signature_pages(
    new_page: Callable[[], Page], faces: Faces, version: Version, number: int, verify_url: str, root: Element
) -> tuple[list[SignatureField], list[Element]]:
    """Draw all boxes and the closing block; return the fields and their structure elements."""
    languages = version.languages[:2]
    section = root.add("Sect", title="signatures")
    page = new_page()
    y = _draw_heading(page, faces, languages, section)
    fields: list[SignatureField] = []
    forms: list[Element] = []
    cards = [_Card(faces, block, languages) for block in version.signature_blocks]
    for pair in (cards[start : start + 2] for start in range(0, len(cards), 2)):
        text_height = max(card.text_height for card in pair)
        if y - text_height - _AREA_HEIGHT < paper.BOTTOM:
            page, y = new_page(), paper.TOP
        for place, card in enumerate(pair):
            left = paper.LEFT + place * (_CARD + _GUTTER)
            box = section.add("Sect", title=card.block.id)
            area = card.draw(page, left, y, y - text_height, box)
            fields.append(SignatureField(card.block.field_name, page.index, area, card.block.id))
            forms.append(box.add("Form"))
        y -= text_height + _AREA_HEIGHT + _ROW_GAP
    if y - _BOUND_HEIGHT < paper.BOTTOM:
        page, y = new_page(), paper.TOP
    _draw_bound(page, faces, version, number, verify_url, section)
    return fields, forms


def _draw_heading(page: Page, faces: Faces, languages: Sequence[str], section: Element) -> float:
    y = paper.TOP
    for key, styles in (("signature_page", _TITLE), ("signature_intro", paper.BODY)):
        for lang in languages:
            style = styles[paper.is_chinese(lang)]
            lines = compose(faces, word(key, lang), lang, style, paper.RIGHT - paper.LEFT)
            with page.mark(section.add("H1" if key == "signature_page" else "P", lang)):
                page.lines(lines, paper.LEFT, y - style.size, style)
            y -= style.leading * len(lines)
        y -= 10.0
    return y - 14.0


def _draw_bound(page: Page, faces: Faces, version: Version, number: int, verify_url: str, section: Element) -> None:
    top = paper.BOTTOM + _BOUND_HEIGHT - 12
    languages = version.languages[:2]
    first = languages[0]
    with page.mark(None):
        page.rule(paper.LEFT, top + 12, paper.RIGHT, top + 12, 0.5)
    side = _draw_qr(page, verify_url, paper.RIGHT, top, section)
    sha = version.sha256
    label = " ".join(word("version", lang) for lang in languages)
    texts = [
        " ".join(word("bound", lang) for lang in languages),
        f"{label} {number} · {word('number', first)} {version.agreement_no}",
        "SHA-256 " + " ".join(sha[start : start + 8] for start in range(0, 32, 8)),
        " ".join(sha[start : start + 8] for start in range(32, 64, 8)),
        verify_url,
    ]
    y = top
    for text in texts:
        lines = compose(faces, text, first, paper.NOTE, paper.RIGHT - paper.LEFT - side - 24)
        with page.mark(section.add("P", first)):
            page.lines(lines, paper.LEFT, y - paper.NOTE.size, paper.NOTE)
        y -= paper.NOTE.leading * len(lines) + 2


def _draw_qr(page: Page, text: str, right: float, top: float, section: Element) -> float:
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count: int = code.moduleCount
    unit = round(84.0 / count, 2)
    corners = [
        (right - (count - column) * unit, top - (row + 1) * unit)
        for row in range(count)
        for column in range(count)
        if code.modules[row][column]
    ]
    figure = section.add("Figure")
    figure.alternative = f"QR code: {text}"
    with page.mark(figure):
        page.squares(corners, unit)
    return count * unit
