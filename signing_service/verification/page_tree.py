"""The pages of one revision in their order, each with what it inherits from the tree above it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.forgiving import forgiving
from signing_service.verification.pdf_access import entry, raw_entry, resolved

MAX_PAGES = 5_000
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


@dataclass(frozen=True)
class PageView:
    """A page, its object number (negative: none) and what it inherits (ISO 32000-2 table 31)."""

    key: tuple[int, int]
    node: generic.DictionaryObject
    inherited: Mapping[str, generic.PdfObject]

    def value(self, name: str) -> generic.PdfObject | None:
        """The page's own value, else the inherited one."""
        return raw_entry(self.node, name) or self.inherited.get(name)

    def names(self) -> set[str]:
        return {str(name) for name in self.node} | set(self.inherited)


def page_tree(handler: PdfHandler) -> list[PageView]:
    """The pages of a revision in order; cycles are cut and at most five thousand are returned."""
    result: list[PageView] = []
    stack: list[tuple[generic.PdfObject, Mapping[str, generic.PdfObject]]] = [(handler.root.raw_get("/Pages"), {})]
    seen: set[tuple[int, int]] = set()
    while stack and len(result) < MAX_PAGES:
        raw, inherited = stack.pop()
        key = (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else (-1, 0)
        node = _read(raw)
        if (key in seen and key[0] >= 0) or not isinstance(node, generic.DictionaryObject):
            continue
        seen.add(key)
        kids = entry(node, "/Kids")
        if isinstance(kids, generic.ArrayObject):
            passed_on = {**inherited, **{name: node.raw_get(name) for name in INHERITED if name in node}}
            stack.extend((kids.raw_get(index), passed_on) for index in reversed(range(len(kids))))
        else:
            result.append(PageView(key, node, inherited))
    return result


def _read(raw: generic.PdfObject) -> generic.PdfObject:
    """A node of the tree; of one that cannot be read nothing is known, so it is empty."""
    with forgiving:
        return resolved(raw)
    return generic.DictionaryObject({})
