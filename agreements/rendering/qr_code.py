"""A QR code (ISO/IEC 18004) as few rectangles, for pages and for a form XObject that many stamps share.

The matrix is made by reportlab. Of the levels of error correction that give the smallest code the strongest is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from agreements.rendering.pdf_file import PdfFile

QUIET = 4
"""Modules kept free on each side of a code."""

_INK = "0.110 0.133 0.200"
_LEVELS = (QRErrorCorrectLevel.Q, QRErrorCorrectLevel.M, QRErrorCorrectLevel.L)
Modules = tuple[tuple[bool, ...], ...]
Box = tuple[int, int, int, int]


@lru_cache(maxsize=256)
def modules(text: str) -> Modules:
    """The rows of a code from above, dark modules true."""
    return min((_modules(text, level) for level in _LEVELS), key=len)


def _modules(text: str, level: int) -> Modules:
    code = QRCode(None, level)
    code.addData(text)
    code.make()
    return tuple(tuple(map(bool, row)) for row in code.modules)


def boxes(rows: Modules) -> Iterator[Box]:
    """The dark modules as (column, row, width, height): runs of a row, joined with the same run of the rows below."""
    open_runs: dict[tuple[int, int], int] = {}
    for number, row in enumerate((*rows, ())):
        runs = set(_runs(row))
        for run in sorted(open_runs.keys() - runs):
            began = open_runs.pop(run)
            yield run[0], began, run[1], number - began
        for run in runs - open_runs.keys():
            open_runs[run] = number


def _runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    """(start, length) of the runs of dark modules."""
    start = None
    for column, dark in enumerate((*row, False)):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None


def write_form(pdf: PdfFile, text: str) -> int:
    """Add the code as a form XObject one unit wide and high, its quiet zone inside; returns its object number."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET
    content = f"{_INK} rg\n" + "\n".join(
        f"{column + QUIET} {side - QUIET - row - height} {width} {height} re"
        for column, row, width, height in boxes(rows)
    )
    unit = f"{1 / side:.9f}"
    entries = (
        f" /Type /XObject /Subtype /Form /BBox [0 0 {side} {side}] /Matrix [{unit} 0 0 {unit} 0 0] /Resources <<>>"
    )
    return pdf.add_stream(f"{content}\nf".encode("ascii"), entries)
