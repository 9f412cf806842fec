"""The closing block: which content the signatures bind, how to name it by its hash, and where anybody can check it."""

from __future__ import annotations

from collections.abc import Sequence

from agreements.rendering import paper, qr_code
from agreements.rendering.composition import Line, TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.metadata import ATTACHMENT
from agreements.rendering.pages import CENTRE, Page
from agreements.rendering.structure import Element
from agreements.rendering.words import bilingual, word
from agreements.versions import Version

BOUND_HEIGHT = 120.0
_QR_SIDE = 82.0
_LABEL_WIDTH = 84.0
_FACT_WIDTH = paper.RIGHT - paper.LEFT - _LABEL_WIDTH - _QR_SIDE - 28.0
_HASH_LINE, _HASH_GROUP = 32, 41.0  # digits of half a hash; distance of its groups of eight
_HEAD = TextStyle(8.6, 15.0, bold=True, justify=False)


def draw_bound_content(page: Page, faces: Faces, version: Version, number: int, verify_url: str, root: Element) -> None:
    """Draw the block at the foot of the page."""
    section = root.add("Sect", title="bound")
    languages = version.languages[:2]
    first = languages[0]
    top = paper.BOTTOM + BOUND_HEIGHT
    with page.mark(None):
        page.rule(paper.LEFT, top, paper.RIGHT, top, 0.5)
    y = top - 14.0
    head = compose(faces, bilingual("bound", languages), first, _HEAD, 380)
    with page.mark(section.add("P", first)):
        page.lines(head, paper.LEFT, y - _HEAD.size, _HEAD)
    y -= _HEAD.leading + 4.0
    facts = {
        bilingual("agreement", languages): [f"{version.agreement_no} · {word('version', first)} {number}"],
        "SHA-256": [version.sha256[:32], version.sha256[32:]],
        bilingual("data", languages): [ATTACHMENT],
        bilingual("verify", languages): [verify_url],
    }
    for label, texts in facts.items():
        with page.mark(section.add("P", first)):
            baseline = y - paper.NOTE.size
            page.lines(compose(faces, label, first, paper.LABEL, _LABEL_WIDTH), paper.LEFT, baseline, paper.LABEL)
            y -= _draw_fact(page, faces, texts, baseline) + 2.6
    _draw_qr(page, faces, version, verify_url, top - 14.0, section)


def _draw_fact(page: Page, faces: Faces, texts: list[str], baseline: float) -> float:
    """Draw a fact right of its label; a hash in groups that stand below each other. Returns the height used."""
    left, height = paper.LEFT + _LABEL_WIDTH, 0.0
    for text in texts:
        step = 8 if len(text) == _HASH_LINE else len(text)
        lines: Sequence[Line] = ()
        for at in range(0, len(text), step):
            lines = compose(faces, text[at : at + step], "en", paper.NOTE, _FACT_WIDTH)
            page.lines(lines, left + at // step * _HASH_GROUP, baseline - height, paper.NOTE)
        height += paper.NOTE.leading * len(lines)
    return height


def _draw_qr(page: Page, faces: Faces, version: Version, text: str, top: float, section: Element) -> None:
    rows = qr_code.modules(text)
    unit = _QR_SIDE / len(rows)
    left = paper.RIGHT - _QR_SIDE
    boxes = [
        (left + column * unit, top - (row + height) * unit, width * unit, height * unit)
        for column, row, width, height in qr_code.boxes(rows)
    ]
    figure = section.add("Figure")
    figure.alternative = f"QR code: {text}"
    with page.mark(figure):
        page.boxes(boxes)
    first = version.languages[0]
    caption = compose(faces, bilingual("scan", version.languages[:2]), first, paper.LABEL, 200)
    with page.mark(section.add("P", first)):
        page.lines(caption, left + _QR_SIDE / 2, top - _QR_SIDE - 11.0, paper.LABEL, CENTRE)
