"""An entry of the directory: a party in the languages that are known, and what it is found by."""

from __future__ import annotations

from typing import Any

import pytest

from agreements import drafts
from agreements.errors import InvalidFields
from agreements.fields import examine
from agreements.languages import LANGUAGES
from agreements.organisations import (
    AUTHORITY_NAMES,
    ENTRY,
    PART_NAMES,
    Mark,
    as_party,
    checked,
    folded,
    found_by,
    marks,
    squeezed,
)
from agreements.templates import in_languages
from tests.agreements.cases import TODAY, raw, strategic
from tests.agreements.entries import ESIMERKKI, fields


def entry(**changes: str) -> dict[str, Any]:
    return checked(drafts.parse_form(ENTRY, fields(**changes)), TODAY)


def test_an_entry_is_right_in_the_languages_that_are_known() -> None:
    found = entry()
    assert found["legal_name"] == ESIMERKKI["legal_name"]
    assert found["address"]["street"] == {"fi": "Esimerkkikatu 9"}
    assert checked(found, TODAY) == found


def test_fields_of_a_form_go_there_and_back() -> None:
    assert drafts.parse_form(ENTRY, drafts.flat(entry())) == ESIMERKKI


def test_an_empty_entry_says_what_is_needed() -> None:
    with pytest.raises(InvalidFields) as refused:
        checked({}, TODAY)
    assert [one.path for one in refused.value.problems] == [
        "legal_name",
        "address.street",
        "address.city",
        "address.country",
    ]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"legal_name__sv": "Exempel"}, "legal_name.sv"),
        ({"legal_name__en": "x" * 10_000}, "legal_name.en"),
        ({"legal_name__en": "Esim\u202eerkki"}, "legal_name.en"),
        ({"legal_name__en": "Esim\x00erkki"}, "legal_name.en"),
        ({"identifiers__0__value": "9990174-7"}, "identifiers.0.value"),
        ({"identifiers__0__value": "9990174-8\u200f"}, "identifiers.0.value"),
        ({"representatives__1__authority_document": ""}, "representatives.1.authority_document"),
        ({"representatives__0__email": ""}, "representatives.0.email"),
        ({"address__country": "FIN"}, "address.country"),
    ],
)
def test_the_rules_are_those_of_a_party(changes: dict[str, str], at: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        entry(**changes)
    assert [one.path for one in refused.value.problems] == [at]


def test_numbers_of_one_entry_must_agree() -> None:
    more = {"identifiers.2.scheme": "euid", "identifiers.2.value": "FIFPRO.0112038-9"}
    with pytest.raises(InvalidFields) as refused:
        checked(drafts.parse_form(ENTRY, fields() | more), TODAY)
    assert [one.path for one in refused.value.problems] == ["identifiers.2.value"]


def test_a_draft_gets_the_languages_of_its_agreement_only() -> None:
    row = as_party(entry(), ("zh-Hans", "en"))
    assert row["legal_name"] == {"zh-Hans": "样例物流", "en": "Esimerkki Logistics"}
    assert row["legal_form"] == {}
    assert row["representatives"][0]["title"] == {"en": "Managing Director"}
    assert "note" not in as_party({**entry(), "note": "synthetic"}, LANGUAGES)


def test_a_party_taken_over_lacks_what_the_directory_does_not_know_and_nothing_else() -> None:
    template = in_languages(strategic(), ("zh-Hans", "en"))
    values = drafts.parse_form(template, drafts.flat(raw()))
    values["parties"][1] = as_party(entry(), template.languages)
    _values, problems, _warnings = examine(template, values, TODAY)
    assert {one.path for one in problems} == {
        "parties.1.legal_form",
        "parties.1.address.street",
        "parties.1.address.city.zh-Hans",
        "parties.1.representatives.0.title.zh-Hans",
        "parties.1.representatives.1.title.zh-Hans",
        "parties.1.contact.name",
        "parties.1.contact.email",
    } - {"parties.1.legal_form"}


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("样例", True),
        ("esimerkki", True),
        ("LOGISTIIKKA", True),
        ("9990174-8", True),
        ("99901748", True),
        ("９９９０１７４", True),
        ("fi 9990", True),
        ("Musterwerk", False),
    ],
)
def test_what_an_entry_is_found_by(words: str, there: bool) -> None:
    text = found_by(entry())
    assert (folded(words) in text or squeezed(words) in text) is there


def test_marks_are_numbers_and_names() -> None:
    found = marks({"en": "A & B", "de": "a&b"}, [{"scheme": "vat", "value": "FI99901748"}])
    assert found == (Mark("vat", "FI99901748"), Mark("name", "ab"))
    assert marks({"en": "&"}, []) == (Mark("name", "&"),)
    assert len(marks({"en": "\ufdfa" * 200}, [])[0].value) == 200


def test_everything_is_called_something_in_every_language() -> None:
    def walk(one: Any) -> None:
        assert set(one.label) == set(LANGUAGES), one.name
        assert not one.help or set(one.help) == set(LANGUAGES), one.name
        for part in (*one.asked(), *((one.item,) if one.item else ())):
            walk(part)

    for one in ENTRY.variables:
        walk(one)
    for texts in (*PART_NAMES.values(), *AUTHORITY_NAMES.values(), *(group.title for group in ENTRY.groups)):
        assert set(texts) == set(LANGUAGES)
