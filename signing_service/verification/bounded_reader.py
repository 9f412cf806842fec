"""The library's reader with bounds on what a small file can make it do.

A cross-reference stream may state any number of entries, and its entries may have no width: a file of a hundred bytes
then makes a hundred million of them. An object in an object stream is found by reading the stream's header from its
beginning: as many times as there are objects, each as long as the header. And where an object was changed last is found
by asking every revision. Who uses an object is found by following every path through the document, and a few hundred
links between a few hundred places make billions of paths. Here entries are counted, a header is read once, only those
revisions are asked that name the object, and paths are counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyhanko.pdf_utils import generic, xref
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DecodePurpose
from pyhanko.pdf_utils.misc import PdfReadError, PdfStreamError, PdfStrictReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from signing_service.verification.plain_dictionaries import Held
from signing_service.verification.plain_tables import plain_table

FEWEST_ENTRIES, MOST_ENTRIES = 20_000, 3_000_000
"""A file of n bytes may have n entries of cross-references in all its revisions, but at least and at most so many."""

PATHS, PATHS_AN_OBJECT, REVISIONS_FOLLOWED = 50_000, 4, 8
"""How many references are followed in one revision to find out who uses its objects, and in how many such revisions."""

_read_table, _read_stream = xref.parse_xref_table, xref.parse_xref_stream


class TooManyEntries(PdfReadError):
    """More entries of cross-references than an honest file of this size has."""


class TooManyPaths(PdfReadError):
    """More paths through a document than can be followed."""


class _Resolver(HistoricalResolver):
    """One revision, in which references are counted while every path through it is followed."""

    reader: BoundedReader
    _left: int | None = None

    def __call__(self, ref: generic.Reference) -> Any:
        if self._left is not None:
            if self._left == 0:
                raise TooManyPaths("too many paths lead through the document")
            self._left -= 1
        return super().__call__(ref)

    def _load_reverse_xref_cache(self) -> None:
        reader = self.reader
        lent = min(reader.paths_left, reader.most_paths)
        rest, reader.paths_left = reader.paths_left - lent, 0  # where they are too many once, none is followed again
        self._left = lent
        try:
            super()._load_reverse_xref_cache()  # type: ignore[no-untyped-call]  # pyHanko has no annotation here
            reader.paths_left = rest + self._left
        finally:
            self._left = None


class _Source(Held):
    """The bytes of a file, and how many entries of cross-references it may still have."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__(pdf)
        self.entries_left = min(MOST_ENTRIES, max(FEWEST_ENTRIES, len(pdf)))


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of an object stream: number of an object → its index and where it begins."""

    count: int
    places: dict[int, tuple[int, int]]
    whole: bool
    doubled: frozenset[int] = frozenset()
    """Numbers that it has more than once."""


class _Indexed(xref.XRefCache):
    """The cross-references of all revisions, with the revisions that name each object."""

    def __init__(self, reader: PdfFileReader, known: xref.XRefCache) -> None:
        super().__init__(reader, [*known._xref_sections])
        self._named: dict[int, list[int]] = {}
        for index, section in enumerate(self._xref_sections):
            data, hybrid = section.xref_data, section.xref_data.hybrid
            for one in (data, hybrid.xref_data) if hybrid is not None else (data,):
                for number in {*one.standard_xrefs, *one.xrefs_in_objstm, *one.freed}:
                    self._named.setdefault(number, []).append(index)
        starts = {section.meta_info.start_location for section in self._xref_sections}
        self.xref_stream_refs = {ref for ref in self.xref_stream_refs if not self._is_taken(ref, starts)}

    def _is_taken(self, ref: generic.Reference, starts: Collection[int]) -> bool:
        """Whether the number of a cross-reference stream is another object's, because a later writer gave it away."""
        places = (section.xref_data.standard_xrefs.get(ref.idnum) for section in self._xref_sections)
        return any(place is not None and place[1] not in starts for place in places)

    @property
    def count(self) -> int:
        """How many objects there are or were."""
        return len(self._named)

    def get_last_change(self, ref: generic.Reference) -> int:
        for index in reversed(self._named.get(ref.idnum, ())):
            with suppress(KeyError):
                self._xref_sections[index].xref_data.try_resolve(ref)
                return index
        raise KeyError(ref)

    def get_historical_ref(self, ref: generic.Reference, revision: int) -> int | xref.ObjStreamRef | None:
        named = self._named.get(ref.idnum, ())
        for place in range(bisect_right(named, revision) - 1, -1, -1):
            with suppress(KeyError):
                return self._xref_sections[named[place]].xref_data.try_resolve(ref)
        return None


