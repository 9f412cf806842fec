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

from agreements.rendering.errors import NoSuchPage, UnreadablePdf

_PDFIUM = Lock()


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in fractions of the page, from the upper left corner: 0 ≤ x0 < x1 ≤ 1, 0 ≤ y0 < y1 ≤ 1."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


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
        loaded = document[page]
        try:
            yield loaded
        finally:
            loaded.close()


def page_count(pdf: bytes) -> int:
    """Number of pages; raises UnreadablePdf."""
    with _opened(pdf) as document:
        return len(document)


def page_png(pdf: bytes, page: int, width_px: int) -> bytes:
    """The page (from 0) as a PNG of the given width in pixels, signatures included.

    Raises NoSuchPage, UnreadablePdf.
    """
    with _page(pdf, page) as loaded:
        bitmap = loaded.render(scale=width_px / loaded.get_width(), may_draw_forms=True, rev_byteorder=True)
        image = bitmap.to_pil()
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=2)
    return stream.getvalue()


def page_text(pdf: bytes, page: int) -> str:
    """The text of a page (from 0) in reading order."""
    with _page(pdf, page) as loaded:
        return str(loaded.get_textpage().get_text_bounded()).replace("\r\n", "\n")
