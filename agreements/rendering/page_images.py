"""Page images, page texts and word boxes out of a finished PDF, for screens that show it.

The caller caches by the PDF's SHA-256, page and width. PDFium is not safe for threads, so one lock guards it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

import pypdfium2
import pypdfium2.raw
from PIL import Image, ImageChops

from agreements.rendering.errors import NoSuchPage, UnreadablePdf

_PDFIUM = Lock()
_INK = (28, 35, 51)
_SAMPLE_WIDTH = 200  # pixels; enough to see whether a page carries colour at all
_SHARP_WIDTH = 1200  # below it PDFium, which puts letters on whole pixels, draws at double size
_TINTED, _COLOURED = 6, 48  # difference between colour channels: above the first is our ink, above the second a seal
_COMPRESSION = 2  # zlib level: three times faster than the default, a tenth larger
_BREAK, _SAME_LINE = 0.6, 0.5  # of the character height: a gap that parts words; a shift that ends a line


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in fractions of the page, from the upper left corner: 0 ≤ x0 < x1 ≤ 1, 0 ≤ y0 < y1 ≤ 1.

    Chinese text, which has no blanks, comes in runs up to the end of the line.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def page_count(pdf: bytes) -> int:
    """Number of pages; raises UnreadablePdf."""
    with _opened(pdf) as document:
        return len(document)


def page_png(pdf: bytes, page: int, width_px: int) -> bytes:
    """The page (from 0) as a PNG of the given width in pixels, signatures included.

    A page without colour is drawn in grey and, when it is set in our ink, tinted by a palette: as faithful as full
    colour, several times faster and smaller. Raises NoSuchPage, UnreadablePdf.
    """
    with _page(pdf, page) as loaded:
        tint = _channel_difference(_drawn(loaded, _SAMPLE_WIDTH))
        image = _drawn(loaded, width_px, grey=tint <= _COLOURED)
    if _TINTED < tint <= _COLOURED:
        image.putpalette(_INK_TO_PAPER)
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=_COMPRESSION)
    return stream.getvalue()


def page_text(pdf: bytes, page: int) -> str:
    """The text of a page (from 0) in reading order."""
    with _page(pdf, page) as loaded:
        return str(loaded.get_textpage().get_text_bounded()).replace("\r\n", "\n")


def page_words(pdf: bytes, page: int) -> tuple[Word, ...]:
    """The words of a page (from 0) with their boxes, in the order of the text."""
    with _page(pdf, page) as loaded:
        width, height = loaded.get_size()
        words: list[list[tuple[str, float, float, float, float]]] = [[]]
        for character in _characters(loaded.get_textpage()):
            if character is None or (words[-1] and _parted(words[-1][-1], character)):
                words.append([])
            if character is not None:
                words[-1].append(character)
    return tuple(_word(word, width, height) for word in words if word)


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf() from error
        try:
            yield document
        finally:
            document.close()


@contextmanager
def _page(pdf: bytes, page: int) -> Iterator[pypdfium2.PdfPage]:
    with _opened(pdf) as document:
        if not 0 <= page < len(document):
            raise NoSuchPage(page=page + 1, pages=len(document))
        if document.get_formtype():
            document.init_forms()
        try:
            loaded = document[page]
        except pypdfium2.PdfiumError as error:
            raise UnreadablePdf() from error
        try:
            yield loaded
        finally:
            loaded.close()


def _drawn(page: pypdfium2.PdfPage, width_px: int, grey: bool = False) -> Image.Image:
    finer = 2 if width_px < _SHARP_WIDTH else 1
    bitmap = page.render(scale=finer * width_px / page.get_width(), grayscale=grey, rev_byteorder=not grey)
    image: Image.Image = bitmap.to_pil().reduce(finer)  # a copy: the bitmap's memory ends with the page
    bitmap.close()
    return image


def _channel_difference(image: Image.Image) -> int:
    """The largest difference between the colour channels of any pixel; 0 for pure grey."""
    red, green, blue = image.convert("RGB").split()
    pairs = ((red, green), (green, blue), (red, blue))
    return max(int(ImageChops.difference(one, other).getextrema()[1]) for one, other in pairs)  # type: ignore[arg-type]  # one band


def _ink_to_paper() -> list[int]:
    """256 palette entries: luminance up to the ink's is ink, above it a straight way to white."""
    dark = 0.299 * _INK[0] + 0.587 * _INK[1] + 0.114 * _INK[2]
    palette: list[int] = []
    for luminance in range(256):
        share = max(0.0, (luminance - dark) / (255 - dark))
        palette += [round(channel + share * (255 - channel)) for channel in _INK]
    return palette


_INK_TO_PAPER = _ink_to_paper()


def _characters(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, float, float, float, float] | None]:
    """(character, left, bottom, right, top) in points; None where a blank or a line end stands."""
    for index in range(text.count_chars()):
        code = pypdfium2.raw.FPDFText_GetUnicode(text, index)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        yield (character, *text.get_charbox(index, loose=True)) if character.strip() else None


def _parted(before: tuple[str, float, float, float, float], after: tuple[str, float, float, float, float]) -> bool:
    height = max(before[4] - before[2], 1.0)
    return abs(after[2] - before[2]) > height * _SAME_LINE or not -height < after[1] - before[3] < height * _BREAK


def _word(characters: list[tuple[str, float, float, float, float]], width: float, height: float) -> Word:
    left, right = min(c[1] for c in characters), max(c[3] for c in characters)
    bottom, top = min(c[2] for c in characters), max(c[4] for c in characters)
    x0, x1, y0, y1 = left / width, right / width, 1 - top / height, 1 - bottom / height
    return Word("".join(c[0] for c in characters), *(round(min(max(v, 0.0), 1.0), 5) for v in (x0, y0, x1, y1)))
