"""Every signature field of a PDF, each on its own: filled, empty or broken. One broken field never hides another.

It enumerates and classifies; it neither parses a signature's contents nor judges anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.forgiving import forgiving
from signing_service.verification.pdf_access import entry, items, name_in, resolved

DETACHED = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/PBAD.PAdES")
ENCAPSULATED = "/adbe.pkcs7.sha1"  # the CMS holds the SHA-1 of the signed bytes (ISO 32000-1, 12.8.3.3)
TIMESTAMP = "/ETSI.RFC3161"
MAX_DEPTH = 32
MAX_FIELDS = 20_000


@dataclass(frozen=True, slots=True)
class FormField:
    """A named form field: its dictionary, its resolved /V or None, and why it cannot be read (`broken`)."""

    name: str
    kind: str
    field: generic.DictionaryObject | None
    value: generic.PdfObject | None
    value_ref: tuple[int, int] | None = None
    broken: str = ""

    @property
    def subfilter(self) -> str:
        """The SubFilter name with its slash; empty when there is none."""
        if not isinstance(self.value, generic.DictionaryObject):
            return ""
        with forgiving:
            return name_in(self.value, "/SubFilter")
        return ""

    @property
    def is_timestamp(self) -> bool:
        """Also a /Sig typed field with SubFilter ETSI.RFC3161 is a time stamp (seen in the field)."""
        if not isinstance(self.value, generic.DictionaryObject):
            return False
        with forgiving:
            return self.subfilter == TIMESTAMP or name_in(self.value, "/Type") == "/DocTimeStamp"
        return False


def signature_fields(handler: PdfHandler) -> list[FormField]:
    """All signature fields of one revision, in the order of the form; unreadable ones included."""
    return [entry for entry in form_fields(handler) if entry.kind == "/Sig"]


def form_fields(handler: PdfHandler) -> list[FormField]:
    """All terminal named fields of one revision; broken branches of the form tree are skipped, cycles are cut."""
    roots = None
    with forgiving:  # there may be no form, or one that cannot be read
        roots = handler.root["/AcroForm"]["/Fields"]
    if not isinstance(roots, generic.ArrayObject):
        return []
    return [entry for _, entry in zip(range(MAX_FIELDS), _walk(roots), strict=False)]


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a field takes over from its parents (ISO 32000-1, 12.7.3.1)."""

    name: str = ""
    kind: str = ""
    value: generic.PdfObject | None = None
    depth: int = 0
    seen: frozenset[tuple[int, int]] = frozenset()


def _walk(nodes: generic.ArrayObject, parent: _Inherited = _Inherited()) -> Iterator[FormField]:
    for index in range(len(nodes)):
        try:
            raw = nodes.raw_get(index)
            yield from _visit(raw, parent)
        except MemoryError:
            raise
        except Exception as cause:  # one broken field must not hide the others
            yield FormField(f"{parent.name or '?'}[{index}]", "/Sig", None, None, None, str(cause) or "unreadable")


def _visit(raw: generic.PdfObject, parent: _Inherited) -> Iterator[FormField]:
    key = (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else None
    if parent.depth > MAX_DEPTH or (key is not None and key in parent.seen):
        return
    node = resolved(raw)
    if not isinstance(node, generic.DictionaryObject):
        return
    name = _joined(parent.name, node)
    kind = name_in(node, "/FT", parent.kind)
    value = node.raw_get("/V") if "/V" in node else parent.value
    kids = entry(node, "/Kids")
    if isinstance(kids, generic.ArrayObject) and any("/T" in kid for kid in items(kids) if _is_dictionary(kid)):
        seen = parent.seen | ({key} if key is not None else set())
        yield from _walk(kids, _Inherited(name, kind, value, parent.depth + 1, frozenset(seen)))
    elif name:
        yield _terminal(name, kind, node, value)


def _terminal(name: str, kind: str, node: generic.DictionaryObject, value: generic.PdfObject | None) -> FormField:
    reference = (value.idnum, value.generation) if isinstance(value, generic.IndirectObject) else None
    target = resolved(value) if value is not None else None
    if isinstance(target, generic.NullObject):
        target = None
    return FormField(name, kind, node, target, reference)


def _is_dictionary(node: generic.PdfObject) -> TypeGuard[generic.DictionaryObject]:
    return isinstance(node, generic.DictionaryObject)


def _joined(parent_name: str, node: generic.DictionaryObject) -> str:
    own = name_in(node, "/T")
    return ".".join(part for part in (parent_name, own) if part)
