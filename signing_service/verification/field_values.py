"""What form fields hold, compared between two revisions and told to people."""

from collections.abc import Sequence

from pyhanko.pdf_utils import generic

from signing_service.verification.object_comparison import FORM_FILL, Difference
from signing_service.verification.signature_fields import FormField
from signing_service.verification.words import say


def value_changes(before: Sequence[FormField], now: Sequence[FormField]) -> tuple[Difference, ...]:
    """Which form fields got which values, signature fields left out."""
    known = {entry.name: _shown(entry) for entry in before if entry.kind != "/Sig"}
    return tuple(
        Difference(FORM_FILL, 0, say("difference.field_value", name=name, before=known.get(name, "—"), after=value))
        for name, value in {entry.name: _shown(entry) for entry in now if entry.kind != "/Sig"}.items()
        if known.get(name) != value
    )


def changed_values(before: Sequence[FormField], now: Sequence[FormField]) -> set[str]:
    """Names of fields that hold something else than before."""
    known = {one.name: _shown(one) for one in before}
    return {one.name for one in now if one.name in known and known[one.name] != _shown(one)}


def _shown(entry: FormField) -> str:
    """A field's value for people, shortened."""
    value = entry.value
    if value is None:
        return "—"
    if isinstance(value, generic.DictionaryObject):
        return f"object {entry.value_ref}"
    return str(value)[:120] or "—"
