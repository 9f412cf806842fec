"""The cover: number, title, the parties, place, and which version this is. Centred; ink on paper, no other colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agreements.numerals import party_role
from agreements.rendering import paper
from agreements.rendering.composition import TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element
from agreements.rendering.words import word

if TYPE_CHECKING:
    from agreements.versions import Version

_MIDDLE = paper.WIDTH / 2
_MEASURE = 400.0
_TITLE = {
    True: TextStyle(31.0, 44.0, bold=True, justify=False),
    False: TextStyle(17.5, 25.0, justify=False),
}
_PARTY = {
    True: TextStyle(14.0, 21.0, bold=True, justify=False),
    False: TextStyle(11.2, 16.0, justify=False),
}
_ROLE = TextStyle(8.6, 16.0, colour=paper.SECOND_INK, justify=False)
_FACT = TextStyle(9.2, 15.0, colour=paper.SECOND_INK, justify=False)


class _Centre:
    """Sets centred texts from the top downwards."""

    def __init__(self, page: Page, faces: Faces, y: float) -> None:
        self._page = page
        self._faces = faces
        self.y = y

    def text(self, text: str, lang: str, style: TextStyle, element: Element) -> None:
        """Set one text and move below it."""
        lines = compose(self._faces, text, lang, style, _MEASURE)
        with self._page.mark(element):
            self._page.centred(lines, _MIDDLE, self.y - style.size, style)
        self.y -= style.leading * len(lines)


def draw_cover(page: Page, faces: Faces, version: Version, number: int, root: Element) -> None:
    """Draw the cover on `page`."""
    section = root.add("Sect", title="cover")
    languages = version.languages[:2]
    centre = _Centre(page, faces, 700.0)
    label = " ".join(word("number", lang) for lang in languages)
    centre.text(f"{label} {version.agreement_no}", languages[0], _FACT, section.add("P"))
    centre.y = 612.0
    for lang in languages:
        centre.text(version.title[lang], lang, _TITLE[paper.is_chinese(lang)], section.add("H1", lang))
        centre.y -= 4.0
    centre.y -= 20.0
    with page.mark(None):
        page.rule(_MIDDLE - 28, centre.y, _MIDDLE + 28, centre.y, 0.6, paper.INK)
    centre.y -= 44.0
    _draw_parties(centre, version, languages, section)
    centre.y = 136.0
    place = _place(version, languages)
    if place:
        centre.text(place, languages[0], _FACT, section.add("P"))
    marks = " ".join(word("version", lang) for lang in languages)
    centre.text(f"{marks} {number} · {version.sha256[:8]}", languages[0], _FACT, section.add("P"))


def _draw_parties(centre: _Centre, version: Version, languages: Sequence[str], section: Element) -> None:
    names: dict[int, dict[str, str]] = {}
    for block in version.signature_blocks:
        names.setdefault(block.party_index, dict(block.party))
    for index, party in sorted(names.items()):
        role = " ".join(party_role(index)[lang] for lang in languages)
        centre.text(role, languages[0], _ROLE, section.add("P"))
        for lang in languages:
            if party.get(lang):
                centre.text(party[lang], lang, _PARTY[paper.is_chinese(lang)], section.add("P", lang))
        centre.y -= 20.0


def _place(version: Version, languages: Sequence[str]) -> str:
    places = version.signature_blocks[0].place if version.signature_blocks else {}
    texts = dict.fromkeys(places[lang] for lang in languages if places.get(lang))
    label = " ".join(word("place", lang) for lang in languages)
    return f"{label}  {' '.join(texts)}" if texts else ""
