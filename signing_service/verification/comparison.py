"""Two revisions of a PDF compared object by object, by meaning: what is reachable and different, and where it shows.

It gives the reasons in words that the rule-based policy in changes.py does not give. It decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.page_tree import PageView, page_tree
from signing_service.verification.pdf_access import entry, name_in, raw_entry, resolved
from signing_service.verification.words import say

MAINTENANCE, SIGNING, FORM_FILL, ANNOTATION, UNEXPLAINED = (
    "maintenance",
    "signing",
    "form_fill",
    "annotation",
    "unexplained",
)
MAX_NODES = 200_000
MAX_DIFFERENCES = 40
MAINTENANCE_ROOTS = {"/DSS", "/Extensions", "/Version", "/Metadata"}
PAGE_CONTENT = {"/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group"}
SKIPPED_KEYS = {"/Parent", "/P", "/StructParent", "/StructParents"}
Raw = generic.PdfObject


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its class, a page (1-based, 0: none), and a sentence per language."""

    kind: str
    page: int
    text: Mapping[str, str]


@dataclass
class _Budget:
    """Bounds the work on a hostile file; pairs already compared are taken as equal (cycles end there).

    A reference to a page from outside the page tree stands for the page itself, which is compared on its own.
    """

    nodes: int = MAX_NODES
    seen: set[tuple[int, int, int, int]] = field(default_factory=set)
    pages: frozenset[tuple[int, int]] = frozenset()


class ComparisonTooLarge(Exception):
    """More objects than a comparison may look at."""


def compare(old: PdfHandler, new: PdfHandler) -> tuple[Difference, ...]:
    """All differences between two revisions, at most forty; raises ComparisonTooLarge, or anything on a broken file."""
    budget = _Budget(
        pages=frozenset(page.key for page in page_tree(old)) & frozenset(page.key for page in page_tree(new))
    )
    found = [difference for _, difference in zip(range(MAX_DIFFERENCES), _differences(old, new, budget), strict=False)]
    return tuple(found)


def _differences(old: PdfHandler, new: PdfHandler, budget: _Budget) -> Iterator[Difference]:
    yield from _catalog(old, new, budget)
    old_pages, new_pages = page_tree(old), page_tree(new)
    if len(old_pages) != len(new_pages):
        yield _difference(UNEXPLAINED, 0, "page_count", before=len(old_pages), after=len(new_pages))
    for number, (before, after) in enumerate(zip(old_pages, new_pages, strict=False), 1):
        yield from _page(number, before, after, budget)


def _catalog(old: PdfHandler, new: PdfHandler, budget: _Budget) -> Iterator[Difference]:
    before, after = old.root, new.root
    for key in sorted({*before.keys(), *after.keys()} - {"/Pages", "/AcroForm", "/Perms"}):
        if _same(raw_entry(before, key), raw_entry(after, key), budget):
            continue
        if key in MAINTENANCE_ROOTS:
            yield _difference(MAINTENANCE, 0, "catalog_maintenance", key=key.lstrip("/"))
        else:
            yield _difference(UNEXPLAINED, 0, "catalog", key=key.lstrip("/"))


def _page(number: int, before: PageView, after: PageView, budget: _Budget) -> Iterator[Difference]:
    for key in sorted((before.names() | after.names()) - {"/Annots"} - SKIPPED_KEYS):
        if _same(before.value(key), after.value(key), budget):
            continue
        if key in ("/LastModified", "/PieceInfo", "/Metadata"):
            yield _difference(MAINTENANCE, number, "page_metadata", page=number)
        elif key in PAGE_CONTENT:
            yield _difference(UNEXPLAINED, number, "page_content", page=number, key=key.lstrip("/"))
        else:
            yield _difference(UNEXPLAINED, number, "page_other", page=number, key=key.lstrip("/"))
    yield from _annotations(number, before.node, after.node, budget)


