"""What programs read differently in a revision, so that no two of them need to show the same document.

An entry that a dictionary holds twice, a number that one cross-reference section places twice, an object that its
object stream has twice or elsewhere, a number in use that is written under another generation, and an object under a
number in use that no cross-reference names, which most programs show as soon as they find the file in need of repair
(ISO 32000-2 clauses 7.3.7, 7.3.10, 7.5.4, 7.5.7). In what was signed first it is what was signed. In a revision behind
a signature it is a change that cannot be explained.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionData

from signing_service.verification.bounded_reader import BoundedReader
from signing_service.verification.forgiving import forgiving
from signing_service.verification.object_comparison import UNEXPLAINED, Difference, difference
from signing_service.verification.references import section_ends

MOST_READ, MOST_TOLD = 5_000, 5
SPACE = b"\x00\t\n\x0c\r "
SPACES = {bytes((byte,)) for byte in SPACE}
HEAD = re.compile(rb"(?<![0-9])(\d{1,9})[\x00\t\n\x0c\r ]+\d{1,5}[\x00\t\n\x0c\r ]+\Z")
NEAR, FAR = 16, 4096


class Ambiguity:
    """Of one open file; `rebuilt`: its cross-reference was made anew from the objects that were found."""

    def __init__(self, reader: PdfFileReader, *, rebuilt: bool = False) -> None:
        self._reader, self._rebuilt = reader, rebuilt

    def of_step(self, index: int) -> tuple[Difference, ...]:
        """What is read differently of revision `index`, at most five of them; nothing for the first revision."""
        if index == 0:
            return ()
        found = dict.fromkeys(
            (*self._doubled_keys(index), *self._by_sections[index], *self._packed(index), *self._strays.get(index, ()))
        )
        return tuple(
            difference(UNEXPLAINED, 0, f"ambiguous_{kind}", number=number) for kind, number in [*found][:MOST_TOLD]
        )

    def _doubled_keys(self, index: int) -> Iterator[tuple[str, int]]:
        """Of objects that were there before, and of the trailer; new objects come with a change of their own."""
        if self._reader.strict:  # then it would have been an error
            return
        xrefs = self._reader.xrefs
        written = [*xrefs.explicit_refs_in_revision(index)][:MOST_READ]
        for reference in written:
            with forgiving:  # unreadable: for the comparison
                self._reader.get_object(generic.Reference(reference.idnum, reference.generation, self._reader), index)
        numbers = {one.idnum for one in written if xrefs.get_historical_ref(one, index - 1) is not None}
        for number, place in sorted(getattr(self._reader, "doubled_keys", ())):
            if number in numbers or (number == 0 and bisect_right(self._ends, place) == index):
                yield "key" if number else "trailer", number

    def _packed(self, index: int) -> Iterator[tuple[str, int]]:
        """Objects that their object stream has twice, or at another index."""
        if isinstance(self._reader, BoundedReader):
            for part in self._parts(index):
                for number, place in sorted(part.xrefs_in_objstm.items()):
                    with forgiving:  # unreadable: for the comparison
                        if self._reader.packs_unclearly(number, place):
                            yield "packed", number

    @cached_property
    def _by_sections(self) -> list[list[tuple[str, int]]]:
        """For each revision the numbers that it places twice, and those that it gives another generation."""
        generations: dict[int, int] = {}
        found: list[list[tuple[str, int]]] = []
        for index in range(self._reader.xrefs.total_revisions):
            told: list[tuple[str, int]] = []
            written: dict[int, object] = {}
            for data in self._parts(index):
                told += [("entry", number) for number in sorted(getattr(data, "doubled", ()))]
                places = {**data.xrefs_in_objstm, **data.standard_xrefs}
                told += [("entry", one) for one in sorted(places) if written.get(one, places[one]) != places[one]]
                written |= places
            now = {number: place[0] if isinstance(place, tuple) else 0 for number, place in written.items()}
            told += [("generation", one) for one in sorted(now) if generations.get(one, now[one]) != now[one]]
            generations |= now
            found.append(told)
        return found

    def _parts(self, index: int) -> Iterator[XRefSectionData]:
        data = self._reader.xrefs.get_xref_data(index)
        yield data
        if data.hybrid is not None:
            yield data.hybrid.xref_data

    @cached_property
    def _ends(self) -> list[int]:
        return section_ends(self._reader)

    @cached_property
    def _strays(self) -> dict[int, list[tuple[str, int]]]:
        """For each revision the objects in its bytes that no cross-reference names, under numbers that were in use."""
        found: dict[int, list[tuple[str, int]]] = {}
        if self._rebuilt:
            return found
        data = self._reader.stream.getvalue()
        first = self._ends[0] if self._ends else len(data)
        named: set[int] | None = None
        place = data.find(b"obj", first)
        while place >= 0:
            if data[place - 1] in SPACE:
                named = self._named(data) if named is None else named
                head = HEAD.search(data, max(0, place - NEAR), place) or HEAD.search(data, max(0, place - FAR), place)
                if head is not None and head.start() not in named:
                    index, number = bisect_right(self._ends, place), int(head[1])
                    if self._is_used(number, index - 1):
                        found.setdefault(index, []).append(("stray", number))
            place = data.find(b"obj", place + 3)
        return found

    def _named(self, data: bytes) -> set[int]:
        """Where objects begin that a cross-reference names, and where cross-reference streams do."""
        xrefs = self._reader.xrefs
        found: set[int] = set()
        for index in range(xrefs.total_revisions):
            found.add(xrefs.get_xref_container_info(index).start_location)
            for part in self._parts(index):
                found.update(one[1] for one in part.standard_xrefs.values())
        return {_behind_space(data, one) if data[one : one + 1] in SPACES else one for one in found}

    def _is_used(self, number: int, index: int) -> bool:
        """Whether an object of this number, of any generation, is there in this revision or an earlier one."""
        last = min(index, self._reader.xrefs.total_revisions - 1)
        return any(
            number in part.standard_xrefs or number in part.xrefs_in_objstm
            for each in range(last + 1)
            for part in self._parts(each)
        )


def _behind_space(data: bytes, place: int) -> int:
    while place < len(data) and data[place] in SPACE:
        place += 1
    return place
