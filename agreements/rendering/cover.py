"""The cover: number, title, the parties, place, and which version this is. Centred; ink on paper, no other colour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from agreements.formats import long_date
from agreements.parties import PartyFacts
from agreements.rendering import paper
from agreements.rendering.composition import Line, TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.pages import CENTRE, Page
from agreements.rendering.structure import Element
from agreements.rendering.words import bilingual, word
from agreements.succession import Predecessor
from agreements.versions import Version

_MIDDLE = paper.WIDTH / 2
_MEASURE = 410.0
_PARTIES_TOP, _PARTIES_BOTTOM = 476.0, 176.0


@dataclass(frozen=True, slots=True)
class _Density:
    """How large the parties are set; the first density that fits is taken. Without `role` it stands before the name."""

    chinese: TextStyle
    latin: TextStyle
    role: TextStyle | None
    gap: float


_TITLE = {
    True: (TextStyle(32.0, 46.0, bold=True, justify=False), TextStyle(25.0, 36.0, bold=True, justify=False)),
    False: (TextStyle(17.5, 25.0, justify=False), TextStyle(15.0, 21.0, justify=False)),
}
_DENSITIES = tuple(
    _Density(
        TextStyle(size, round(size * 1.5, 2), bold=True, justify=False),
        TextStyle(round(size * 0.8, 1), round(size * 1.16, 2), justify=False),
        None if inline else TextStyle(8.4, 15.4, colour=paper.SECOND_INK, justify=False),
        gap,
    )
    for size, gap, inline in (
        (14.0, 21.0, False),
        (12.0, 15.0, False),
        (11.0, 12.0, True),
        (9.2, 7.0, True),
        (7.6, 5.0, True),
    )
)
_FACT = TextStyle(9.2, 15.0, colour=paper.SECOND_INK, justify=False)
_DIGEST = TextStyle(7.4, 12.0, colour=paper.SECOND_INK, justify=False)


class _Centre:
    """Sets centred texts from the top downwards."""

    def __init__(self, page: Page, faces: Faces, section: Element) -> None:
        self._page = page
        self._faces = faces
        self._section = section
        self.y = 0.0

    def text(self, text: str, lang: str, style: TextStyle, tag: str = "P") -> None:
        """Set one text and move below it."""
        self.lines(compose(self._faces, text, lang, style, _MEASURE), lang, style, tag)

    def lines(self, lines: Sequence[Line], lang: str, style: TextStyle, tag: str = "P") -> None:
        """Set composed lines and move below them."""
        if lines:
            with self._marked(tag, lang):
                self._page.lines(lines, _MIDDLE, self.y - style.size, style, CENTRE)
        self.y -= style.leading * len(lines)

    def rule(self) -> None:
        """A short rule between title and parties."""
        with self._page.mark(None):
            self._page.rule(_MIDDLE - 26, self.y, _MIDDLE + 26, self.y, 0.6, paper.INK)

    @contextmanager
    def _marked(self, tag: str, lang: str) -> Iterator[None]:
        with self._page.mark(self._section.add(tag, lang)):
            yield


def draw_cover(
    page: Page,
    faces: Faces,
    version: Version,
    place: Mapping[str, str],
    number: int,
    root: Element,
) -> None:
    """Draw the cover on `page`; `place` per language, empty when the agreement states none."""
    languages = version.languages[:2]
    centre = _Centre(page, faces, root.add("Sect", title="cover"))
    centre.y = 716.0
    centre.text(f"{bilingual('number', languages)} {version.agreement_no}", languages[0], _FACT)
    if version.predecessor is not None:
        _predecessor(centre, faces, version.predecessor, languages)
    centre.y = 632.0
    for lang in languages:
        _title(centre, faces, version.title[lang], lang)
    centre.y = min(centre.y - 14.0, 512.0)
    centre.rule()
    _parties(centre, faces, version.parties, languages)
    centre.y = 132.0
    stated = " ".join(dict.fromkeys(place[lang] for lang in languages if place.get(lang)))
    if stated:
        centre.text(f"{bilingual('place', languages)}  {stated}", languages[0], _FACT)
    centre.text(f"{bilingual('version', languages)} {number} · {version.sha256[:8]}", languages[0], _FACT)


def _predecessor(centre: _Centre, faces: Faces, before: Predecessor, languages: Sequence[str]) -> None:
    """Which agreement this one amends or replaces, with its title where that fits on the line, and its hash."""
    centre.y -= 2.0
    for lang in languages:
        when = long_date(date.fromisoformat(before.completed_on), lang)
        text = word(before.relation, lang).format(number=before.agreement_no, date=when)
        title = before.title.get(lang, "")
        titled = f"{text}《{title}》" if paper.is_chinese(lang) else f"{text} · {title}"
        for shown in (titled if title else text, text):
            lines = compose(faces, shown, lang, _FACT, _MEASURE)
            if len(lines) == 1:
                break
        centre.lines(lines[:2], lang, _FACT)
    centre.text(f"SHA-256 {before.pdf_sha256}", languages[0], _DIGEST)


def _title(centre: _Centre, faces: Faces, title: str, lang: str) -> None:
    """Set the title on one line if either size allows it, else as large as it goes on two lines of like length."""
    large, small = _TITLE[paper.is_chinese(lang)]
    depth = {style: len(compose(faces, title, lang, style, _MEASURE)) for style in (large, small)}
    style = large if depth[large] <= min(2, depth[small]) else small
    centre.lines(_balanced(faces, title, lang, style), lang, style, "H1")
    centre.y -= 4.0


def _balanced(faces: Faces, text: str, lang: str, style: TextStyle) -> Sequence[Line]:
    """The text in as many lines as the measure asks for, set as narrow as these allow."""
    lines = compose(faces, text, lang, style, _MEASURE)
    if len(lines) == 1:
        return lines
    narrow = bisect_left(
        range(int(_MEASURE)),
        True,
        lo=int(_MEASURE / len(lines) / 2),
        key=lambda width: _holds(compose(faces, text, lang, style, width), len(lines), width),
    )
    return compose(faces, text, lang, style, narrow) if narrow < int(_MEASURE) else lines


def _holds(lines: Sequence[Line], count: int, width: float) -> bool:
    return len(lines) <= count and all(line.width <= width + 0.5 for line in lines)


def _parties(centre: _Centre, faces: Faces, parties: Sequence[PartyFacts], languages: Sequence[str]) -> None:
    """Set the parties as large as they fit between rule and place; very many are set in what room there is."""
    top = min(_PARTIES_TOP, centre.y - 36.0)
    for density in _DENSITIES:
        rows = [_party(faces, party, languages, density) for party in parties]
        height = sum(style.leading * len(lines) for row in rows for lines, _, style in row) + density.gap * (
            len(rows) - 1
        )
        if height <= top - _PARTIES_BOTTOM:
            break
    centre.y = top
    for row in rows:
        for lines, lang, style in row:
            centre.lines(lines, lang, style)
        centre.y -= density.gap


def _party(
    faces: Faces, party: PartyFacts, languages: Sequence[str], density: _Density
) -> list[tuple[Sequence[Line], str, TextStyle]]:
    rows: list[tuple[Sequence[Line], str, TextStyle]] = []
    if density.role:
        label = "  ".join(party.role[lang] for lang in languages)
        rows.append((compose(faces, label, languages[0], density.role, _MEASURE), languages[0], density.role))
    for lang in languages:
        style = density.chinese if paper.is_chinese(lang) else density.latin
        name = party.legal_name[lang] if density.role else f"{party.role[lang]}  {party.legal_name[lang]}"
        rows.append((compose(faces, name, lang, style, _MEASURE), lang, style))
    return rows
