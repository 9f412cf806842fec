"""The commonest step of all, told by the objects it wrote and nothing else: a prepared signature field was signed.

A revision that wrote only new objects and gave prepared signature fields a value cannot change anything else that an
earlier signature covers, because every other object is the very same bytes. No walk over the document is needed to
know that. Whatever does not fit exactly is left to the general rules in changes.py.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.forgiving import forgiving, unless_strict
from signing_service.verification.pdf_access import name_in, resolved
from signing_service.verification.references import References
from signing_service.verification.signature_fields import FormField

MAY_CHANGE = frozenset({"/V", "/AP", "/M"})  # of a field that is being signed
NOTICES = frozenset({"/ModDate", "/Producer", "/Creator"})
MAX_OBJECTS = 20_000
MAX_NODES = 200_000
Alone = Callable[[], Collection[tuple[int, int]]]
KEEP = ("/Root", "/Encrypt", "/Info")


@dataclass(frozen=True)
class QuickStep:
    """The fields that got their signature in this revision: object → what the field was before; those that are new."""

    signed: Mapping[tuple[int, int], generic.DictionaryObject]
    added: frozenset[tuple[int, int]] = frozenset()

    def undone(self, fields: Sequence[FormField]) -> list[FormField]:
        """The fields as they were before this step, given those after it."""
        return [
            replace(entry, field=self.signed[entry.holder], value=None, value_ref=None)
            if entry.holder is not None and entry.holder in self.signed
            else entry
            for entry in fields
            if entry.holder not in self.added
        ]

    def adds_new_names(self, fields: Sequence[FormField]) -> bool:
        """Whether no other of the fields after this step has the name of one that it added."""
        names = [entry.name for entry in fields]
        return all(names.count(entry.name) == 1 for entry in fields if entry.holder in self.added)


def quick_step(reader: PdfFileReader, index: int, references: References, alone: Alone = frozenset) -> QuickStep | None:
    """What revision `index` did, if it did nothing but sign prepared fields; otherwise None.

    `alone` gives the metadata streams that nothing but the catalog refers to (`metadata_alone`).
    """
    with unless_strict:  # a broken object is for the general rules
        return _quick_step(reader, index, references, alone)
    return None


def frees_something(reader: PdfFileReader, index: int) -> bool:
    """Whether a revision declares an object free that was in use before it."""
    xrefs = reader.xrefs
    return any(xrefs.get_historical_ref(one, index - 1) is not None for one in xrefs.refs_freed_in_revision(index))


def metadata_alone(reader: PdfFileReader) -> frozenset[tuple[int, int]]:
    """The metadata stream of the catalog, if no other object of the document refers to it; otherwise nothing."""
    with forgiving:
        wanted = _key(_raw(reader.root, "/Metadata"))
        if wanted[0] < 0:
            return frozenset()
        return frozenset({wanted}) if _references(reader, wanted) == 1 else frozenset()
    return frozenset()


def _references(reader: PdfFileReader, wanted: tuple[int, int]) -> int:
    """How many times the document refers to an object; -1 when there are too many objects to tell."""
    count = nodes = 0
    seen: set[tuple[int, int]] = set()
    stack: list[generic.PdfObject] = [reader.trailer.flatten()]
    while stack:
        node = stack.pop()
        nodes += 1
        if isinstance(node, generic.IndirectObject):
            count += _key(node) == wanted
            if _key(node) not in seen:
                seen.add(_key(node))
                stack.append(resolved(node))
        elif isinstance(node, generic.DictionaryObject):
            stack.extend(node.raw_get(key) for key in node)
        elif isinstance(node, generic.ArrayObject):
            stack.extend(node.raw_get(place) for place in range(len(node)))
        if len(seen) > MAX_OBJECTS or nodes > MAX_NODES:
            return -1
    return count


def _quick_step(reader: PdfFileReader, index: int, references: References, alone: Alone) -> QuickStep | None:
    xrefs = reader.xrefs
    old_trailer, new_trailer = reader.trailer.flatten(index - 1), reader.trailer.flatten(index)
    if reader.encrypted or any(_raw(old_trailer, key) != _raw(new_trailer, key) for key in KEEP):
        return None
    if frees_something(reader, index):
        return None
    before: dict[tuple[int, int], generic.DictionaryObject] = {}
    fresh: set[tuple[int, int]] = set()
    described: set[tuple[int, int]] = set()
    for reference in xrefs.explicit_refs_in_revision(index):
        key = (reference.idnum, reference.generation)
        if xrefs.get_historical_ref(reference, index - 1) is None:
            fresh.add(key)
            continue
        old, new = _at(reader, key, index - 1), _at(reader, key, index)
        if old == new and type(old) is type(new) and not isinstance(old, generic.StreamObject):
            continue
        if isinstance(old, generic.DictionaryObject) and _was_signed(old, new):
            before[key] = old
        elif _is_metadata(old, new):
            described.add(key)
        elif not _is_notice(old, new):
            return None
    if not before or (described and not described <= set(alone())):
        return None
    used = {_key(_raw(_at(reader, key, index), "/V")) for key in before}
    if not used <= fresh or _was_known(reader, fresh, index):
        return None
    return None if references.any_before((number for number, _ in fresh), index) else QuickStep(before)


def _was_signed(old: generic.PdfObject, new: generic.PdfObject) -> bool:
    """Whether the only difference is that a signature field without a value got one."""
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        return False
    if isinstance(old, generic.StreamObject) or isinstance(new, generic.StreamObject):
        return False
    if name_in(old, "/FT") != "/Sig" or "/V" in old or not isinstance(_raw(new, "/V"), generic.IndirectObject):
        return False
    return all(_raw(old, key) == _raw(new, key) for key in ({*old, *new} - MAY_CHANGE))


def _is_notice(old: generic.PdfObject, new: generic.PdfObject) -> bool:
    """Whether only the program and the time of the last change are different (document information)."""
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        return False
    if isinstance(old, generic.StreamObject) or isinstance(new, generic.StreamObject):
        return False
    return all(_raw(old, key) == _raw(new, key) for key in ({*old, *new} - NOTICES))


def _is_metadata(old: generic.PdfObject, new: generic.PdfObject) -> bool:
    return all(isinstance(one, generic.StreamObject) and name_in(one, "/Type") == "/Metadata" for one in (old, new))


def _was_known(reader: PdfFileReader, fresh: set[tuple[int, int]], index: int) -> bool:
    """Whether a number that is written now lay within what earlier revisions had counted as theirs.

    An earlier object could refer to a number that did not exist then, and change its meaning when it is filled.
    """
    size = reader.trailer.flatten(index - 1).get("/Size", 0)
    return any(number < int(size) for number, _ in fresh)


def _raw(node: generic.PdfObject, key: str) -> generic.PdfObject | None:
    return node.raw_get(key) if isinstance(node, generic.DictionaryObject) and key in node else None


def _key(value: generic.PdfObject | None) -> tuple[int, int]:
    return (value.idnum, value.generation) if isinstance(value, generic.IndirectObject) else (-1, 0)


def _at(reader: PdfFileReader, key: tuple[int, int], index: int) -> generic.PdfObject:
    found: generic.PdfObject = reader.get_object(generic.Reference(*key, pdf=reader), index)
    return found
