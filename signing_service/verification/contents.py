"""What else a document carries that a reader of the report should know: scripts, layers, fields laid over pages.

It names; except for a field that covers much of a page after signing, nothing here changes a verdict.
"""

from collections.abc import Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.page_tree import page_tree
from signing_service.verification.pdf_access import entry, items, name_in, resolved
from signing_service.verification.reading import safely
from signing_service.verification.signature_fields import FormField

COVERING = 0.3  # of the page's area: more than any signature field of good will
ACTIVE = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR")


def scripts(handler: PdfHandler) -> tuple[str, ...]:
    """Names of what acts by itself: scripts in the name tree, actions on opening, XFA forms."""
    found: list[str] = []
    root = handler.root
    for name, present in (
        ("JavaScript", lambda: "/JavaScript" in root["/Names"]),
        ("OpenAction", lambda: _acts(root["/OpenAction"])),
        ("AA", lambda: "/AA" in root),
        ("XFA", lambda: "/XFA" in root["/AcroForm"]),
    ):
        if safely(present):
            found.append(name)
    return tuple(found)


def _acts(action: generic.PdfObject) -> bool:
    """Whether an action is more than going to a place in this document."""
    return isinstance(action, generic.DictionaryObject) and name_in(action, "/S") in ACTIVE


def layers(handler: PdfHandler) -> int:
    """How many optional content groups (layers that can be shown or hidden) there are."""
    count = safely(lambda: len(handler.root["/OCProperties"]["/OCGs"]))
    return count if isinstance(count, int) else 0


def covering(before: Sequence[FormField], now: Sequence[FormField], handler: PdfHandler) -> tuple[str, ...]:
    """Names of fields that are new and cover much of a page."""
    known = {entry.name for entry in before}
    fresh = [entry for entry in now if entry.name not in known and entry.field is not None]
    if not fresh:
        return ()
    smallest = min((_area(page.value("/MediaBox")) for page in page_tree(handler)), default=0.0) or 595.0 * 842.0
    return tuple(
        entry.name for entry in fresh if entry.field is not None and _extent(entry.field) > COVERING * smallest
    )


def _extent(field: generic.DictionaryObject) -> float:
    """The area of a field's largest widget."""
    return max(_area(entry(widget, "/Rect")) for widget in (field, *items(entry(field, "/Kids"))))


def _area(box: generic.PdfObject | None) -> float:
    if box is None:
        return 0.0
    try:
        x0, y0, x1, y1 = (float(str(item)) for item in items(resolved(box)))
    except (TypeError, ValueError):
        return 0.0
    return abs(x1 - x0) * abs(y1 - y0)
