"""Every signature field of a PDF, each on its own: filled, empty or broken. One broken field never hides another.

It enumerates and classifies; it neither parses a signature's contents nor judges anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeGuard

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.forgiving import forgiving, unless_strict
from signing_service.verification.page_tree import page_tree
from signing_service.verification.pdf_access import entry, items, name_in, resolved
from signing_service.verification.signature_contents import RAW_RSA

DETACHED = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/PBAD.PAdES")
ENCAPSULATED = "/adbe.pkcs7.sha1"  # the CMS holds the SHA-1 of the signed bytes (ISO 32000-1, 12.8.3.3)
TIMESTAMP = "/ETSI.RFC3161"
NAMED = (*DETACHED, ENCAPSULATED, TIMESTAMP, RAW_RSA)
MAX_DEPTH = 32
MAX_FIELDS = 20_000


@dataclass(frozen=True)
class FormField:
    """A form field: its dictionary, its resolved /V or None, and why it cannot be read (`broken`).

    `holder` is the object that the field is written in. `astray`: it stands on a page only and not in the form.
    """

    name: str
    kind: str
    field: generic.DictionaryObject | None
    value: generic.PdfObject | None
    value_ref: tuple[int, int] | None = None
    broken: str = ""
    holder: tuple[int, int] | None = None
    astray: bool = False

    @cached_property
    def subfilter(self) -> str:
        """The SubFilter name with its slash; empty when there is none."""
        if not isinstance(self.value, generic.DictionaryObject):
            return ""
        with forgiving:
            return name_in(self.value, "/SubFilter")
        return ""

    @cached_property
    def is_timestamp(self) -> bool:
        """Also a /Sig typed field with SubFilter ETSI.RFC3161 is a time stamp (seen in the field)."""
        if not isinstance(self.value, generic.DictionaryObject):
            return False
        with forgiving:
            return self.subfilter == TIMESTAMP or name_in(self.value, "/Type") == "/DocTimeStamp"
        return False


def is_supported(subfilter: str) -> bool:
    """Whether the format is one of those that ISO 32000 and PAdES name, or is detached CMS under another name."""
    return not subfilter or subfilter in NAMED or subfilter.lower().endswith(".detached")


def signature_fields(handler: PdfHandler) -> list[FormField]:
    """All signature fields of one revision: those of the form in its order, then those that stand on pages only."""
    return signatures_among(form_fields(handler), handler)


def signatures_among(fields: Sequence[FormField], handler: PdfHandler) -> list[FormField]:
    """The same, given what `form_fields` found."""
    found = [entry for entry in fields if entry.kind == "/Sig"]
    known = {entry.holder for entry in found} | {entry.value_ref for entry in found if entry.value_ref is not None}
    with forgiving:  # what cannot be read there leads to no further field
        found.extend(_on_pages(handler, known))
    return found


def _on_pages(handler: PdfHandler, known: set[tuple[int, int] | None]) -> list[FormField]:
    """Filled signature fields that widgets on pages show and the form does not list."""
    found: list[FormField] = []
    for page in page_tree(handler):
        array = entry(page.node, "/Annots")
        if not isinstance(array, generic.ArrayObject):
            continue
        for index in range(len(array)):
            with forgiving:
                raw = array.raw_get(index)
                key = (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else None
                if key in known:
                    continue
                field = _of_widget(resolved(raw), key, f"page-only[{len(found)}]")
                if field is not None and field.value_ref not in known:
                    known |= {key, field.value_ref} - {None}
                    found.append(field)
    return found


def _of_widget(node: generic.PdfObject, key: tuple[int, int] | None, otherwise: str) -> FormField | None:
    """The filled signature field of a widget, with what its parents give it; None for any other annotation."""
    if not isinstance(node, generic.DictionaryObject) or name_in(node, "/Subtype") not in ("/Widget", ""):
        return None
    names: list[str] = []
    kind, value, level = "", None, node
    for _ in range(MAX_DEPTH):
        names.insert(0, name_in(level, "/T"))
        kind = kind or name_in(level, "/FT")
        value = value if value is not None or "/V" not in level else level.raw_get("/V")
        parent = entry(level, "/Parent")
        if not isinstance(parent, generic.DictionaryObject):
            break
        level = parent
    found = _terminal(".".join(filter(None, names)) or otherwise, kind, node, value, key)
    return replace(found, astray=True) if found.kind == "/Sig" and found.value is not None else None


def form_fields(handler: PdfHandler) -> list[FormField]:
    """All terminal named fields of one revision; broken branches of the form tree are skipped, cycles are cut."""
    roots = None
    with unless_strict:  # there may be no form, or one that cannot be read
        roots = handler.root["/AcroForm"]["/Fields"]
    if not isinstance(roots, generic.ArrayObject):
        return []
    return [entry for _, entry in zip(range(MAX_FIELDS), _walk(roots, _Inherited()), strict=False)]


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a field takes over from its parents (ISO 32000-1, 12.7.3.1); `seen` is shared by the whole walk."""

    name: str = ""
    kind: str = ""
    value: generic.PdfObject | None = None
    depth: int = 0
    seen: set[tuple[int, int]] = field(default_factory=set)


