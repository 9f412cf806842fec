"""An entry of the directory: an organisation with what a draft asks about a party, checked by the same rules.

The directory keeps texts in the languages it knows; an agreement asks for its own. What a version says about its
parties stands in the version and never changes with the directory.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agreements.fields import validate
from agreements.languages import LANGUAGES, Lang, Texts
from agreements.organisation_labels import in_every_language
from agreements.package_files import Package
from agreements.party_fields import PARTY_FIELDS
from agreements.templates import Group, Template
from agreements.variables import Limits, Variable

MAX_MARK = 200
SHARED_KINDS = frozenset({"name", "vat"})
"""Marks that two organisations may have in common: names by chance, VAT numbers in a VAT group."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an organisation is recognised by: the `kind` of a number, or "name", and its normalised value."""

    kind: str
    value: str


_GROUP_OF = {
    "legal_name": "names",
    "short_name": "names",
    "legal_form": "names",
    "identifiers": "numbers",
    "address": "address",
    "representatives": "people",
    "contact": "people",
}


def _asked(one: Variable) -> Variable:
    """A part of a party as the directory asks for it: in some languages, people only when they are known."""
    optional = one.name in ("representatives", "contact")
    limits = replace(one.limits, least=None) if optional else one.limits
    changed = replace(_in_some_languages(one), required=one.required and not optional, limits=limits)
    return replace(in_every_language(changed), group=_GROUP_OF[one.name])


def _in_some_languages(one: Variable) -> Variable:
    return replace(
        one,
        some_languages=one.localized,
        fields=tuple(_in_some_languages(part) for part in one.fields),
        item=_in_some_languages(one.item) if one.item is not None else None,
    )


NOTE = Variable(
    "note",
    "paragraph",
    {"zh-Hans": "内部备注", "en": "Internal note", "de": "Interne Notiz", "fi": "Sisäinen huomautus"},
    {
        "zh-Hans": "只有本单位人员可见，不写入任何协议。",
        "en": "Only staff see it; it goes into no agreement.",
        "de": "Nur intern sichtbar; steht in keinem Vertrag.",
        "fi": "Vain henkilöstö näkee tämän; ei tule sopimuksiin.",
    },
    required=False,
    group="note",
    limits=Limits(most=2000),
)

#: The questions as a template without clauses, so that drawing, reading and checking are those of a draft.
ENTRY = Template(
    id="organisation",
    version="1.0.0",
    package=Package("organisation", {}, {}),
    languages=LANGUAGES,
    title={},
    notice={},
    parties="",
    binding_default=False,
    groups=(
        Group("names", {"zh-Hans": "名称", "en": "Names", "de": "Namen", "fi": "Nimet"}),
        Group("numbers", {"zh-Hans": "登记号码", "en": "Numbers", "de": "Nummern", "fi": "Numerot"}),
        Group("address", {"zh-Hans": "住所", "en": "Address", "de": "Sitz", "fi": "Osoite"}),
        Group("people", {"zh-Hans": "人员", "en": "People", "de": "Personen", "fi": "Henkilöt"}),
        Group("note", {"zh-Hans": "备注", "en": "Note", "de": "Notiz", "fi": "Huomautus"}),
    ),
    variables=(*(_asked(one) for one in PARTY_FIELDS if not one.computed), NOTE),
    computed=(),
    rules=(),
    clauses=(),
    approval_route=(),
    signature_blocks=(),
    key_holding={},
    samples={},
)

#: Name of a part → what it is called.
PART_NAMES: Mapping[str, Texts] = {one.name: one.label for one in ENTRY.variables}
#: Kind of authority → what it is called.
AUTHORITY_NAMES: Mapping[str, Texts] = {
    choice.value: choice.label
    for one in ENTRY.variables
    if one.item is not None
    for part in one.item.fields
    if part.name == "authority"
    for choice in part.choices
}


def checked(raw: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The normalised entry. Raises InvalidFields with every problem, at the paths of the form."""
    return dict(validate(ENTRY, raw, today))


def as_party(values: Mapping[str, Any], languages: Sequence[Lang]) -> dict[str, Any]:
    """The entry as the raw row of a draft in these languages; texts that are not known in one stay to be filled in."""
    parts = (one for one in ENTRY.variables if one is not NOTE and one.name in values)
    return {one.name: _spoken(one, values[one.name], languages) for one in parts}


def _spoken(one: Variable, value: Any, languages: Sequence[Lang]) -> Any:
    if one.type == "list" and one.item is not None:
        return [_spoken(one.item, row, languages) for row in value]
    if one.composite:
        return {part.name: _spoken(part, value[part.name], languages) for part in one.fields if part.name in value}
    if one.localized:
        return {lang: text for lang, text in value.items() if lang in languages}
    return value


def folded(text: str) -> str:
    """Text for comparing and searching: one form of each character, no capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


def squeezed(text: str) -> str:
    """Folded text without blanks and punctuation: HRB 42243 and hrb42243 are the same."""
    return "".join(character for character in folded(text) if character.isalnum())


def found_by(values: Mapping[str, Any]) -> str:
    """Everything a search looks in: names in every language and numbers, as written and squeezed."""
    texts = [*values["legal_name"].values(), *values.get("short_name", {}).values()]
    texts += [one["value"] for one in values.get("identifiers", ())]
    return "\n".join(dict.fromkeys(form(text) for text in texts for form in (folded, squeezed)))


def marks(legal_name: Texts, identifiers: Sequence[Mapping[str, str]]) -> tuple[Mark, ...]:
    """What the party or organisation is recognised by, each mark once."""
    return tuple(dict.fromkeys(_marks(legal_name, identifiers)))


def _marks(legal_name: Texts, identifiers: Sequence[Mapping[str, str]]) -> Iterator[Mark]:
    for one in identifiers:
        yield Mark(one["scheme"], one["value"])
    for name in legal_name.values():
        yield Mark("name", (squeezed(name) or folded(name))[:MAX_MARK])
