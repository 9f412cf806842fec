"""Two revisions of a PDF compared object by object, by meaning: what is reachable and different, and where it shows.

It gives the reasons in words that the rule-based policy in changes.py does not give. It decides nothing.
"""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.form_comparison import Forms, Key, form_differences
from signing_service.verification.object_comparison import (
    ANNOTATION,
    FORM_FILL,
    MAINTENANCE,
    SIGNING,
    SKIPPED_KEYS,
    UNEXPLAINED,
    Budget,
    Difference,
    Raw,
    difference,
    equal,
)
from signing_service.verification.page_tree import PageView, page_tree
from signing_service.verification.pdf_access import entry, name_in, raw_entry, resolved
from signing_service.verification.structure_comparison import structure_only_grew

MAX_DIFFERENCES = 40
NO_FORMS = Forms()
MAINTENANCE_ROOTS = {"/DSS", "/Extensions", "/Version", "/Metadata", "/MarkInfo", "/PieceInfo", "/Legal"}
MAINTENANCE_OF_PAGE = {"/LastModified", "/PieceInfo", "/Metadata", "/Tabs"}
PAGE_CONTENT = {"/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group"}


def compare(old: PdfHandler, new: PdfHandler, forms: Forms = NO_FORMS) -> tuple[Difference, ...]:
    """The first forty differences between two revisions, those of the form told with the help of its fields.

    Raises ComparisonTooLarge, or anything on a broken file.
    """
    budget = Budget(
        pages=frozenset(page.key for page in page_tree(old)) & frozenset(page.key for page in page_tree(new))
    )
    found = [one for _, one in zip(range(MAX_DIFFERENCES), _differences(old, new, forms, budget), strict=False)]
    return tuple(found)


def _differences(old: PdfHandler, new: PdfHandler, forms: Forms, budget: Budget) -> Iterator[Difference]:
    yield from _catalog(old, new, budget)
    old_pages, new_pages = page_tree(old), page_tree(new)
    shown = {key: number for number, page in enumerate(new_pages, 1) for key in _annotation_map(page.node)}
    yield from form_differences(old, new, forms, shown, budget)
    widgets = forms.widgets()
    if len(old_pages) != len(new_pages):
        yield difference(UNEXPLAINED, 0, "page_count", before=len(old_pages), after=len(new_pages))
    for number, (before, after) in enumerate(zip(old_pages, new_pages, strict=False), 1):
        yield from _page(number, before, after, widgets, budget)


def _catalog(old: PdfHandler, new: PdfHandler, budget: Budget) -> Iterator[Difference]:
    before, after = old.root, new.root
    for key in sorted({*before.keys(), *after.keys()} - {"/Pages", "/AcroForm", "/Perms"}):
        if key == "/StructTreeRoot" and structure_only_grew(old, new):
            continue
        if equal(raw_entry(before, key), raw_entry(after, key), budget):
            continue
        if key in MAINTENANCE_ROOTS or (key == "/OutputIntents" and key not in before):
            yield difference(MAINTENANCE, 0, "catalog_maintenance", key=key.lstrip("/"))
        else:
            yield difference(UNEXPLAINED, 0, "catalog", key=key.lstrip("/"))


def _page(
    number: int, before: PageView, after: PageView, widgets: frozenset[Key], budget: Budget
) -> Iterator[Difference]:
    for key in sorted((before.names() | after.names()) - {"/Annots"} - SKIPPED_KEYS):
        if equal(before.value(key), after.value(key), budget):
            continue
        if key in MAINTENANCE_OF_PAGE:
            yield difference(MAINTENANCE, number, "page_metadata", page=number)
        elif key in PAGE_CONTENT:
            yield difference(UNEXPLAINED, number, "page_content", page=number, key=key.lstrip("/"))
        else:
            yield difference(UNEXPLAINED, number, "page_other", page=number, key=key.lstrip("/"))
    yield from _annotations(number, before.node, after.node, widgets, budget)


def _annotations(
    number: int,
    before: generic.DictionaryObject,
    after: generic.DictionaryObject,
    widgets: frozenset[Key],
    budget: Budget,
) -> Iterator[Difference]:
    """Comments, and widgets that the form does not know; `widgets` are compared with their fields.

    A widget may be laid on a page for a signature, which shows in its field. For anything else there is no rule.
    """
    old, new = _annotation_map(before), _annotation_map(after)
    for key in [key for key in new if key not in old]:
        kind, name = _annotation_kind(new[key])
        judged = kind if kind == ANNOTATION or key in widgets else UNEXPLAINED
        yield difference(judged, number, f"annotation_added_{kind}", page=number, name=name)
    for key in [key for key in old if key not in new]:
        kind, name = _annotation_kind(old[key])
        gone = UNEXPLAINED if kind != ANNOTATION else ANNOTATION
        yield difference(gone, number, "annotation_removed", page=number, name=name)
    for key in [key for key in old if key in new and key not in widgets]:
        if not equal(old[key], new[key], budget):
            kind, name = _annotation_kind(new[key])
            judged = kind if kind == ANNOTATION else UNEXPLAINED
            yield difference(judged, number, f"annotation_changed_{kind}", page=number, name=name)


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
