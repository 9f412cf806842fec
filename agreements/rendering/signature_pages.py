"""The signature pages: one box per signatory with the area its signature fills, and what the signatures bind.

The areas are left empty here; what is drawn into them comes with each signature. Two parties face each other, left and
right, as on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from agreements.rendering import paper
from agreements.rendering.bound_content import BOUND_HEIGHT, draw_bound_content
from agreements.rendering.composition import Line, TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.pages import Page, Rectangle
from agreements.rendering.signature_fields import SignatureField
from agreements.rendering.structure import Element
from agreements.rendering.words import bilingual, word
from agreements.signature_blocks import SignatureBlock
from agreements.versions import Version

_GUTTER = 26.0
_CARD = (paper.RIGHT - paper.LEFT - _GUTTER) / 2
_LABEL_WIDTH = 62.0
_LARGEST_AREA, _SMALLEST_AREA = 118.0, 58.0
_AREAS_OF_MANY = (100.0, 92.0, 84.0, 76.0, 68.0)
_GAP, _GAP_OF_SEVERAL = 26.0, 16.0  # below a row
_ARM = 9.0
_TITLE = {
    True: TextStyle(18.0, 27.0, bold=True, justify=False),
    False: TextStyle(12.0, 19.0, justify=False),
}
_PARTY = {
    True: TextStyle(10.6, 15.6, bold=True, justify=False),
    False: TextStyle(9.4, 13.0, justify=False),
}
_AREA_LABEL = TextStyle(7.4, 15.0, colour=paper.SECOND_INK, justify=False)  # with air towards the area below
_FACT = TextStyle(9.4, 13.4, justify=False)


@dataclass(frozen=True, slots=True)
class _Part:
    """One row of a card: a label on the left, a text beside or without one. `gap` is the air above, in points."""

    label: Sequence[Line]
    lines: Sequence[Line]
    style: TextStyle
    lang: str
    gap: float

    @property
    def height(self) -> float:
        return self.gap + self.style.leading * max(len(self.lines), 1 if self.label else 0)


Card = tuple[SignatureBlock, list[_Part]]


def draw_signature_pages(
    new_page: Callable[[], Page], faces: Faces, version: Version, number: int, verify_url: str | None, root: Element
) -> tuple[list[SignatureField], Page]:
    """Draw all boxes and the closing block; return the fields and the first of the pages.

    Without `verify_url` the closing block's room stays empty: a copy to practise with binds nothing.
    """
    languages = version.languages[:2]
    section = root.add("Sect", title="signatures")
    first = page = new_page()
    y = _draw_heading(page, faces, languages, section)
    pairs = [
        [None if block is None else (block, _parts(faces, block, languages)) for block in pair]
        for pair in _pairs(version)
    ]
    rows = [(cards, _row_heights([card for card in cards if card])) for cards in pairs]
    area_height, gap, breaks = _plan([sum(heights) for _, heights in rows], y)
    fields: list[SignatureField] = []
    for position, (cards, heights) in enumerate(rows):
        if position in breaks:
            page, y = new_page(), paper.TOP
        for place, card in enumerate(cards):
            if card:
                left = paper.LEFT + place * (_CARD + _GUTTER)
                box = section.add("Sect", title=card[0].id)
                fields.append(_draw_card(page, card, heights, left, y, area_height, box))
        y -= sum(heights) + area_height + gap
    if verify_url is not None:
        draw_bound_content(page, faces, version, number, verify_url, section)
    order = {block.field_name: position for position, block in enumerate(version.signature_blocks)}
    return sorted(fields, key=lambda field: order[field.name]), first


def _plan(texts: Sequence[float], top: float) -> tuple[float, float, set[int]]:
    """Height of the areas, gap between rows, and before which rows a page begins; the closing block needs its room too.

    `texts` are the heights of the rows without their areas. All on one page when that leaves areas large enough;
    otherwise the last page has at least one row above the closing block, and areas are as large as the same number of
    pages permits.
    """
    gap = _GAP if len(texts) == 1 else _GAP_OF_SEVERAL
    foot = paper.BOTTOM + BOUND_HEIGHT
    shared = (top - foot - sum(texts) - gap * len(texts)) / len(texts)
    if shared >= _SMALLEST_AREA:
        return min(shared, _LARGEST_AREA), gap, set()
    choices = [(area, _breaks(texts, top, area, gap)) for area in _AREAS_OF_MANY]
    fewest = len(choices[-1][1])
    area, breaks = next((area, breaks) for area, breaks in choices if len(breaks) <= fewest)
    return area, gap, breaks


def _breaks(texts: Sequence[float], top: float, area: float, gap: float) -> set[int]:
    """Before which rows a page begins when every area has that height."""
    breaks: set[int] = set()
    y = top
    for position, text in enumerate(texts):
        last = position == len(texts) - 1
        if y - text - area < (paper.BOTTOM + BOUND_HEIGHT + gap if last else paper.BOTTOM):
            breaks.add(position)
            y = paper.TOP
        y -= text + area + gap
    return breaks


def _pairs(version: Version) -> list[tuple[SignatureBlock | None, ...]]:
    """Two boxes per row: party against party when there are two, one after the other when there are more."""
    blocks = version.signature_blocks
    sides = [[block for block in blocks if block.party_index == index] for index in (0, 1)]
    if len(sides[0]) + len(sides[1]) == len(blocks) and all(sides):
        return list(zip_longest(*sides))
    return [blocks[start : start + 2] for start in range(0, len(blocks), 2)]


def _draw_heading(page: Page, faces: Faces, languages: Sequence[str], section: Element) -> float:
    y = paper.TOP
    for key, styles, tag in (("signature_page", _TITLE, "H2"), ("signature_intro", paper.BODY, "P")):
        for lang in languages:
            style = styles[paper.is_chinese(lang)]
            lines = compose(faces, word(key, lang), lang, style, paper.RIGHT - paper.LEFT)
            with page.mark(section.add(tag, lang)):
                page.lines(lines, paper.LEFT, y - style.size, style)
            y -= style.leading * len(lines)
        y -= 10.0
    return y - 6.0


def _parts(faces: Faces, block: SignatureBlock, languages: Sequence[str]) -> list[_Part]:
    """The rows of a card; every card of a document has the same rows, so that neighbours can be aligned."""
    first = languages[0]
    role = "  ".join(block.role[lang] for lang in languages)
    parts = [_Part((), compose(faces, role, first, paper.LABEL, _CARD), paper.LABEL, first, 9.0)]
    for lang in languages:
        style = _PARTY[paper.is_chinese(lang)]
        parts.append(_Part((), compose(faces, block.party[lang], lang, style, _CARD), style, lang, 2.5))
    names = dict.fromkeys(name for name in (block.person_name, block.person_name_latin) if name)
    titles = dict.fromkeys(block.person_title[lang] for lang in languages)
    places = dict.fromkeys(block.place[lang] for lang in languages if block.place.get(lang))
    dates = [word("date_rule", lang) for lang in languages]
    gap = 8.0
    for key, texts in (("name", names), ("title", titles), ("place", places), ("date", dates)):
        if key in block.shows:
            parts.append(_fact(faces, key, list(texts), languages, gap))
            gap = 2.0
    label = compose(faces, bilingual("seal", languages), first, paper.LABEL, _CARD)
    parts.append(_Part((), label, _AREA_LABEL, first, 9.0))
    return parts


def _fact(faces: Faces, key: str, texts: list[str], languages: Sequence[str], gap: float) -> _Part:
    """A labelled fact: its languages side by side when they fit on one line, below each other otherwise."""
    first, style = languages[0], paper.DATE_RULE if key == "date" else _FACT
    width = _CARD - _LABEL_WIDTH
    lines = compose(faces, "  ".join(texts), first, style, width)
    if len(lines) > 1:
        lines = tuple(line for text in texts for line in compose(faces, text, first, style, width))
    label = compose(faces, bilingual(key, languages), first, paper.LABEL, _LABEL_WIDTH)
    return _Part(label, lines, style, first, gap)


def _row_heights(cards: Sequence[Card]) -> list[float]:
    return [max(part.height for part in row) for row in zip(*(parts for _, parts in cards), strict=True)]


def _draw_card(
    page: Page, card: Card, heights: Sequence[float], left: float, top: float, area_height: float, section: Element
) -> SignatureField:
    block, parts = card
    with page.mark(None):
        page.rule(left, top, left + _CARD, top, 0.5)
    y = top
    for part, height in zip(parts, heights, strict=True):
        baseline = y - part.gap - part.style.size
        with page.mark(section.add("P", part.lang)):
            page.lines(part.label, left, baseline, paper.LABEL)
            page.lines(part.lines, left + (_LABEL_WIDTH if part.label else 0.0), baseline, part.style)
        y -= height
    area = (left, y - area_height, left + _CARD, y)
    with page.mark(None):
        _draw_corners(page, area)
    label = f"{block.party[part.lang]}, {block.person_name}"
    return SignatureField(block.field_name, page.index, _rounded(area), block.id, label)


def _rounded(area: Rectangle) -> Rectangle:
    """The area as it is written into the file, so that the record and the file agree."""
    x0, y0, x1, y1 = (round(value, 3) for value in area)
    return x0, y0, x1, y1


def _draw_corners(page: Page, area: Rectangle) -> None:
    """Mark the area by its four corners: a place kept free, not a box."""
    x0, y0, x1, y1 = area
    for x, y, dx, dy in ((x0, y0, _ARM, _ARM), (x1, y0, -_ARM, _ARM), (x0, y1, _ARM, -_ARM), (x1, y1, -_ARM, -_ARM)):
        page.rule(x, y, x + dx, y, 0.6)
        page.rule(x, y, x, y + dy, 0.6)
