"""Writes PDF objects as one classic file: header, numbered objects, cross-reference table, trailer.

Streams stay uncompressed on purpose: zlib and its replacements give different bytes for the same input, and the same
version must give the same PDF on every machine. It also keeps ISO 19005 happy about the line end before `endstream`.
No knowledge of pages, fonts or agreements. ISO 32000-1 §7.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_HEADER = b"%PDF-1.7\n%\xe7\xba\xa6\xe5\xae\x9a\n"  # four bytes above 127 mark the file as binary


@lru_cache(maxsize=1 << 16)
def number(value: float) -> str:
    """A number as PDF operand: at most three decimals, no exponent, the same on every platform."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def numbers(values: Iterable[float]) -> str:
    """Several numbers, separated by blanks."""
    return " ".join(map(number, values))


def text_string(text: str) -> str:
    """A text string object: literal when plain ASCII, otherwise UTF-16BE as hexadecimal (ISO 32000-1 §7.9.2.2)."""
    if text.isascii() and text.isprintable():
        return "(" + text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
    return "<FEFF" + text.encode("utf-16-be").hex().upper() + ">"


def references(objects: Iterable[int]) -> str:
    """An array of references, eight to a line."""
    items = [f"{reference} 0 R" for reference in objects]
    lines = [" ".join(items[start : start + 8]) for start in range(0, len(items), 8)]
    return "[" + "\n".join(lines) + "]"


class PdfFile:
    """Collects objects; numbers are given in the order of `reserve` and `add`."""

    def __init__(self) -> None:
        self._objects: list[bytes | None] = []

    def reserve(self) -> int:
        """Take an object number to be filled later with `put`."""
        self._objects.append(None)
        return len(self._objects)

    def put(self, reference: int, body: str | bytes) -> None:
        """Fill a reserved number."""
        self._objects[reference - 1] = body.encode("ascii") if isinstance(body, str) else body

    def add(self, body: str | bytes) -> int:
        """Add an object and return its number."""
        reference = self.reserve()
        self.put(reference, body)
        return reference

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Add a stream with further dictionary `entries` and return its number."""
        head = f"<<{entries} /Length {len(data)}>>\nstream\n".encode("ascii")
        return self.add(head + data + b"\nendstream")

    def finish(self, *, root: int, info: int, identifier: bytes) -> bytes:
        """Return the file. `identifier` (16 bytes) stands twice in the trailer's /ID, as in every unrevised file."""
        pieces, offsets, position = [_HEADER], [], len(_HEADER)
        for reference, body in enumerate(self._objects, start=1):
            if body is None:
                raise AssertionError(f"object {reference} was reserved and never filled")
            piece = b"%d 0 obj\n%b\nendobj\n" % (reference, body)
            offsets.append(position)
            position += len(piece)
            pieces.append(piece)
        count = len(self._objects) + 1
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        mark = identifier.hex().upper()
        pieces.append(
            (
                f"xref\n0 {count}\n0000000000 65535 f \n{table}"
                f"trailer\n<</Size {count} /Root {root} 0 R /Info {info} 0 R /ID [<{mark}> <{mark}>]>>\n"
                f"startxref\n{position}\n%%EOF\n"
            ).encode("ascii")
        )
        return b"".join(pieces)
