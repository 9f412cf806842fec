"""What a signature looks like on the page: a seal-red frame 已签 / signed beside who signed, for whom, and when.

A static stamp in both scripts with only the glyphs it needs. It shows what was known when the signature was prepared;
what the signature is worth is said by the verification report, not by a picture. A character that no font can draw
stops the drawing; nothing is left blank or cut off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.errors import FontsMissing
from agreements.rendering.fonts import Faces, FontFolder, drawn
from agreements.rendering.pdf_file import PdfFile, number
from keys.clock import in_utc
from signing_service.pades.errors import FontsNotFound, StampDoesNotFit, UnknownGlyph

SEAL_RED = "0.702 0.224 0.173"  # b3392c
INK = "0.110 0.133 0.200"
QUIET = "0.353 0.376 0.447"
OCHRE = "0.52 0.353 0.055"  # a rehearsal never has the red of signatures

_SCALES = tuple(1 - step / 20 for step in range(13))  # from full size down to two fifths
_NOT_FIRST = frozenset(",。、;:!?)》」』”’…,.;:!?)")
_HAN = 0x2E80  # from here on, a line may end after any character
_CORNER = 0.5523  # distance of the control points of a quarter circle drawn as one Bézier curve


#: Stand for the fourteen digits of the time in a stamp that is drawn before the time is known.
_SLOTS = tuple(chr(0x2400 + place) for place in range(14))
_HOLES = frozenset(_SLOTS)
HOLES = "{}{}{}{}-{}{}-{}{} {}{}:{}{}:{}{} UTC".format(*_SLOTS)


@dataclass(frozen=True, slots=True)
class Texts:
    """All of a stamp but its time; each of `party`, `title` and `custody` is pairs of language and text, in order.

    `rehearsal`: the stamp says 演练 / rehearsal, in another colour and with a broken frame.
    """

    name: str
    party: tuple[tuple[str, str], ...]
    title: tuple[tuple[str, str], ...]
    custody: tuple[tuple[str, str], ...]
    fonts: Path
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Appearance:
    """The texts of one stamp. `at`: when the signature was prepared; `fonts`: the folder of the PDF fonts.

    Texts per language (`zh-Hans`, `en`, …) are drawn in the order of the mapping.
    """

    name: str
    party: Mapping[str, str]
    title: Mapping[str, str]
    custody: Mapping[str, str]
    at: datetime
    fonts: Path

    @property
    def texts(self) -> Texts:
        """All but the time."""
        party, title, custody = (tuple(one.items()) for one in (self.party, self.title, self.custody))
        return Texts(self.name, party, title, custody, self.fonts)

    @property
    def time(self) -> str:
        """The time as it is shown."""
        return in_utc(self.at).strftime("%Y-%m-%d %H:%M:%S UTC")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a stamp stands in its file, and how the font of its time writes the digits 0 to 9."""

    number: int
    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some text of one language; `size` in points."""

    text: str
    lang: str
    size: float
    bold: bool = False
    color: str = INK


def draw(texts: Texts, width: float, height: float, pdf: PdfFile, *, time: str) -> Drawn:
    """Add the stamp to `pdf` as a form XObject of `width` by `height` points. `time` may be `HOLES`: then each digit
    stands in the content as its place in two digits between braces.

    Raises `UnknownGlyph`, `StampDoesNotFit` or `FontsNotFound`.
    """
    try:
        faces = FontFolder(texts.fonts).load()
    except FontsMissing as error:
        raise FontsNotFound() from error
    mark = min(height - 8, width * 0.3, 80.0)
    scale, lines = _fitting(_pieces(texts, time), faces, width - mark - 18, height - 6)
    fonts = DocumentFonts(faces)
    digits = tuple(fonts.used[_digit_face(faces)][digit] for digit in "0123456789")
    content = _mark(faces, fonts, mark, height / 2, texts.rehearsal)
    y = height / 2 + sum(map(_leading, lines)) * scale / 2
    for line in lines:
        y -= _leading(line) * scale
        content += _text(line, scale, faces, fonts, mark + 14, y + 0.3 * line.size * scale)
    resources = f"/Resources <</Font <<{fonts.resources(pdf)}>>>>"
    box = f"/BBox [0 0 {number(width)} {number(height)}]"
    form = pdf.add_stream(content.encode("ascii"), f" /Type /XObject /Subtype /Form {box} {resources}")
    return Drawn(form, digits)


def _digit_face(faces: Faces) -> int:
    return faces.chooser("en", False)["0"][0]


def _pieces(texts: Texts, time: str) -> list[_Piece]:
    for _, text in (("", texts.name), *texts.party, *texts.title, *texts.custody):
        if not _HOLES.isdisjoint(text):
            raise UnknownGlyph(character="U+2400 to U+240D")
    pieces = [_Piece(texts.name, "zh-Hans", 12, bold=True)]
    pieces += [_Piece(text, lang, 8.5) for lang, text in texts.party]
    pieces.append(_Piece(" · ".join(dict.fromkeys(text for _, text in texts.title)), "zh-Hans", 7.5, color=QUIET))
    when = "演练时间 · Rehearsed" if texts.rehearsal else "签名准备时间 · Signature prepared"
    pieces.append(_Piece(f"{when} {time}", "en", 6.5, color=QUIET))
    pieces += [_Piece(text, lang, 5.5, color=QUIET) for lang, text in texts.custody]
    return [piece for piece in pieces if piece.text.strip()]


def _fitting(pieces: list[_Piece], faces: Faces, width: float, height: float) -> tuple[float, list[_Piece]]:
    """The largest scale at which all pieces, broken into lines, fit the box."""
    measured = [(piece, _words(piece, faces)) for piece in pieces]
    for scale in _SCALES:
        room = width / scale
        lines = [line for piece, words in measured for line in _broken(piece, words, room)]
        if sum(_leading(line) for line, _ in lines) * scale > height:
            continue
        if max((length for _, length in lines), default=0.0) <= room:
            return scale, [line for line, _ in lines]
    raise StampDoesNotFit(width=number(width), height=number(height))


def _leading(piece: _Piece) -> float:
    return 1.28 * piece.size


def _broken(piece: _Piece, words: list[tuple[str, float, float]], room: float) -> Iterable[tuple[_Piece, float]]:
    """Lines of the piece with their widths: as many words as fit, no blank at the end of a line."""
    line, length, blank = "", 0.0, 0.0
    for word, width, space in words:
        if line and length + blank + width > room:
            yield replace(piece, text=line.rstrip()), length
            line, length, blank = "", 0.0, 0.0
        line, length, blank = line + word, length + blank + width, space
    yield replace(piece, text=line.rstrip()), length


def _words(piece: _Piece, faces: Faces) -> list[tuple[str, float, float]]:
    """What a line may end after: a word with its blanks, a Chinese character with the marks that must follow it.

    Each with the width of its ink and of its blanks, at full size.
    """
    words: list[str] = []
    for character in drawn(piece.text):
        joins = words and (character == " " or character in _NOT_FIRST)
        latin = words and ord(character) < _HAN and ord(words[-1][-1]) < _HAN and words[-1][-1] != " "
        if joins or latin:
            words[-1] += character
        else:
            words.append(character)
    return [(word, _width(replace(piece, text=word.rstrip()), faces), _blanks(piece, word, faces)) for word in words]


def _blanks(piece: _Piece, word: str, faces: Faces) -> float:
    return (len(word) - len(word.rstrip())) * _glyph(faces, piece, " ")[1] * piece.size / 1000


def _width(piece: _Piece, faces: Faces) -> float:
    return sum(_glyph(faces, piece, character)[1] for character in piece.text) * piece.size / 1000


def _glyph(faces: Faces, piece: _Piece, character: str) -> tuple[int, float]:
    if character in _HOLES:
        return max((faces.chooser("en", False)[digit] for digit in "0123456789"), key=lambda found: found[1])
    try:
        return faces.chooser(piece.lang, piece.bold)[character]
    except KeyError as error:
        raise UnknownGlyph(character=f"U+{ord(character):04X}") from error


def _text(piece: _Piece, scale: float, faces: Faces, fonts: DocumentFonts, x: float, y: float) -> str:
    """One line of text starting at x, y; each run of one face is one Tj."""
    runs: list[tuple[int, list[str]]] = []
    for character in piece.text:
        face, _ = _glyph(faces, piece, character)
        if not runs or runs[-1][0] != face:
            runs.append((face, []))
        slot = f"{{{_SLOTS.index(character):02d}}}" if character in _HOLES else None
        runs[-1][1].append(slot or fonts.used[face][character])
    size = number(piece.size * scale)
    shown = " ".join(f"/F{face} {size} Tf <{''.join(codes)}> Tj" for face, codes in runs)
    return f"BT {piece.color} rg {number(x)} {number(y)} Td {shown} ET\n"


_SIGNED = (SEAL_RED, "", ("已签", "signed"))


def _mark(faces: Faces, fonts: DocumentFonts, side: float, middle: float, rehearsal: bool) -> str:
    """The seal-red frame, leaning a little. No time in it: it is drawn before anything is signed."""
    colour, dashes, words = (OCHRE, "[5 3.5] 0 d ", ("演练", "rehearsal")) if rehearsal else _SIGNED
    center = 5 + side / 2
    inner = side * 0.9
    parts = [
        f"q 0.9976 0.0698 -0.0698 0.9976 {number(center)} {number(middle)} cm\n",
        f"{colour} RG {dashes}{number(side * 0.035)} w {_rounded(inner, side * 0.06)} S\n",
    ]
    for text, size, y in ((words[0], 0.36, -0.03), (words[1], 0.16, -0.25)):
        piece = _Piece(text, "zh-Hans" if size > 0.3 else "en", size * side, bold=True, color=colour)
        parts.append(_text(piece, 1, faces, fonts, -_width(piece, faces) / 2, y * side))
    return "".join(parts) + "Q\n"


def _rounded(side: float, radius: float) -> str:
    """The path of a square with round corners around the origin."""
    far, near, bend = side / 2, side / 2 - radius, side / 2 - radius + radius * _CORNER
    path = [f"{number(-near)} {number(-far)} m"]
    for turn in range(4):
        ends = [(near, -far), (bend, -far), (far, -bend), (far, -near)]
        (x0, y0), *curve = [_turned(x, y, turn) for x, y in ends]
        path.append(f"{number(x0)} {number(y0)} l {' '.join(f'{number(x)} {number(y)}' for x, y in curve)} c")
    return " ".join(path) + " h"


def _turned(x: float, y: float, quarters: int) -> tuple[float, float]:
    for _ in range(quarters):
        x, y = -y, x
    return x, y
