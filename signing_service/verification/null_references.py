"""References to object 0, which some programs write for "nothing" (`/AP <</N 0 0 R>>`), read as null.

A reference to an object that does not exist is null (ISO 32000-2, 7.3.10), and no object has the number 0. The library
ends with an error there and loses the whole object, a signature's field for instance. `use` puts this reader in the
place of the library's own; strict reading still refuses, so that the report says how the file was read.
"""

import re
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError, PdfStrictReadError

NOTHING = re.compile(rb"[\x00\t\n\x0c\r ]*0+[\x00\t\n\x0c\r ]+\d+[\x00\t\n\x0c\r ]+R")
LONGEST = 32
_library = generic.IndirectObject.read_from_stream


def read_reference(stream: Any, container_ref: Any) -> generic.IndirectObject | generic.NullObject:
    """The reference at the stream's position, which is left behind it; null for one to object 0."""
    start = stream.tell()
    try:
        held: generic.IndirectObject = _library(stream, container_ref)
        return held
    except PdfReadError:
        stream.seek(start)
        found = NOTHING.match(stream.read(LONGEST))
        if found is None:
            raise
    if getattr(container_ref.get_pdf_handler(), "strict", False):
        raise PdfStrictReadError("a reference to object 0")
    stream.seek(start + found.end())
    return generic.NullObject()


def use() -> None:
    """Let the library read references this way, in the whole process."""
    generic.IndirectObject.read_from_stream = staticmethod(read_reference)  # type: ignore[method-assign]  # null is new there
