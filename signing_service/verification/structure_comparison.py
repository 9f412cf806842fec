"""The tags of a document (ISO 32000-2, 14.7) in two revisions: whether they only got those of new form fields.

A tagged document tells a screen reader what stands where. Programs that add a signature field to one add a tag for it,
and write the tree above anew. Nothing that a tag says may be different, and a new tag may point to a form field only.
"""

from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.forgiving import unless_strict
from signing_service.verification.pdf_access import entry, items, name_in, raw_entry, resolved

GROWING = frozenset({"/K", "/ParentTree", "/ParentTreeNextKey", "/Type"})
OF_NEW_TAG = frozenset({"/Type", "/S", "/P", "/Pg", "/K"})
POINTING = frozenset({"/Pg", "/Obj", "/Stm", "/StmOwn", "/P"})  # to what is tagged, and to the tag above
FIELD_TAGS = ("/Form", "/Annot")
MAX_NODES = 100_000
Plain = object


def structure_only_grew(old: PdfHandler, new: PdfHandler) -> bool:
    """Whether the tags say what they said, and new ones stand for form fields; what cannot be read did not."""
    with unless_strict:
        return _only_grew(old, new)
    return False


def _only_grew(old: PdfHandler, new: PdfHandler) -> bool:
    before, now = entry(old.root, "/StructTreeRoot"), entry(new.root, "/StructTreeRoot")
    if not isinstance(before, generic.DictionaryObject) or not isinstance(now, generic.DictionaryObject):
        return False
    if not isinstance(old, HistoricalResolver) or not isinstance(new, HistoricalResolver):
        return False
    if any(_plain(raw_entry(before, key)) != _plain(raw_entry(now, key)) for key in {*before, *now} - GROWING):
        return False
    if not _grew(before, now) or not _tree_grew(entry(before, "/ParentTree"), entry(now, "/ParentTree")):
        return False
    changed = set()
    for reference in new.explicit_refs_in_revision():
        if old.reader.xrefs.get_historical_ref(reference, old.revision) is not None:
            key = generic.Reference(reference.idnum, reference.generation, pdf=old)
            if not _is_harmless(old.get_object(key), new.get_object(reference)):
                changed.add((reference.idnum, reference.generation))
    return not changed or not changed & _objects_of_tags(old)


def _objects_of_tags(handler: PdfHandler) -> set[tuple[int, int]]:
    """The objects that tags consist of: not the pages and fields that they point to, nor how those look."""
    found: set[tuple[int, int]] = set()
    stack, seen = [raw_entry(handler.root, "/StructTreeRoot")], 0
    while stack:
        node = stack.pop()
        seen += 1
        if seen > MAX_NODES:
            raise ValueError("too many tags")
        if isinstance(node, generic.IndirectObject):
            if (node.idnum, node.generation) in found:
                continue
            found.add((node.idnum, node.generation))
            node = resolved(node)
        if isinstance(node, generic.DictionaryObject):
            pointing = POINTING if "/S" in node else POINTING - {"/P"}  # of an attribute, /P holds what it says
            stack.extend(raw_entry(node, key) for key in {*node} - pointing)
        elif isinstance(node, generic.ArrayObject):
            stack.extend(_members(node))
    return found


def _is_harmless(old: generic.PdfObject, new: generic.PdfObject) -> bool:
    """Whether an object that was written again is no tag, or a tag that only grew."""
    if isinstance(old, generic.DictionaryObject) and isinstance(new, generic.DictionaryObject):
        if name_in(old, "/Type") == "/StructElem" or {"/S", "/P"} <= set(old):
            return {*old, *new} >= {"/S"} and _same_but_kids(old, new) and _grew(old, new)
        known = {
            "/Nums",
            "/Limits",
            "/Fields",
            "/FT",
            "/T",
            "/Subtype",
            "/Kids",
            "/ParentTree",
            "/Producer",
            "/ByteRange",
        }
        if known & set(old) or name_in(old, "/Type") in ("/Catalog", "/Page", "/Pages", "/Metadata"):
            return True
    if isinstance(old, generic.ArrayObject) and isinstance(new, generic.ArrayObject):
        return _is_part([_plain(one) for one in _members(old)], [_plain(one) for one in _members(new)])
    return _plain(old) == _plain(new)


def _same_but_kids(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    return all(_plain(raw_entry(old, key)) == _plain(raw_entry(new, key)) for key in {*old, *new} - {"/K"})


def _grew(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    """Whether the kids of a tag are those that it had, in their order, and new tags of form fields."""
    before, now = list(_kids(old)), list(_kids(new))
    had = [_plain(one) for one in before]
    if not _is_part(had, [_plain(one) for one in now]):
        return False
    return all(_is_of_field(resolved(one)) for one in now if _plain(one) not in had)


def _is_of_field(tag: generic.PdfObject) -> bool:
    """A tag that says nothing and points to a form field."""
    if not isinstance(tag, generic.DictionaryObject) or not {*tag} <= OF_NEW_TAG | {"/T"}:
        return False
    if name_in(tag, "/S") not in FIELD_TAGS:
        return False
    held = entry(tag, "/K")
    return all(
        name_in(one, "/Type") == "/OBJR" for one in (items(held) if isinstance(held, generic.ArrayObject) else [held])
    )


def _kids(node: generic.DictionaryObject) -> Iterable[generic.PdfObject]:
    held = entry(node, "/K")
    if isinstance(held, generic.ArrayObject):
        return _members(held)
    raw = raw_entry(node, "/K")
    return [] if raw is None else [raw]


def _tree_grew(old: generic.PdfObject | None, new: generic.PdfObject | None) -> bool:
    """Whether every number of a number tree leads where it led."""
    before, now = _numbers(old), _numbers(new)
    return all(number in now and now[number] == value for number, value in before.items())


def _numbers(root: generic.PdfObject | None) -> dict[int, Plain]:
    found: dict[int, Plain] = {}
    stack, seen = [root], 0
    while stack:
        node = stack.pop()
        seen += 1
        if seen > MAX_NODES:
            raise ValueError("a number tree that is too large")
        stack.extend(items(entry(node, "/Kids")))
        pairs = entry(node, "/Nums")
        members = list(_members(pairs)) if isinstance(pairs, generic.ArrayObject) else []
        for number, raw in zip(members[::2], members[1::2], strict=False):
            value = resolved(raw)
            found[int(str(number))] = _plain(raw if isinstance(value, generic.DictionaryObject) else value)
    return found


def _members(array: generic.ArrayObject) -> list[generic.PdfObject]:
    return [array.raw_get(place) for place in range(len(array))]


def _is_part(before: list[Plain], now: list[Plain]) -> bool:
    """Whether the members are all still there and in their order."""
    rest = iter(now)
    return all(any(one == other for other in rest) for one in before)


def _plain(value: generic.PdfObject | None) -> Plain:
    """An object as values that can be compared; a reference stays its number."""
    if isinstance(value, generic.IndirectObject):
        return "R", value.idnum, value.generation
    if isinstance(value, generic.DictionaryObject):
        data = bytes(value.encoded_data) if isinstance(value, generic.StreamObject) else b""
        return {str(key): _plain(value.raw_get(key)) for key in value}, data
    if isinstance(value, generic.ArrayObject):
        return [_plain(one) for one in _members(value)]
    return value