def _walk(nodes: generic.ArrayObject, parent: _Inherited) -> Iterator[FormField]:
    for index in range(len(nodes)):
        try:
            yield from _visit(nodes.raw_get(index), parent, index)
        except (MemoryError, PdfStrictReadError):
            raise
        except Exception as cause:  # one broken field must not hide the others
            yield FormField(f"{parent.name or '?'}[{index}]", "/Sig", None, None, None, str(cause) or "unreadable")


def _visit(raw: generic.PdfObject, parent: _Inherited, index: int) -> Iterator[FormField]:
    key = (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else None
    if parent.depth > MAX_DEPTH or (key is not None and key in parent.seen):
        return
    if key is not None:
        parent.seen.add(key)
    node = resolved(raw)
    if not isinstance(node, generic.DictionaryObject):
        return
    name = _joined(parent.name, node)
    kind = name_in(node, "/FT", parent.kind)
    value = node.raw_get("/V") if "/V" in node else parent.value
    kids = entry(node, "/Kids")
    if isinstance(kids, generic.ArrayObject) and any("/T" in kid for kid in items(kids) if _is_dictionary(kid)):
        yield from _walk(kids, _Inherited(name, kind, value, parent.depth + 1, parent.seen))
    elif name or value is not None:
        if isinstance(kids, generic.ArrayObject):
            parent.seen.update(_keys(kids))
        yield _terminal(name or f"?[{index}]", kind, node, value, key)


def _keys(array: generic.ArrayObject) -> Iterator[tuple[int, int]]:
    for index in range(len(array)):
        raw = array.raw_get(index)
        if isinstance(raw, generic.IndirectObject):
            yield raw.idnum, raw.generation


def _terminal(
    name: str,
    kind: str,
    node: generic.DictionaryObject,
    value: generic.PdfObject | None,
    holder: tuple[int, int] | None,
) -> FormField:
    reference = (value.idnum, value.generation) if isinstance(value, generic.IndirectObject) else None
    target = resolved(value) if value is not None else None
    if isinstance(target, generic.NullObject) or (
        kind == "/Sig" and isinstance(target, generic.DictionaryObject) and not target
    ):
        target = None
    if not kind and isinstance(target, generic.DictionaryObject) and "/ByteRange" in target:
        kind = "/Sig"  # a field without its type whose value is plainly a signature
    return FormField(name, kind, node, target, reference, holder=holder)


def _is_dictionary(node: generic.PdfObject) -> TypeGuard[generic.DictionaryObject]:
    return isinstance(node, generic.DictionaryObject)


def _joined(parent_name: str, node: generic.DictionaryObject) -> str:
    own = name_in(node, "/T")
    return ".".join(part for part in (parent_name, own) if part)