class BoundedReader(PdfFileReader):
    """Reads what its base reads, and gives up where an honest file would long have ended."""

    def __init__(self, pdf: bytes, *, strict: bool, decode_limits: DecodeLimits | None = None) -> None:
        self._headers: dict[int, tuple[bytes, _Header]] = {}
        self.doubled_keys: set[tuple[int, int]] = set()
        """See `doubled.note`."""
        self._encryption: tuple[generic.DictionaryObject | None] | None = None
        super().__init__(_Source(pdf), strict=strict, decode_limits=decode_limits)
        self.xrefs = _Indexed(self, self.xrefs)
        self.most_paths = PATHS + PATHS_AN_OBJECT * self.xrefs.count
        self.paths_left = REVISIONS_FOLLOWED * self.most_paths

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """As of the base, for which each path counts."""
        known: dict[int, HistoricalResolver] = self._historical_resolver_cache
        if revision not in known:
            known[revision] = _Resolver(self, revision)
        return known[revision]

    @property
    def encrypt_dict(self) -> generic.DictionaryObject | None:
        """As of the base, which asks every trailer anew for each object; kept once all trailers are read."""
        if not isinstance(self.xrefs, _Indexed):
            return super().encrypt_dict
        if self._encryption is None:
            self._encryption = (super().encrypt_dict,)
        return self._encryption[0]

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        """An object out of an object stream (ISO 32000-2, 7.5.7); what is wrong is an error or null, as in the base."""
        data, header = self._opened(stmnum)
        if not 0 <= idx < header.count:
            return self._amiss(idnum, "Object stream does not contain index")
        if idnum not in header.places:
            return self._amiss(
                idnum, "Object not found in stream" if header.whole else "Object stream header is corrupted"
            )
        index, start = header.places[idnum]
        if self.strict and index != idx:
            raise PdfStrictReadError("Object is in wrong index.")
        held = Held(data)
        held.seek(start)
        try:
            found = generic.read_object(held, generic.Reference(idnum, 0, self))
        except (PdfStreamError, PdfReadError) as cause:
            found = self._amiss(idnum, f"Can't read object stream: {cause}")
        if isinstance(found, (generic.StreamObject, generic.IndirectObject)) and self.strict:
            raise PdfStrictReadError("Encountered forbidden object type in object stream")
        return found

    def packs_unclearly(self, number: int, place: xref.ObjStreamRef) -> bool:
        """Whether an object stream has an object more than once, or at another index than the cross-reference says:
        some programs go by the number, some by the index."""
        header = self._opened(place.obj_stream_id)[1]
        return number in header.doubled or header.places.get(number, (place.ix_in_stream,))[0] != place.ix_in_stream

    def _opened(self, number: int) -> tuple[bytes, _Header]:
        if number not in self._headers:
            stream: Any = generic.Reference(number, 0, self).get_object()
            if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
                raise PdfReadError(f"{number} is no object stream")
            data = stream.read_data(DecodePurpose.OBJECT_STREAM)
            self._headers[number] = data, _header(data, int(stream["/N"]), int(stream["/First"]))
        return self._headers[number]

    def _amiss(self, number: int, problem: str) -> generic.PdfObject:
        """Null with its place in the file: one of the base has none, which breaks every comparison of revisions."""
        if self.strict:
            raise PdfStrictReadError(problem)
        nothing = generic.NullObject()
        nothing.container_ref = generic.Reference(number, 0, self)
        return nothing


def _header(data: bytes, count: int, first: int) -> _Header:
    head = data[:first] if first > 0 else data  # the first object may stand right behind the last number
    words = head.split(maxsplit=2 * min(count, len(data)))[: 2 * count]
    places: dict[int, tuple[int, int]] = {}
    doubled: set[int] = set()
    for index in range(len(words) // 2):
        number, offset = words[2 * index : 2 * index + 2]
        if not (number.isdigit() and offset.isdigit() and len(number) < 12 and len(offset) < 12):
            return _Header(count, places, False)
        if places.setdefault(int(number), (index, first + int(offset)))[0] != index:
            doubled.add(int(number))
    return _Header(count, places, len(words) == 2 * count, frozenset(doubled))


def _table(stream: Any, strict: bool) -> Iterator[xref.XRefEntry]:
    """The entries of a table, counted."""
    plain = plain_table(stream.data, stream.tell()) if isinstance(stream, _Source) else None
    if plain is None:
        yield from _counted(stream, _read_table(stream, strict))
        return
    yield from _counted(stream, plain[0])
    stream.seek(plain[1])


def _stream(xref_stream: generic.StreamObject, strict: bool = True) -> Iterator[xref.XRefEntry]:
    """The entries of a cross-reference stream, counted; those that its data does not hold do not exist."""
    entries = _read_stream(xref_stream, strict)
    holder: Any = xref_stream.get_container_ref()
    source = getattr(holder.get_pdf_handler(), "stream", None)
    if isinstance(source, _Source):
        widths: Any = xref_stream.get("/W")
        width = sum(size for size in widths if size > 0)
        if width == 0:
            raise PdfReadError("cross-reference stream whose entries have no width")
        if not strict:
            entries = islice(entries, _held(xref_stream, width))
    yield from _counted(source, entries)


def _held(xref_stream: generic.StreamObject, width: int) -> int:
    """How many entries the data of a cross-reference stream can hold, the last one perhaps not whole."""
    pairs: Any = xref_stream.get("/Index", [0, xref_stream.get("/Size")])
    stated = sum(list(pairs)[1::2])
    data = xref_stream.read_data(DecodePurpose.XREF_STREAM, expected_size=stated * (width + 1))
    return -(-len(data) // width)


def _counted(source: object, entries: Iterator[xref.XRefEntry]) -> Iterator[xref.XRefEntry]:
    if not isinstance(source, _Source):
        yield from entries
        return
    for entry in entries:
        source.entries_left -= 1
        if source.entries_left < 0:
            raise TooManyEntries("more entries of cross-references than the file has bytes")
        yield entry


xref.parse_xref_table, xref.parse_xref_stream = _table, _stream  # for readers of other kinds nothing changes
