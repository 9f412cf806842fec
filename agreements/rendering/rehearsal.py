"""A copy to practise with: on every page, and in the file itself, it says that it is a rehearsal.

The catalogue entry is what programs go by. Its name is one of those that ISO 32000-2, annex E.2 leaves to private use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from agreements.rendering import paper
from agreements.rendering.composition import TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.pages import Page
from agreements.rendering.pdf_file import text_string
from agreements.rendering.words import word

MARK = "XXRehearsal"
"""The key in the document catalogue; its value names the rehearsal."""

# ochre, the colour of warnings; the red of seals belongs to signatures
_PALE = "0.957 0.898 0.765"
_OCHRE = "0.52 0.353 0.055"
_ANGLE = 52.0
_LARGEST, _STEP = 76.0, 150.0
_REACH = 640.0  # of the diagonal that is written on
_BAND = TextStyle(8.6, 12.0, bold=True, colour=_OCHRE, justify=False)
_BAND_BASELINES = (822.0, 22.0)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The id of the rehearsal, `reh_…`, and the languages that its copy speaks to people in."""

    id: str
    languages: tuple[str, ...]

    @property
    def entry(self) -> str:
        """What is put into the catalogue."""
        return f" /{MARK} <</Id {text_string(self.id)}>>"

    def titled(self, title: str, lang: str) -> str:
        """A title that begins with the warning."""
        return f"{word('rehearsal', lang)} – {title}"


def draw_below(page: Page, faces: Faces, rehearsal: Rehearsal) -> None:
    """Large and pale, across the page, each language on a line of its own; drawn before the text."""
    with page.mark(None):
        middle = (len(rehearsal.languages) - 1) / 2
        for place, lang in enumerate(rehearsal.languages):
            _slanted(page, faces, word("rehearsal", lang), lang, (middle - place) * _STEP)


def draw_band(page: Page, faces: Faces, rehearsal: Rehearsal) -> None:
    """Small at head and foot, in every language."""
    first = rehearsal.languages[0]
    text = " · ".join(dict.fromkeys(word("rehearsal_band", lang) for lang in rehearsal.languages))
    lines = compose(faces, f"{text} · {rehearsal.id}", first, _BAND, paper.WIDTH - 40.0)
    style = _BAND
    if len(lines) > 1:
        style = TextStyle(6.4, 9.0, bold=True, colour=_OCHRE, justify=False)
        lines = compose(faces, f"{text} · {rehearsal.id}", first, style, paper.WIDTH - 40.0)
    with page.mark(None):
        for baseline in _BAND_BASELINES:
            page.lines(lines[:2], paper.WIDTH / 2, baseline, style, 0.5)


def _slanted(page: Page, faces: Faces, text: str, lang: str, offset: float) -> None:
    """One word as large as the diagonal allows, `offset` points across it."""
    size = _LARGEST
    (line,) = compose(faces, text, lang, TextStyle(size, size, bold=True, justify=False), 1e6)
    if line.width > _REACH:
        size *= _REACH / line.width
        (line,) = compose(faces, text, lang, TextStyle(size, size, bold=True, justify=False), 1e6)
    turn = radians(_ANGLE)
    x, y = paper.WIDTH / 2 - offset * sin(turn), paper.HEIGHT / 2 + offset * cos(turn)
    style = TextStyle(size, size, bold=True, colour=_PALE, justify=False)
    with page.turned(_ANGLE, x, y):
        page.lines([line], 0.0, -size * 0.35, style, 0.5)


def languages_of(version_languages: Sequence[str]) -> tuple[str, ...]:
    """The languages of a copy: those of the agreement, and English, which every verifier of a file can read."""
    return tuple(dict.fromkeys((*version_languages, "en")))
