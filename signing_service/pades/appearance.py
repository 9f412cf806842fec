"""What a signature looks like on the page: a seal-red frame 已签 / signed, who signed, for whom, when and with whose
key, the QR code of the page where anybody can check it, and, if the signatory made one, their drawing across the frame.

A static stamp in both scripts with only the glyphs it needs. It shows what was known when the signature was prepared;
what the signature is worth is said by the verification report, not by a picture. A character that no font can draw
stops the drawing; nothing is left blank or cut off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.errors import FontsMissing
from agreements.rendering.fonts import Faces, FontFolder
from agreements.rendering.pdf_file import PdfFile, number
from keys.clock import in_utc
from signing_service.pades import drawing as drawings
from signing_service.pades import stamp_layout, stamp_lines
from signing_service.pades.drawing import Drawing
from signing_service.pades.errors import FontsNotFound, UnknownGlyph
from signing_service.pades.stamp_layout import Layout
from signing_service.pades.stamp_lines import SLOTS, Piece

SEAL_RED = "0.702 0.224 0.173"  # b3392c
QUIET = "0.353 0.376 0.447"
OCHRE = "0.52 0.353 0.055"  # a rehearsal never has the red of signatures

_CORNER = 0.5523  # distance of the control points of a quarter circle drawn as one Bézier curve
_LARGEST_INK = 0.16  # points per unit of the pad's grid


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
    drawing: Drawing | None = None

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


def draw(
    texts: Texts,
    width: float,
    height: float,
    pdf: PdfFile,
    *,
    time: str,
    code: int | None = None,
    drawing: Drawing | None = None,
) -> Drawn:
    """Add the stamp to `pdf` as a form XObject of `width` by `height` points. `time` may be `HOLES`: then each digit
    stands in the content as its place in two digits between braces. `code`: the object number of the document's QR
    code, a form one unit wide and high.

    Raises `UnknownGlyph`, `StampDoesNotFit` or `FontsNotFound`.
    """
    try:
        faces = FontFolder(texts.fonts).load()
    except FontsMissing as error:
        raise FontsNotFound() from error
    pieces = _pieces(texts, time)
    layout = stamp_layout.fitting(pieces, faces, (width, height), coded=code is not None, drawn=drawing is not None)
    fonts = DocumentFonts(faces)
    digits = tuple(fonts.used[_digit_face(faces)][digit] for digit in "0123456789")
    content = _mark(faces, fonts, layout, texts.rehearsal)
    shared = ""
    if drawing is not None:
        ink, *extent = drawings.write_form(pdf, drawing)
        content += _placed_ink(layout, *extent)
        shared += f"/Ink {ink} 0 R "
    for lines, place in ((layout.beside, layout.beside_at), (layout.below, layout.below_at)):
        content += stamp_lines.lines(lines, layout.scale, faces, fonts, place)
    if code is not None:
        side, (x, y) = number(layout.code_side), layout.code_at
        content += f"q {side} 0 0 {side} {number(x)} {number(y)} cm /Code Do Q\n"
        shared += f"/Code {code} 0 R "
    resources = f"/Resources <</Font <<{fonts.resources(pdf)}>>{f' /XObject <<{shared}>>' if shared else ''}>>"
    box = f"/BBox [0 0 {number(width)} {number(height)}]"
    form = pdf.add_stream(content.encode("ascii"), f" /Type /XObject /Subtype /Form {box} {resources}")
    return Drawn(form, digits)


def _digit_face(faces: Faces) -> int:
    return faces.chooser("en", False)["0"][0]


def _pieces(texts: Texts, time: str) -> stamp_layout.Pieces:
    for _, text in (("", texts.name), *texts.party, *texts.title, *texts.custody):
        if not SLOTS.isdisjoint(text):
            raise UnknownGlyph(character="U+2400 to U+240D")
    titles = " · ".join(dict.fromkeys(text for _, text in texts.title))
    when = "演练时间 · Rehearsed" if texts.rehearsal else "签名准备时间 · Signature prepared"
    custody = " · ".join(text for _, text in texts.custody)
    return stamp_layout.Pieces(
        name=_some(Piece(texts.name, "zh-Hans", 11, bold=True)),
        party=_some(*(Piece(text, lang, 7.6) for lang, text in texts.party)),
        title=_some(Piece(titles, "zh-Hans", 7, color=QUIET)),
        facts=_some(
            Piece(f"{when} {time}", "en", 5.9, color=QUIET),
            Piece(custody, "zh-Hans", 5.9, color=QUIET),
        ),
    )


def _some(*pieces: Piece) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text.strip())


def _placed_ink(layout: Layout, width: int, height: int) -> str:
    """The drawing begins on the seal, as one signs across it on paper."""
    x, y, room, high = layout.ink
    scale = min(room / width, high / height, _LARGEST_INK)
    return f"q {scale:.6f} 0 0 {scale:.6f} {number(x)} {number(y + (high - scale * height) / 2)} cm /Ink Do Q\n"


_SIGNED = (SEAL_RED, "", ("已签", "signed"))
_REHEARSED = (OCHRE, "[5 3.5] 0 d ", ("演练", "rehearsal"))


def _mark(faces: Faces, fonts: DocumentFonts, layout: Layout, rehearsal: bool) -> str:
    """The frame of a seal, leaning a little. No time in it: it is drawn before anything is signed."""
    colour, dashes, words = _REHEARSED if rehearsal else _SIGNED
    side, (x, y) = layout.mark_side, layout.mark_at
    inner = side * 0.9
    parts = [
        f"q 0.9976 0.0698 -0.0698 0.9976 {number(x + side / 2)} {number(y + side / 2)} cm\n",
        f"{colour} RG {dashes}{number(side * 0.035)} w {_rounded(inner, side * 0.06)} S\n",
    ]
    for text, size, baseline in ((words[0], 0.36, -0.03), (words[1], 0.16, -0.25)):
        piece = Piece(text, "zh-Hans" if size > 0.3 else "en", size * side, bold=True, color=colour)
        left = -stamp_lines.width_of(piece, faces) / 2
        parts.append(stamp_lines.text(piece, 1, faces, fonts, left, baseline * side))
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
