"""What stands twice although it must not: a key in a dictionary, a number in a cross-reference section.

Of two equal keys the last one counts, as in every program that shows documents to people; the library would take the
first, and see another document than its reader (ISO 32000-2 clause 7.3.7). Of two equal numbers some programs take the
first and some the last, so there is no right one (clause 7.5.4). Both are noted for `ambiguity`. `use` puts these
readers in the place of the library's own; strict reading still refuses the keys.
"""

import os
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic, xref
from pyhanko.pdf_utils.misc import PdfReadError, read_non_whitespace

PACKED = -1
_process = xref.XRefSectionData.process_entries


def read_dictionary(stream: Any, container_ref: Any) -> generic.DictionaryObject:
    """The dictionary or stream at the position of `stream`, which is left behind it. Raises PdfReadError."""
    start = stream.tell()
    if stream.read(2) != b"<<":
        raise PdfReadError(f"no dictionary at byte {start}")
    values: dict[Any, Any] = {}
    doubled = False
    while read_non_whitespace(stream) != b">":
        stream.seek(-1, os.SEEK_CUR)
        try:
            key = generic.NameObject.read_from_stream(stream)  # type: ignore[no-untyped-call]  # pyHanko has no annotation here
        except ValueError as cause:  # bytes that no encoding of names has
            raise PdfReadError(f"no name at byte {stream.tell()}") from cause
        read_non_whitespace(stream)
        stream.seek(-1, os.SEEK_CUR)
        doubled |= key in values
        values[key] = generic.read_object(stream, container_ref)
    stream.read(1)
    handler = container_ref.get_pdf_handler()
    if doubled:
        reader = getattr(handler, "reader", handler)
        place = start if getattr(reader, "stream", None) is stream else PACKED
        note(reader, getattr(container_ref, "idnum", 0), place)
    payload = generic._maybe_read_stream_payload(stream, values, handler)
    if payload is None:
        return generic.DictionaryObject(values)
    return generic.StreamObject(values, encoded_data=payload)


def note(reader: Any, number: int, place: int) -> None:
    """The object, 0 for the trailer, and where its dictionary begins in the file; PACKED in an object stream."""
    noted = getattr(reader, "doubled_keys", None)
    if noted is not None:
        noted.add((number, place))


def process_entries(section: Any, entries: Iterator[xref.XRefEntry], strict: bool) -> Any:
    """As of the library; a number that the section has already, for another place, is noted in it."""
    section.doubled = set()
    return _process(section, _watched(section, entries), strict)


def _watched(section: Any, entries: Iterator[xref.XRefEntry]) -> Iterator[xref.XRefEntry]:
    direct, packed, freed = section.standard_xrefs, section.xrefs_in_objstm, section.freed
    for entry in entries:
        number = entry.idnum
        if number in direct or number in packed or number in freed:
            same = direct.get(number) == (entry.generation, entry.location) or packed.get(number) == entry.location
            if number and not same:
                section.doubled.add(number)
        yield entry


def use() -> None:
    """Let the library read sections this way, in the whole process."""
    xref.XRefSectionData.process_entries = process_entries  # type: ignore[method-assign, assignment]  # of its form
