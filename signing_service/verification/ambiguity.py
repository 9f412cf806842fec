"""What programs read differently in a revision, so that no two of them need to show the same document.

An entry that a dictionary holds twice, a number that one cross-reference section places twice, an object that its
object stream has twice or elsewhere, a number in use that is written under another generation, and an object under a
number in use that no cross-reference names, which most programs show as soon as they find the file in need of repair
(ISO 32000-2 clauses 7.3.7, 7.3.10, 7.5.4, 7.5.7). In what was signed first it is what was signed. In a revision behind
a signature it is a change that cannot be explained.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionData

from signing_service.verification.bounded_reader import BoundedReader
from signing_service.verification.doubled import PACKED
from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import WHITESPACE
from signing_service.verification.object_comparison import UNEXPLAINED, Difference, difference
from signing_service.verification.references import DIGITS, run_before, section_ends

MOST_READ, MOST_TOLD = 5_000, 5
SPACES = {bytes((byte,)) for byte in WHITESPACE}
LONGEST = 4_000
"""Digits of a number; no program reads more."""


class Ambiguity:
    """Of one open file; `rebuilt`: its cross-reference was made anew from the objects that were found."""

    def __init__(self, reader: PdfFileReader, *, rebuilt: bool = False) -> None:
        self._reader, self._rebuilt = reader, rebuilt
        self._steps: dict[int, tuple[Difference, ...]] = {0: ()}

    def of_step(self, index: int) -> tuple[Difference, ...]:
        """What is read differently of revision `index`, at most five of them; nothing for the first revision."""
        if index not in self._steps:
            found = dict.fromkeys(self._found(index))
            self._steps[index] = tuple(
                difference(UNEXPLAINED, 0, f"ambiguous_{kind}", number=number) for kind, number in [*found][:MOST_TOLD]
            )
        return self._steps[index]

    def _found(self, index: int) -> Iterator[tuple[str, int]]:
        yield from self._doubled_keys(index)
        yield from self._by_sections[index]
        yield from self._packed(index)
        yield from self._strays.get(index, ())

    def _doubled_keys(self, index: int) -> Iterator[tuple[str, int]]:
        """Of objects that were there before, and of the trailer; new objects come with a change of their own."""
        if self._reader.strict:  # then it would have been an error
            return
        xrefs = self._reader.xrefs
        written = [*xrefs.explicit_refs_in_revision(index)][:MOST_READ]
        for reference in written:
            with forgiving:  # unreadable: for the comparison
                self._reader.get_object(generic.Reference(reference.idnum, reference.generation, self._reader), index)
        rewritten = {one.idnum for one in written if xrefs.get_historical_ref(one, index - 1) is not None}
        packed = {number for part in self._parts(index) for number in part.xrefs_in_objstm}
        for number, place in sorted(getattr(self._reader, "doubled_keys", ())):
            here = number in packed if place == PACKED else bisect_right(self._ends, place) == index
            if here and (number in rewritten or not number):
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
            if data[place - 1] in WHITESPACE:
                named = self._named(data) if named is None else named
                start, number = _head(data, place)
                index = bisect_right(self._ends, place)
                if start not in named and self._first_use.get(number, index) < index:
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

    @cached_property
    def _first_use(self) -> dict[int, int]:
        """Number → the first revision that writes it, of whatever generation."""
        found: dict[int, int] = {}
        for index in range(self._reader.xrefs.total_revisions):
            for part in self._parts(index):
                for number in (*part.standard_xrefs, *part.xrefs_in_objstm):
                    found.setdefault(number, index)
        return found


def _head(data: bytes, place: int) -> tuple[int, int]:
    """Where the object whose `obj` stands here begins, and its number; -1 when there is none."""
    behind = run_before(data, place, WHITESPACE)
    generation = run_before(data, behind, DIGITS)
    gap = run_before(data, generation, WHITESPACE)
    start = run_before(data, gap, DIGITS)
    whole = start < gap < generation < behind and gap - start < LONGEST
    return start, int(data[start:gap]) if whole else -1


def _behind_space(data: bytes, place: int) -> int:
    while place < len(data) and data[place] in WHITESPACE:
        place += 1
    return place
