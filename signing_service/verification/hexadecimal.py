"""Hexadecimal strings read in blocks: the library reads them character by character, and signatures are long ones.

`use` puts this reader in the place of the library's own; the result is the same for every string, errors included.
"""

import binascii
from io import BufferedIOBase, BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStreamError

WHITESPACE = b"\x00\t\n\x0c\r "
BLOCK = 8192


def read_hexadecimal(stream: BytesIO | BufferedIOBase) -> generic.PdfObject:
    """The string that begins at the `<` under the stream's position, which is left behind its `>`."""
    stream.read(1)
    collected = bytearray()
    while True:
        block = stream.read(BLOCK)
        end = block.find(b">")
        collected += block if end < 0 else block[:end]
        if end >= 0:
            stream.seek(end + 1 - len(block), 1)
            break
        if not block:
            raise PdfStreamError("Stream ended within a hexadecimal string")
    digits = bytes(collected).translate(None, WHITESPACE)
    try:
        held = binascii.unhexlify(digits + b"0" * (len(digits) % 2))
    except binascii.Error as cause:
        raise PdfStreamError("Unexpected token in hex string") from cause
    return generic.pdf_string(held)


def use() -> None:
    """Let the library read hexadecimal strings this way, in the whole process."""
    generic.read_hex_string_from_stream = read_hexadecimal  # type: ignore[assignment]  # its stream has no type
