"""The type faces of the PDF, which face draws which character, and the refusal of characters that none can draw.

Two faces in two weights: Source Serif for Latin script, Noto Serif SC for Chinese. The choice is made per character and
language, because “ ” ’ — … are Latin marks in an English sentence and full-width marks in a Chinese one.
This module does not embed anything; see `embedding`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFace

from agreements.rendering.errors import FontsMissing, UnknownGlyph
from agreements.rendering.kerning import Kerning

LATIN, LATIN_BOLD, HAN, HAN_BOLD = range(4)
FILES = (
    "SourceSerifPro-Regular.ttf",
    "SourceSerifPro-Semibold.ttf",
    "NotoSerifSC-Regular.ttf",
    "NotoSerifSC-Bold.ttf",
)
_MIDDLE_DOT = "\u00b7"  # separates parts of foreign names in Chinese, where it takes the Chinese face
_DRAWN_AS_SPACE = "\u00a0\u2003\u3000"


@dataclass(frozen=True, eq=False)
class Faces:
    """The four loaded faces, in the order of `FILES`; shared by all documents of the process, never changed."""

    faces: tuple[TTFontFace, ...]
    kernings: tuple[Kerning, Kerning]  # of the two Latin faces

    def chooser(self, lang: str, bold: bool) -> Chooser:
        """Return the character → (face, advance) table of one language and weight."""
        return _chooser(self, lang.split("-")[0] == "zh", bold)


class Chooser(dict[str, tuple[int, float]]):
    """character → (index of the face, advance in 1/1000 of the size), filled on demand.

    A look-up of a character that no face has raises KeyError; `check` asks beforehand and names the place.
    """

    def __init__(self, faces: tuple[TTFontFace, ...], chinese: bool, bold: bool) -> None:
        super().__init__()
        self._faces = faces
        self._chinese = chinese
        self._latin, self._han = (LATIN_BOLD, HAN_BOLD) if bold else (LATIN, HAN)

    def __missing__(self, character: str) -> tuple[int, float]:
        code = ord(character)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            # Invisible and direction-changing characters would let what is read differ from what is bound.
            raise KeyError(character)
        han_first = self._chinese and (code >= 0x2000 or character == _MIDDLE_DOT)
        for index in (self._han, self._latin) if han_first else (self._latin, self._han):
            face = self._faces[index]
            if face.charToGlyph.get(code, 0):
                found = (index, float(face.charWidths[code]))
                self[character] = found
                return found
        raise KeyError(character)


@lru_cache(maxsize=8)
def _chooser(faces: Faces, chinese: bool, bold: bool) -> Chooser:
    return Chooser(faces.faces, chinese, bold)


@dataclass(frozen=True)
class FontFolder:
    """The folder with the four TrueType files named in `FILES`."""

    path: Path

    def load(self) -> Faces:
        """Parse the faces once per process (about 0.2 s); raises FontsMissing with what to do."""
        return _load(self.path.resolve())


@lru_cache(maxsize=4)
def _load(path: Path) -> Faces:
    faces = []
    for name in FILES:
        try:
            faces.append(TTFontFace(str(path / name)))
        except (TTFError, OSError) as error:
            raise FontsMissing(file=name, folder=str(path)) from error
    return Faces(tuple(faces), (Kerning(path / FILES[LATIN]), Kerning(path / FILES[LATIN_BOLD])))


def drawn(text: str) -> str:
    """The text as it is drawn: composed characters (NFC), every kind of blank but the line break a plain space."""
    text = unicodedata.normalize("NFC", text)
    for blank in _DRAWN_AS_SPACE:
        text = text.replace(blank, " ")
    return text.replace("\r\n", "\n").replace("\t", " ")


def check(faces: Faces, texts: Mapping[str, str], place: str) -> None:
    """Refuse a text whose characters cannot all be drawn; raises UnknownGlyph naming character and place.

    `texts` maps language to text; `place` says where it stands, for example ``clause "term", paragraph 2``.
    """
    for lang, text in texts.items():
        chooser = faces.chooser(lang, bold=False)
        shown = drawn(text)
        if chooser.keys() >= set(shown):
            continue
        for character in shown.replace("\n", ""):
            try:
                chooser[character]
            except KeyError as error:
                raise UnknownGlyph.of(character, f"{place}, {lang}") from error
