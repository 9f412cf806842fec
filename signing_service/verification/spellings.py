r"""Names and strings in spellings that real programs write and the library refuses, read as the standard says.

Names with bytes that should have been escaped: fonts are called by their Chinese or Japanese names in the encoding of
their country (ISO 32000-2, 7.3.5). Strings with `\` before a character for which it means nothing, where it is to be
ignored, and octal numbers beyond a byte, whose overflow is (7.3.4.2). `use` puts these readers in the place of the
library's own; what the library reads is read as before.
"""

import re
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError, PdfStreamError, read_until_delimiter

from signing_service.verification.plain_dictionaries import LETTERS

TO_BE_ESCAPED = re.compile(rb"#(?![0-9A-Fa-f]{2})|[^!-~]")
OCTAL = b"01234567"
_library_name = generic.NameObject.read_from_stream
_library_string = generic.read_string_from_stream


def read_name(stream: Any) -> generic.NameObject:
    """The name at the stream's position, which is left behind it."""
    start = stream.tell()
    try:
        held: generic.NameObject = _library_name(stream)  # type: ignore[no-untyped-call]  # pyHanko has no annotation here
        return held
    except PdfReadError:
        stream.seek(start)
        if stream.read(1) != b"/":
            raise
    escaped = TO_BE_ESCAPED.sub(lambda found: b"#%02X" % found[0][0], read_until_delimiter(stream))
    return generic._decode_name(escaped)


def read_string(stream: Any) -> generic.TextStringObject | generic.ByteStringObject:
    """The literal string at the stream's position, which is left behind it."""
    start = stream.tell()
    try:
        return _library_string(stream)
    except (PdfReadError, ValueError):
        stream.seek(start + 1)
    held, depth = bytearray(), 1
    while True:
        letter = _one(stream)
        if letter == b"\\":
            held += _escaped(stream)
            continue
        depth += (letter == b"(") - (letter == b")")
        if not depth:
            return generic.pdf_string(bytes(held))
        held += letter


def _one(stream: Any) -> bytes:
    letter: bytes = stream.read(1)
    if not letter:
        raise PdfStreamError("a string has no end")
    return letter


def _escaped(stream: Any) -> bytes:
    """What `\\` and the characters after it mean; at most three octal digits belong together."""
    letter = _one(stream)
    if letter in OCTAL:
        digits = letter
        while len(digits) < 3 and (letter := _one(stream)) in OCTAL:
            digits += letter
        if letter not in OCTAL:
            stream.seek(-1, 1)
        return bytes((int(digits, 8) & 0xFF,))
    if letter == b"\r" and _one(stream) != b"\n":
        stream.seek(-1, 1)
    return b"" if letter in b"\r\n" else LETTERS.get(letter, letter)


def use() -> None:
    """Let the library read names and strings this way, in the whole process."""
    generic.NameObject.read_from_stream = staticmethod(read_name)  # type: ignore[method-assign]  # of its form
    generic.read_string_from_stream = read_string
