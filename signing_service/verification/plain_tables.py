"""Cross-reference tables of the exact form, twenty bytes for each entry, read at once; others are left to the library.

ISO 32000-2 clause 7.5.4. What is read is what the library reads: it reads number by number and letter by letter.
"""

import re
from collections.abc import Iterator

from pyhanko.pdf_utils.xref import XRefEntry, XRefType

SPACE = rb"[\x00\t\n\x0c\r ]*"
RUN = re.compile(SPACE + rb"(\d{1,9}) (\d{1,9})(?: ?\r?\n| ?\r(?=\d))")
END = re.compile(SPACE + rb"trailer" + SPACE)
ENTRY = 20
ENTRIES = re.compile(rb"(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*")


def plain_table(data: bytes, start: int) -> tuple[Iterator[XRefEntry], int] | None:
    """The entries of the table whose first run begins at `start`, and where its trailer's dictionary does."""
    runs: list[tuple[int, int, int]] = []
    place = start
    while (found := RUN.match(data, place)) is not None:
        first, count, begun = int(found[1]), int(found[2]), found.end()
        place = begun + ENTRY * count
        if place > len(data) or ENTRIES.fullmatch(data, begun, place) is None:
            return None
        runs.append((first, count, begun))
    end = END.match(data, place)
    return (_entries(data, runs), end.end()) if runs and end is not None and end.end() < len(data) else None


def _entries(data: bytes, runs: list[tuple[int, int, int]]) -> Iterator[XRefEntry]:
    for first, count, begun in runs:
        for number in range(first, first + count):
            place = begun + ENTRY * (number - first)
            generation = int(data[place + 11 : place + 16])
            if data[place + 17] == 0x6E:  # n, in use
                yield XRefEntry(XRefType.STANDARD, int(data[place : place + 10]), number, generation)
            else:
                yield XRefEntry(XRefType.FREE, None, number, generation)
