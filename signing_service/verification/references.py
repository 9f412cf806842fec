"""Which object numbers a file refers to, and where first, told from its bytes.

A reference to a number that is not there means nothing, until a later revision writes that number: then a page or a
picture shows what was not there when it was signed. So a revision that seems to write new objects only may do so only
if nothing before it refers to them. What merely looks like a reference counts as one, also as lenient readers see it:
with comments between its parts, or without a space before its last letter (ISO 32000-2 clauses 7.2.3, 7.3.10).
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from itertools import accumulate

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import WHITESPACE
from signing_service.verification.plain_der import NotPlain, if_plain

LINES, DIGITS = b"\r\n", b"0123456789"
BEFORE = frozenset(WHITESPACE + DIGITS)
PLAIN = re.compile(rb"(?<![0-9.])(\d{1,10})[\x00\t\n\x0c\r ]{1,3}\d{1,5}[\x00\t\n\x0c\r ]{1,3}\Z")
WINDOW = 24
MOST_PLACES = 64
FEWEST_ODD, BYTES_AN_ODD = 10_000, 500


class References:
    """The references of one open file."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader

    def any_before(self, numbers: Iterable[int], index: int) -> bool:
        """Whether a revision before `index` refers to one of these numbers; also when that cannot be told."""
        return self._found is None or any(
            first.get(number, index) < index for number in numbers for first in self._found
        )

    def unusual_before(self, numbers: Iterable[int], index: int) -> bool:
        """The same of references that not every reader sees."""
        return self._found is None or any(self._found[1].get(number, index) < index for number in numbers)

    def all_in(self, numbers: Container[int], index: int) -> bool:
        """Whether all that revision `index` and those before it refer to is among these numbers."""
        return self._found is not None and all(
            number in numbers for first in self._found for number, since in first.items() if since <= index
        )

    def reach(self, size: int) -> bool:
        """Whether a number of at least `size` is referred to; also when that cannot be told."""
        return self._found is None or any(number >= size for first in self._found for number in first)

    @cached_property
    def _found(self) -> tuple[dict[int, int], dict[int, int]] | None:
        """Number → the first revision that refers to it, plainly and unusually; None when it cannot be told."""
        xrefs, ends = self._reader.xrefs, section_ends(self._reader)
        found: tuple[dict[int, int], dict[int, int]] = ({}, {})
        with if_plain:
            for number, place, kind in references(self._reader.stream.getvalue()):
                found[kind].setdefault(number, bisect_right(ends, place))
            for index in range(xrefs.total_revisions):
                for held in self._object_streams(index):
                    for number, _, kind in references(held):
                        found[kind][number] = min(index, found[kind].get(number, index))
            return found
        return None

    def _object_streams(self, index: int) -> Iterator[bytes]:
        for reference in self._reader.xrefs.object_streams_used_in(index):
            with forgiving:  # one that cannot be read leads nowhere
                held = self._reader.get_object(reference, index)
                if isinstance(held, generic.StreamObject):
                    yield held.data


def section_ends(reader: PdfFileReader) -> list[int]:
    """For each revision where its cross-reference ends, with its trailer, and those of the revisions before it."""
    data = reader.stream.getvalue()
    starts = (reader.xrefs.get_xref_container_info(index).end_location for index in range(reader.xrefs.total_revisions))
    ends = ((start, data.find(b"startxref", start)) for start in starts)
    return list(accumulate((max(pair) for pair in ends), max))


def fresh_numbers(reader: PdfFileReader, index: int) -> list[int]:
    """The numbers that a revision writes and that nothing had before."""
    xrefs = reader.xrefs
    written = xrefs.explicit_refs_in_revision(index)
    return [one.idnum for one in written if xrefs.get_historical_ref(one, index - 1) is None]


def references(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Number, end and kind of every reference: 0 plain, 1 unusual.

    Raises NotPlain where comments hide too much, or where more may be references than chance makes of compressed data.
    """
    left = FEWEST_ODD + len(data) // BYTES_AN_ODD
    place = data.find(b"R", 1)
    while place >= 0:
        if data[place - 1] in BEFORE:
            plain = PLAIN.search(data, max(0, place - WINDOW), place)
            known = int(plain[1]) if plain is not None else -1
            if plain is not None:
                yield known, place, 0
            if plain is None or any(byte in LINES for byte in plain[0]):  # its end may stand in a comment
                left -= 1
                if left < 0:
                    raise NotPlain("odd places")
                for number in _unusual(data, place):
                    if number != known:
                        yield number, place, 1
        place = data.find(b"R", place + 1)


def _unusual(data: bytes, end: int) -> Iterator[int]:
    """The numbers that a reference ending at `end` may have, whatever stands between its parts."""
    for generation in _words_before(data, end):
        start = run_before(data, generation, DIGITS)
        if start < generation:
            for number in _words_before(data, start):
                first = run_before(data, number, DIGITS + b".")
                with suppress(ValueError, OverflowError):
                    if number < start and first < number:
                        yield int(float(data[first:number]))


def _words_before(data: bytes, end: int) -> set[int]:
    """Where a word may end that only white space and comments separate from `end`."""
    found: set[int] = set()
    waiting = [end]
    while waiting:
        behind = waiting.pop()
        place = run_before(data, behind, WHITESPACE)
        if place in found:
            continue
        found.add(place)
        if any(byte in LINES for byte in data[place:behind]):
            line = max(data.rfind(b"\n", 0, place), data.rfind(b"\r", 0, place)) + 1
            waiting += [line + mark.start() for mark in re.finditer(b"%", data[line:place])]
        if len(found) + len(waiting) > MOST_PLACES:
            raise NotPlain("comments")
    return found


def run_before(data: bytes, end: int, of: bytes) -> int:
    """Where the run of these bytes begins that ends at `end`."""
    while end > 0 and data[end - 1] in of:
        end -= 1
    return end
