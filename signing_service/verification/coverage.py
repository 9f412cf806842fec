"""Which revision a signature covers: whether its signed bytes end exactly where a revision ends.

A signature speaks for a revision only if the cross-reference that the reader follows lies inside the signed bytes.
Otherwise the file could show a state that was never signed.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from signing_service.verification.integrity import WHITESPACE, ByteRange
from signing_service.verification.reading import Opened, RevisionEnd

REST = re.compile(rb"[\x00\t\n\x0c\r ]*\Z")
LAST_LINES = re.compile(rb"startxref[\x00\t\n\x0c\r ]+(\d{1,12})[\x00\t\n\x0c\r ]*(?:%%EOF[\x00\t\n\x0c\r ]*)*\Z")
WINDOW = 256


def innermost_ends(opened: Opened) -> list[int]:
    """For each revision the byte behind the last of the cross-references up to it."""
    if opened.reader is None:
        return []
    xrefs = opened.reader.xrefs
    each = (xrefs.get_xref_container_info(index).end_location for index in range(xrefs.total_revisions))
    return list(accumulate(each, max))


def covered_revision(
    opened: Opened, pdf: bytes, ends: Sequence[RevisionEnd], inside: Sequence[int], signed: ByteRange
) -> int:
    """The index of the last revision that lies wholly inside the signed bytes and ends with them; -1: none.

    `inside`: see `innermost_ends`.
    """
    if opened.reader is None:
        return -1
    if REST.match(pdf, signed.end):
        return len(ends) - 1
    if opened.rebuilt:
        fitting = [index for index, entry in enumerate(ends) if not _between(pdf, entry.end, signed.end)]
        return max(fitting, default=-1)
    covered = bisect_right(inside, signed.end) - 1
    last = LAST_LINES.search(pdf[max(0, signed.end - WINDOW) : signed.end])
    if covered < 0 or last is None:
        return -1
    declared = opened.reader.xrefs.get_startxref_for_revision(covered)
    return covered if int(last.group(1)) == declared else -1


def _between(pdf: bytes, first: int, second: int) -> bytes:
    return pdf[min(first, second) : max(first, second)].strip(WHITESPACE)
