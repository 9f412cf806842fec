"""The form of two revisions compared field by field: signed, filled, or changed in a way that neither explains.

Signing may set a field's value and appearance, and make its box smaller or nothing; filling may set a value and how it
looks. Everything else that differs is not explained: a box made larger, another appearance of a signature that was
there, a field that appears or is gone. It decides nothing about permission.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler

from signing_service.verification.object_comparison import (
    FORM_FILL,
    SIGNING,
    SKIPPED_KEYS,
    UNEXPLAINED,
    Budget,
    Difference,
    difference,
    equal,
)
from signing_service.verification.pdf_access import entry, items, raw_entry
from signing_service.verification.signature_fields import FormField

FILLING = frozenset({"/V", "/AP", "/AS", "/I", "/TI", "/RV", "/M", "/Ff", "/F", "/DA", "/Q", "/Type"})
SIGNING_TOO = frozenset({"/Lock", "/SV", "/MK", "/Rect"})
HARMLESS = frozenset({"/Ff", "/F", "/Type", "/M"})
UNJUDGED = frozenset({"/Fields", "/SigFlags", "/DA", "/Q", "/NeedAppearances"})
HIDES = 1 | 2 | 32  # annotation flags Invisible, Hidden, NoView (ISO 32000-2 table 167)
ACTIONS = ("/A", "/AA")
USUAL_BORDER = generic.DictionaryObject({"/S": generic.NameObject("/S"), "/W": generic.NumberObject(1)})
"""What a widget without a border style has anyway (ISO 32000-2, table 168)."""
MAX_PARENTS = 16
Key = tuple[int, int]


@dataclass(frozen=True)
class Forms:
    """The fields before and now, and on which page (1-based) an object stands as an annotation."""

    before: Sequence[FormField] = ()
    now: Sequence[FormField] = ()

    def widgets(self) -> frozenset[Key]:
        """The objects that are fields of the form or widgets of one, in either revision."""
        found: set[Key] = set()
        for one in (*self.before, *self.now):
            found |= {one.holder} if one.holder is not None else set()
            kids = entry(one.field, "/Kids")
            if isinstance(kids, generic.ArrayObject):
                found |= {_key(kids.raw_get(place)) for place in range(len(kids))}
        return frozenset(found - {(-1, 0)})


def form_differences(
    old: PdfHandler, new: PdfHandler, forms: Forms, pages: Mapping[Key, int], budget: Budget
) -> Iterator[Difference]:
    """What differs between the two forms; raises like `object_comparison.equal`."""
    yield from _settings(entry(old.root, "/AcroForm"), entry(new.root, "/AcroForm"), budget)
    yield from _drawn_anew(entry(old.root, "/AcroForm"), entry(new.root, "/AcroForm"), forms)
    before, now = _by_name(forms.before), _by_name(forms.now)
    for name, one in now.items():
        place = pages.get(one.holder or (-1, 0), 0)
        if name not in before:
            kind = SIGNING if one.kind == "/Sig" and _only_signs(name, one) else UNEXPLAINED
            yield difference(kind, place, "field_added", name=one.name)
            continue
        kind = _kind(before[name], one, budget)
        if kind:
            yield difference(kind, place, f"field_{kind}", name=name)
    for name in before:
        if name not in now:
            yield difference(UNEXPLAINED, 0, "field_removed", name=name)


def overlooked(old: PdfHandler, new: PdfHandler, forms: Forms) -> bool:
    """Whether the form got what the library's rules let pass: resources exchanged, values to be drawn anew, a new
    signature field that acts or has the name of another. Raises like `object_comparison.equal`."""
    known = _by_name(forms.before)
    if not all(_only_signs(name, one) for name, one in _by_name(forms.now).items() if name not in known):
        return True
    before, now = entry(old.root, "/AcroForm"), entry(new.root, "/AcroForm")
    settings = _settings(before, now, Budget())
    return any(one.kind == UNEXPLAINED for one in settings) or any(_drawn_anew(before, now, forms))


def _only_signs(name: str, one: FormField) -> bool:
    """Whether a new field does nothing by itself and has a name of its own; `name` is that of `_by_name`."""
    levels: list[generic.PdfObject | None] = [one.field, *items(entry(one.field, "/Kids"))]
    above = entry(one.field, "/Parent")
    while isinstance(above, generic.DictionaryObject) and len(levels) < MAX_PARENTS:
        levels.append(above)
        above = entry(above, "/Parent")
    return name == one.name and not any(entry(node, key) is not None for node in levels for key in ACTIONS)


def _settings(before: generic.PdfObject | None, now: generic.PdfObject | None, budget: Budget) -> Iterator[Difference]:
    """What the form says of all its fields; resources may be added to, not exchanged."""
    old = before if isinstance(before, generic.DictionaryObject) else generic.DictionaryObject({})
    new = now if isinstance(now, generic.DictionaryObject) else generic.DictionaryObject({})
    for key in sorted({*old, *new} - UNJUDGED):
        if equal(raw_entry(old, key), raw_entry(new, key), budget):
            continue
        if key == "/DR" and _only_added(entry(old, key), entry(new, key), budget):
            continue
        kind = FORM_FILL if key == "/XFA" and key in old and key in new else UNEXPLAINED
        yield difference(kind, 0, "form_setting", key=key.lstrip("/"))


def _drawn_anew(before: generic.PdfObject | None, now: generic.PdfObject | None, forms: Forms) -> Iterator[Difference]:
    """Programs are asked to draw the values that fields had, or to draw them in another way: what is shown may differ
    from what was (ISO 32000-2 table 224)."""
    if not any(one.kind != "/Sig" and one.value is not None for one in forms.before):
        return
    if str(entry(now, "/NeedAppearances")) != "True":
        return
    asked = str(entry(before, "/NeedAppearances")) == "True"
    for key in ("/NeedAppearances", "/DA", "/Q"):
        old, new = str(entry(before, key)), str(entry(now, key))
        if old != new and (asked or key == "/NeedAppearances"):
            yield difference(FORM_FILL, 0, "form_setting", key=key.lstrip("/"))


def _only_added(old: generic.PdfObject | None, new: generic.PdfObject | None, budget: Budget, depth: int = 2) -> bool:
    """Whether every resource that was there is there unchanged."""
    if old is None:
        return True
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        return equal(old, new, budget)
    if not depth:
        return equal(old, new, budget)
    return all(key in new and _only_added(entry(old, key), entry(new, key), budget, depth - 1) for key in old)


def _kind(old: FormField, new: FormField, budget: Budget) -> str:
    """The class of what was done to one field; empty when nothing was."""
    if old.field is None or new.field is None:
        return "" if old.broken == new.broken and old.field is new.field else UNEXPLAINED
    if _field_equal(old.field, new.field, frozenset(), budget) and old.kind == new.kind:
        return "" if _parents_equal(old.field, new.field, budget) else UNEXPLAINED
    if old.kind != new.kind or not _parents_equal(old.field, new.field, budget):
        return UNEXPLAINED
    if new.kind != "/Sig":
        return FORM_FILL if _field_equal(old.field, new.field, FILLING, budget) else UNEXPLAINED
    if old.value is not None or new.value is None:
        harmless = _field_equal(old.field, new.field, HARMLESS, budget) and not _hidden_now(old.field, new.field)
        return "" if harmless else UNEXPLAINED
    if _field_equal(old.field, new.field, FILLING | SIGNING_TOO, budget) and _not_larger(old.field, new.field):
        return SIGNING
    return UNEXPLAINED


def _field_equal(
    old: generic.DictionaryObject, new: generic.DictionaryObject, but: frozenset[str], budget: Budget
) -> bool:
    """Whether a field and its widgets are the same apart from some entries."""
    for key in {*old, *new} - but - SKIPPED_KEYS - {"/Kids"}:
        written = raw_entry(old, key)
        before = USUAL_BORDER if written is None and key == "/BS" else written
        if not equal(before, raw_entry(new, key), budget):
            return False
    first, second = list(items(entry(old, "/Kids"))), list(items(entry(new, "/Kids")))
    if not first and second and but:  # a field without a widget got one
        return True
    return len(first) == len(second) and all(
        isinstance(one, generic.DictionaryObject)
        and isinstance(other, generic.DictionaryObject)
        and _field_equal(one, other, but, budget)
        for one, other in zip(first, second, strict=True)
    )


def _parents_equal(old: generic.DictionaryObject, new: generic.DictionaryObject, budget: Budget) -> bool:
    first, second = entry(old, "/Parent"), entry(new, "/Parent")
    for _ in range(MAX_PARENTS):
        if not isinstance(first, generic.DictionaryObject) or not isinstance(second, generic.DictionaryObject):
            return first is None and second is None
        for key in {*first, *second} - SKIPPED_KEYS - {"/Kids", "/V", "/DV"}:
            if not equal(raw_entry(first, key), raw_entry(second, key), budget):
                return False
        first, second = entry(first, "/Parent"), entry(second, "/Parent")
    return False


def _hidden_now(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    """Whether a field or a widget of it is shown less than it was; that it is locked or printed does not matter."""
    first, second = [old, *items(entry(old, "/Kids"))], [new, *items(entry(new, "/Kids"))]
    return any(_flags(now) & HIDES & ~_flags(before) for before, now in zip(first, second, strict=False))


def _flags(node: generic.PdfObject) -> int:
    value = entry(node, "/F")
    return int(value) if isinstance(value, generic.NumberObject) else 0


def _not_larger(old: generic.DictionaryObject, new: generic.DictionaryObject) -> bool:
    """Whether no box of a field reaches further than it did, or its box is empty."""
    first, second = [old, *items(entry(old, "/Kids"))], [new, *items(entry(new, "/Kids"))]
    for place, widget in enumerate(second):
        now = _box(widget)
        before = _box(first[place]) if place < len(first) else None
        if now is None or now[0] >= now[2] or now[1] >= now[3] or now == before:
            continue
        if before is None or now[0] < before[0] or now[1] < before[1] or now[2] > before[2] or now[3] > before[3]:
            return False
    return True


def _box(node: generic.PdfObject) -> tuple[float, float, float, float] | None:
    numbers = [float(str(item)) for item in items(entry(node, "/Rect"))]
    if len(numbers) != 4:
        return None
    left, low, right, high = numbers
    return min(left, right), min(low, high), max(left, right), max(low, high)


def is_visible(field: generic.DictionaryObject | None) -> bool:
    """Whether a field has a box with an area on any page."""
    if field is None:
        return False
    boxes = [_box(widget) for widget in (field, *items(entry(field, "/Kids")))]
    return any(box is not None and box[0] < box[2] and box[1] < box[3] for box in boxes)


def _by_name(fields: Sequence[FormField]) -> dict[str, FormField]:
    """Fields by their names; a second one of the same name gets a number."""
    found: dict[str, FormField] = {}
    for one in fields:
        name, number = one.name, 2
        while name in found:
            name, number = f"{one.name} ({number})", number + 1
        found[name] = one
    return found


def _key(raw: generic.PdfObject) -> Key:
    return (raw.idnum, raw.generation) if isinstance(raw, generic.IndirectObject) else (-1, 0)
