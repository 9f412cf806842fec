"""A step that added one field which nobody sees and signed it: so document time stamps come. Told from its bytes.

The form lists one field more, one page one annotation more, and the field has no size, no picture and no action; every
other object is as it was (ISO 32000-2 clauses 12.7.5.5 and 12.8.5, EN 319 142-1 clause 5.4.3).
"""

from collections.abc import Mapping

from signing_service.verification.plain_der import NotPlain
from signing_service.verification.plain_objects import Plain, dictionary_at

Key = tuple[int, int]
Entries = Mapping[bytes, Plain]
Changed = Mapping[Key, tuple[Entries, Entries]]
ENTRIES = frozenset({b"/FT", b"/T", b"/Type", b"/Subtype", b"/F", b"/Rect", b"/P", b"/V"})
NOWHERE = [("word", b"0")] * 4


def added(data: bytes, changed: Changed, catalog: tuple[Key, Entries], fresh: Mapping[Key, int]) -> Key:
    """The field. `changed`: objects before and after; `catalog`: where and what it was; `fresh`: where new ones stand.

    Raises NotPlain if anything else was done.
    """
    rest = dict(changed)
    field = _last(*_forms(rest, catalog), b"/Fields")
    if len(rest) != 1:
        raise NotPlain("pages")
    ((page, (old, new)),) = rest.items()
    if old.get(b"/Type") != ("name", b"/Page") or _last(old, new, b"/Annots") != field:
        raise NotPlain("page")
    held = dictionary_at(data, fresh[field], field) if field in fresh else {}
    value = held.get(b"/V")
    if not isinstance(value, tuple) or set(fresh) != {field, value[1:]} or set(held) - ENTRIES:
        raise NotPlain("field")
    if held.get(b"/FT") != ("name", b"/Sig") or held.get(b"/Subtype") != ("name", b"/Widget"):
        raise NotPlain("kind")
    if held.get(b"/Rect") != NOWHERE or held.get(b"/P", ("R", *page)) != ("R", *page) or b"/T" not in held:
        raise NotPlain("place")
    return field


def _forms(rest: dict[Key, tuple[Entries, Entries]], catalog: tuple[Key, Entries]) -> tuple[Entries, Entries]:
    """The form before and after, taken out of `rest` with the catalog, whose own entries must be the same."""
    old, new = rest.pop(catalog[0], (catalog[1], catalog[1]))
    if any(old.get(key) != new.get(key) for key in {*old, *new} - {b"/AcroForm"}):
        raise NotPlain("catalog")
    before, after = old.get(b"/AcroForm"), new.get(b"/AcroForm")
    if isinstance(before, tuple) and before == after and before[1:] in rest:
        return rest.pop(before[1:])
    if not isinstance(before, dict) or not isinstance(after, dict):
        raise NotPlain("form")
    return before, after


def _last(old: Entries, new: Entries, name: bytes) -> Key:
    """What the list of this name got at its end; all other entries must be the same."""
    before, after = old.get(name, []), new.get(name)
    if any(old.get(key) != new.get(key) for key in {*old, *new} - {name}):
        raise NotPlain("other entries")
    if not isinstance(before, list) or not isinstance(after, list) or not after or after[:-1] != before:
        raise NotPlain("list")
    found = after[-1]
    if not isinstance(found, tuple) or found[0] != "R" or found in before:
        raise NotPlain("no reference")
    return found[1], found[2]