def _annotations(
    number: int, before: generic.DictionaryObject, after: generic.DictionaryObject, budget: _Budget
) -> Iterator[Difference]:
    old, new = _annotation_map(before), _annotation_map(after)
    for key in [key for key in new if key not in old]:
        kind, name = _annotation_kind(new[key])
        yield _difference(kind, number, f"annotation_added_{kind}", page=number, name=name)
    for key in [key for key in old if key not in new]:
        kind, name = _annotation_kind(old[key])
        gone = UNEXPLAINED if kind != ANNOTATION else ANNOTATION
        yield _difference(gone, number, "annotation_removed", page=number, name=name)
    for key in [key for key in old if key in new]:
        if not _same(old[key], new[key], budget):
            kind, name = _annotation_kind(new[key])
            yield _difference(kind, number, f"annotation_changed_{kind}", page=number, name=name)


def _annotation_map(page: generic.DictionaryObject) -> dict[tuple[int, int], generic.DictionaryObject]:
    """Annotations of a page by object number; direct ones by their place, with a negative number."""
    array = entry(page, "/Annots")
    result: dict[tuple[int, int], generic.DictionaryObject] = {}
    if not isinstance(array, generic.ArrayObject):
        return result
    for index in range(len(array)):
        raw = array.raw_get(index)
        node = resolved(raw)
        if isinstance(node, generic.DictionaryObject):
            key = (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else (-1 - index, 0)
            result[key] = node
    return result


def _annotation_kind(node: generic.DictionaryObject) -> tuple[str, str]:
    """The class of touching this annotation, and its name: the field of a widget, the subtype of others."""
    subtype = name_in(node, "/Subtype", "?").lstrip("/")
    if subtype != "Widget":
        return ANNOTATION, subtype
    kind, name = "", ""
    level: Raw | None = node
    for _ in range(16):
        if not isinstance(level, generic.DictionaryObject):
            break
        kind = kind or name_in(level, "/FT")
        name = ".".join(part for part in (name_in(level, "/T"), name) if part)
        level = entry(level, "/Parent")
    return (SIGNING if kind == "/Sig" else FORM_FILL), name or subtype


def same(first: Raw | None, second: Raw | None) -> bool:
    """Whether two objects of two revisions hold the same; raises like `compare`."""
    return _same(first, second, _Budget())


def _same(first: Raw | None, second: Raw | None, budget: _Budget) -> bool:
    """Deep equality by value; references may point to different numbers if what they hold is equal."""
    stack: list[tuple[Raw | None, Raw | None]] = [(first, second)]
    while stack:
        budget.nodes -= 1
        if budget.nodes < 0:
            raise ComparisonTooLarge
        old, new = stack.pop()
        if old is None or new is None:
            if old is not new:
                return False
            continue
        if isinstance(old, generic.IndirectObject) and isinstance(new, generic.IndirectObject):
            pair = (old.idnum, old.generation, new.idnum, new.generation)
            if pair in budget.seen or (pair[:2] == pair[2:] and pair[:2] in budget.pages):
                continue
            budget.seen.add(pair)
        children = _children(resolved(old), resolved(new))
        if children is None:
            return False
        stack.extend(children)
    return True


def _children(old: Raw, new: Raw) -> list[tuple[Raw | None, Raw | None]] | None:
    """Pairs still to compare, or None when these two already differ."""
    if isinstance(old, generic.DictionaryObject) and isinstance(new, generic.DictionaryObject):
        if isinstance(old, generic.StreamObject) != isinstance(new, generic.StreamObject):
            return None
        if _stream_data(old) != _stream_data(new):
            return None
        if old.keys() != new.keys():
            return None
        return [(old.raw_get(key), new.raw_get(key)) for key in old if key not in SKIPPED_KEYS]
    if isinstance(old, generic.ArrayObject) and isinstance(new, generic.ArrayObject):
        if len(old) != len(new):
            return None
        return [(old.raw_get(index), new.raw_get(index)) for index in range(len(old))]
    if isinstance(old, (generic.DictionaryObject, generic.ArrayObject)) or type(old) is not type(new):
        return None
    return [] if old == new else None


def _stream_data(node: generic.DictionaryObject) -> bytes | None:
    return bytes(node.encoded_data) if isinstance(node, generic.StreamObject) else None


def _difference(kind: str, place: int, sentence: str, /, **params: object) -> Difference:
    return Difference(kind, place, say(f"difference.{sentence}", **params))
