"""Streams whose stated length is wrong, read up to their `endstream`, as every reader that people use does.

`use` puts this reader in the place of the library's own, which ends with an error there: one wrong length would make
a comparison of two revisions impossible. A right length is read as before.
"""

from collections.abc import Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

END = b"endstream"
BLOCK = 1 << 16
_library = generic._maybe_read_stream_payload


def read_payload(stream: Any, data: Mapping[str, generic.PdfObject], handler: Any) -> bytes | None:
    """The bytes between `stream` and `endstream`; None when no stream follows the dictionary."""
    start = stream.tell()
    try:
        found: bytes | None = _library(stream, data, handler)  # type: ignore[no-untyped-call]  # pyHanko has no annotation here
        return found
    except (PdfReadError, KeyError, TypeError, ValueError, RecursionError):  # also a length that is its own stream's
        pass
    stream.seek(start)
    while (letter := stream.read(1)) in b"\x00\t\n\x0c\r " and letter:
        pass
    if letter + stream.read(5) != b"stream":
        raise PdfReadError("no stream")
    begin = stream.tell()
    collected = bytearray()
    while (place := collected.find(END, max(0, len(collected) - BLOCK - len(END)))) < 0:
        block = stream.read(BLOCK)
        if not block:
            raise PdfReadError("a stream has no end")
        collected += block
    stream.seek(begin + place + len(END))
    payload = bytes(collected[:place])
    head = 2 if payload[:2] == b"\r\n" else 1 if payload[:1] in (b"\n", b"\r") else 0
    tail = 2 if payload[-2:] == b"\r\n" else 1 if payload[-1:] in (b"\n", b"\r") else 0
    return payload[head : len(payload) - tail]


def use() -> None:
    """Let the library read streams this way, in the whole process."""
    generic._maybe_read_stream_payload = read_payload
