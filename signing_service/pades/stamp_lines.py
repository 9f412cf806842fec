"""Texts of a stamp broken into lines and written with the PDF's fonts. A character that no face draws is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.fonts import Faces, drawn
from agreements.rendering.pdf_file import number
from signing_service.pades.errors import UnknownGlyph

INK = "0.110 0.133 0.200"
_NOT_FIRST = frozenset("。、，；：！？）》」』”’…,.;:!?)")
_HAN = 0x2E80  # from here on, a line may end after any character

#: Stand for the fourteen digits of the time in a stamp that is drawn before the time is known.
_SLOTS = tuple(chr(0x2400 + place) for place in range(14))
SLOTS = frozenset(_SLOTS)
HOLES = "{}{}{}{}-{}{}-{}{} {}{}:{}{}:{}{} UTC".format(*_SLOTS)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of one language; `size` in points."""

    text: str
    lang: str
    size: float
    bold: bool = False
    color: str = INK

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return 1.28 * self.size


Word = tuple[str, float, float]
Measured = Sequence[tuple[Piece, Sequence[Word]]]


def measured(pieces: Iterable[Piece], faces: Faces) -> Measured:
    """The pieces with their words, and the widths of their ink and of the blanks after it, at full size."""
    return [(piece, _words(piece, faces)) for piece in pieces]


def broken(pieces: Measured, width: float, scale: float) -> list[Piece] | None:
    """The lines of all pieces at that scale in a column of that width; None when a word is wider than the column."""
    room = width / scale
    lines = [line for piece, words in pieces for line in _broken(piece, words, room)]
    if any(length > room for _, length in lines):
        return None
    return [line for line, _ in lines]


def height(lines: Iterable[Piece], scale: float) -> float:
    """Of the lines below each other."""
    return sum(line.leading for line in lines) * scale


def _broken(piece: Piece, words: Sequence[Word], room: float) -> Iterable[tuple[Piece, float]]:
    """Lines of the piece with their widths: as many words as fit, no blank at the end of a line."""
    line, length, blank = "", 0.0, 0.0
    for word, width, space in words:
        if line and length + blank + width > room:
            yield replace(piece, text=line.rstrip()), length
            line, length, blank = "", 0.0, 0.0
        line, length, blank = line + word, length + blank + width, space
    yield replace(piece, text=line.rstrip()), length


def _words(piece: Piece, faces: Faces) -> list[Word]:
    """What a line may end after: a word with its blanks, a Chinese character with the marks that must follow it."""
    words: list[str] = []
    for character in drawn(piece.text):
        joins = words and (character == " " or character in _NOT_FIRST)
        latin = words and ord(character) < _HAN and ord(words[-1][-1]) < _HAN and words[-1][-1] != " "
        if joins or latin:
            words[-1] += character
        else:
            words.append(character)
    return [(word, width_of(replace(piece, text=word.rstrip()), faces), _blanks(piece, word, faces)) for word in words]


def _blanks(piece: Piece, word: str, faces: Faces) -> float:
    return (len(word) - len(word.rstrip())) * _glyph(faces, piece, " ")[1] * piece.size / 1000


def width_of(piece: Piece, faces: Faces) -> float:
    """Of the piece on one line, in points."""
    return sum(_glyph(faces, piece, character)[1] for character in piece.text) * piece.size / 1000


def _glyph(faces: Faces, piece: Piece, character: str) -> tuple[int, float]:
    if character in SLOTS:
        return max((faces.chooser("en", False)[digit] for digit in "0123456789"), key=lambda found: found[1])
    try:
        return faces.chooser(piece.lang, piece.bold)[character]
    except KeyError as error:
        raise UnknownGlyph(character=f"U+{ord(character):04X}") from error


def text(piece: Piece, scale: float, faces: Faces, fonts: DocumentFonts, x: float, y: float) -> str:
    """One line of text starting at x, y; each run of one face is one Tj."""
    runs: list[tuple[int, list[str]]] = []
    for character in piece.text:
        face, _ = _glyph(faces, piece, character)
        if not runs or runs[-1][0] != face:
            runs.append((face, []))
        slot = f"{{{_SLOTS.index(character):02d}}}" if character in SLOTS else None
        runs[-1][1].append(slot or fonts.used[face][character])
    size = number(piece.size * scale)
    shown = " ".join(f"/F{face} {size} Tf <{''.join(codes)}> Tj" for face, codes in runs)
    return f"BT {piece.color} rg {number(x)} {number(y)} Td {shown} ET\n"


def lines(pieces: Iterable[Piece], scale: float, faces: Faces, fonts: DocumentFonts, place: tuple[float, float]) -> str:
    """Lines below each other; `place` is the corner above on the left."""
    x, y = place
    content = ""
    for piece in pieces:
        y -= piece.leading * scale
        content += text(piece, scale, faces, fonts, x, y + 0.3 * piece.size * scale)
    return content
