"""Steps that only signed prepared fields, told from the bytes of their section: classic table, plain objects, no gap.

Every byte from the end of the revision before to the table must belong to an object that the table names. The rules
are those of quick_steps; here they are asked of bytes instead of objects, and whatever is not plain is left to them.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.plain_addition import Changed, added
from signing_service.verification.plain_der import NotPlain, plainly
from signing_service.verification.plain_objects import Plain, dictionary_at, object_at, span_is_object
from signing_service.verification.plain_store import is_notice, stored
from signing_service.verification.references import References

MAY_CHANGE = frozenset({b"/V", b"/AP", b"/M"})  # of a field that is being signed
HAS_VALUE = re.compile(rb"/V(?![A-Za-z0-9])|#56")
METADATA = ("name", b"/Metadata")
KEEP = ("/Root", "/Encrypt", "/Info")
Key = tuple[int, int]


@dataclass
class Sections:
    """The cross-reference sections of one classic file, and where each object stood in each revision."""

    reader: PdfFileReader
    alone: Callable[[], Collection[Key]]
    """Metadata streams that only the catalog refers to."""
    references: References
    data: bytes = field(init=False)
    _places: list[dict[int, tuple[int, int]]] = field(default_factory=list)
    _trailers: dict[int, tuple[object, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.data = self.reader.stream.getvalue()

    @plainly
    def signed_in(self, index: int) -> tuple[frozenset[Key], frozenset[Key]]:
        """The prepared fields that revision `index` signed, and the field that it added to sign it; none if it added a
        store. NotPlain if it did anything else."""
        written = self._written(index)
        if self.trailer(index - 1)[:-1] != self.trailer(index)[:-1]:
            raise NotPlain("trailer")
        self._require_no_gap(index, written, self.reader.xrefs.get_startxref_for_revision(index))
        size = self.trailer(index - 1)[-1]
        signed: dict[Key, Plain] = {}
        fresh: dict[Key, int] = {}
        rewritten: list[Key] = []
        changed: dict[Key, tuple[Mapping[bytes, Plain], Mapping[bytes, Plain]]] = {}
        for number, (generation, place) in written.items():
            before = self._before(number, index)
            if before is None:
                if not isinstance(size, int) or number < size:
                    raise NotPlain("a number that was counted before")
                fresh[number, generation] = place
            elif before[0] != generation:
                raise NotPlain("generation")
            else:
                key = (number, generation)
                now, is_stream = object_at(self.data, place, key)
                old, was_stream = object_at(self.data, before[1], key)
                if is_stream or was_stream:
                    if not (is_stream and was_stream and old.get(b"/Type") == now.get(b"/Type") == METADATA):
                        raise NotPlain("stream")
                    rewritten.append(key)
                elif old == now:
                    continue
                elif was_signed(old, now):
                    signed[key] = now[b"/V"]
                elif key != self.trailer(index)[2] or not is_notice(old, now):
                    changed[key] = old, now
        if self.references.any_before((number for number, _ in fresh), index):
            raise NotPlain("a number that was waited for")
        if changed and not signed and not rewritten:
            return frozenset(), self._added(index, changed, fresh)
        values = [value[1:] for value in signed.values() if isinstance(value, tuple)]
        if changed or not signed or not set(values) <= set(fresh):
            raise NotPlain("nothing signed")
        if rewritten and not set(rewritten) <= set(self.alone()):
            raise NotPlain("metadata that something else uses")
        return frozenset(signed), frozenset()

    def _added(self, index: int, changed: Changed, fresh: Mapping[Key, int]) -> frozenset[Key]:
        """A field that nobody sees, or none where a store was added; raises NotPlain for anything else."""
        root = self.trailer(index)[0]
        if not isinstance(root, tuple):
            raise NotPlain("catalog")
        if set(changed) == {root} and stored(self.data, *changed[root], fresh):
            return frozenset()
        self._before(root[0], index + 1)
        if not self.references.all_in(self._places[index], index):
            raise NotPlain("something that is not there")
        return frozenset({added(self.data, changed, (root, self.dictionary(root, index - 1)), fresh)})

    @plainly
    def begins_unsigned(self) -> bool:
        """Whether the first revision is classic and nowhere has a key V or a name written with escapes."""
        self._written(0)
        end = self.reader.xrefs.get_startxref_for_revision(0)
        return not HAS_VALUE.search(self.data, 0, end)

    def _written(self, index: int) -> dict[int, tuple[int, int]]:
        """Number → generation and place of what one classic section writes; raises NotPlain for other sections."""
        data = self.reader.xrefs.get_xref_data(index)
        if data.xrefs_in_objstm or data.hybrid is not None or data.obj_streams_used or set(data.freed) - {0}:
            raise NotPlain("section")
        if len(data.explicit_refs_in_revision - {(0, 65535)}) != len(data.standard_xrefs):
            raise NotPlain("section")
        return data.standard_xrefs

    @plainly
    def dictionary(self, key: Key, index: int) -> Mapping[bytes, Plain]:
        """What an object is in one revision."""
        place = self._before(key[0], index + 1)
        if place is None or place[0] != key[1]:
            raise NotPlain("not there")
        return dictionary_at(self.data, place[1], key)

    def _before(self, number: int, index: int) -> tuple[int, int] | None:
        """Generation and place of an object in the revision before; raises NotPlain unless all sections are classic."""
        while len(self._places) < index:
            known = self._places[-1] if self._places else {}
            self._places.append(known | self._written(len(self._places)) if known else dict(self._written(0)))
        return self._places[index - 1].get(number)

    def trailer(self, index: int) -> tuple[object, ...]:
        """Root, encryption, information and size as one revision has them."""
        if index not in self._trailers:
            self._trailers[index] = tuple(self._in_trailer(key, index) for key in (*KEEP, "/Size"))
        return self._trailers[index]

    def _in_trailer(self, key: str, index: int) -> object:
        """As the trailer of this revision has it, or else the last one before that does."""
        revisions = self.reader.trailer._trailer_revisions  # the last revision first
        own = next((one for one in revisions[len(revisions) - 1 - index :] if key in one), None)
        if own is None:
            return None
        value = own.raw_get(key)
        if key == "/Encrypt":
            raise NotPlain("encrypted")
        if key == "/Size":
            return int(value) if isinstance(value, generic.NumberObject) else None
        if not isinstance(value, generic.IndirectObject):
            raise NotPlain("trailer")
        return value.idnum, value.generation

    def _require_no_gap(self, index: int, written: Mapping[int, tuple[int, int]], table: int) -> None:
        """Every byte between the revision before and the table is that of an object that the table names."""
        begun = self.reader.xrefs.get_xref_container_info(index - 1).end_location
        marker = self.data.find(b"%%EOF", begun)
        places = sorted((place, (number, generation)) for number, (generation, place) in written.items())
        starts = [place for place, _ in places]
        rest = self.data[marker + 5 : starts[0]]
        if marker < 0 or rest.strip(b"\r\n") or len(rest) > 4 or self.data[table : table + 4] != b"xref":
            raise NotPlain("gap")
        for (place, key), end in zip(places, [*starts[1:], table], strict=True):
            if not span_is_object(self.data, place, end, key):
                raise NotPlain("gap")


def was_signed(old: Mapping[bytes, Plain], new: Mapping[bytes, Plain]) -> bool:
    """Whether the only difference is that a signature field without a value got one."""
    if old.get(b"/FT") != ("name", b"/Sig") or b"/V" in old:
        return False
    value = new.get(b"/V")
    if not isinstance(value, tuple) or value[0] != "R":
        return False
    return all(old.get(key) == new.get(key) for key in {*old, *new} - MAY_CHANGE)


class Before(Mapping[Key, generic.DictionaryObject]):
    """What fields were before a step, read only when somebody asks."""

    def __init__(self, reader: PdfFileReader, index: int, keys: frozenset[Key]) -> None:
        self._reader, self._index, self._keys = reader, index, keys

    def __getitem__(self, key: Key) -> generic.DictionaryObject:
        if key not in self._keys:
            raise KeyError(key)
        reference = generic.Reference(*key, pdf=self._reader)
        found: generic.DictionaryObject = self._reader.get_object(reference, self._index)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
