"""The draft as a form, and the way back from what a browser sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from agreements.drafts import BLANK_ROW, FormField, flat, form, hidden, parse_form
from agreements.errors import FormUnreadable
from agreements.fields import validate
from tests.agreements.cases import CHENGDU, THREE, TODAY, raw, strategic


def every(fields: Iterable[FormField]) -> Iterator[FormField]:
    for one in fields:
        yield one
        yield from every((*one.fields, *one.rows, *((one.blank,) if one.blank else ())))


def all_fields(values: dict[str, object], lang: str = "en") -> dict[str, FormField]:
    groups = form(strategic(), values, lang)
    return {one.path: one for group in groups for one in every(group.fields)}


def sent(values: dict[str, object]) -> dict[str, str]:
    """What a browser sends for the form: every input by its name, blank rows and buttons included."""
    flat = {path: one.value for path, one in all_fields(values).items() if one.kind == "input"}
    return {**flat, "csrf_token": "t", "action": "save"}


@pytest.mark.parametrize("name", [CHENGDU, THREE])
def test_what_the_form_sends_back_is_what_it_showed(name: str) -> None:
    assert validate(strategic(), parse_form(strategic(), sent(raw(name))), TODAY) == validate(
        strategic(), raw(name), TODAY
    )


def test_every_variable_is_drawn_once_in_its_group() -> None:
    groups = form(strategic(), {}, "zh-Hans")
    assert [one.path for group in groups for one in group.fields] == [one.name for one in strategic().variables]
    assert [group.title for group in groups][:2] == ["文本", "协议各方"]


def test_an_empty_form_offers_the_rows_that_are_needed() -> None:
    fields = all_fields({})
    assert len(fields["parties"].rows) == 2
    assert len(fields["areas"].rows) == 1
    assert fields["duties"].rows == ()
    assert fields["parties"].blank is not None
    assert f"parties.{BLANK_ROW}.legal_name.en" in fields


def test_defaults_are_shown_and_the_prevailing_language_is_left_to_choose() -> None:
    fields = all_fields({})
    assert fields["title.en"].value == "Strategic Cooperation Agreement"
    assert fields["joint_group.meetings"].value == "2"
    assert [one.selected for one in fields["prevailing"].choices] == [False, False, False]
    assert [one.value for one in fields["annual_plan"].choices if one.selected] == ["yes"]


def test_conditions_show_and_hide() -> None:
    fields = all_fields(raw())
    assert fields["dispute.institution"].shown
    assert not fields["dispute.court"].shown
    assert not fields["exclusivity_scope"].shown
    assert not fields["parties.0.representatives.0.authority_document"].shown
    other = raw()
    other["parties"][0]["representatives"][0]["authority"] = "power_of_attorney"
    other["dispute"]["mode"] = "court"
    fields = all_fields(other)
    assert fields["parties.0.representatives.0.authority_document"].shown
    assert not fields["parties.1.representatives.0.authority_document"].shown
    assert fields["dispute.court"].shown
    assert not fields["dispute.institution"].shown


def test_a_wrong_value_is_shown_as_it_was_typed() -> None:
    fields = all_fields({"joint_group": {"meetings": "often"}, "term": {"count": "x", "unit": "months"}})
    assert fields["joint_group.meetings"].value == "often"
    assert fields["term.count"].value == "x"
    assert [one.value for one in fields["term.unit"].choices if one.selected] == ["months"]


def test_nonsense_where_a_record_belongs_does_not_stop_the_form() -> None:
    fields = all_fields({"parties": "x", "effective": 3, "areas": {"a": 1}, "place": [1]})
    assert len(fields["parties"].rows) == 2
    assert fields["effective.mode"].value == ""


def test_the_form_says_which_fields_are_hidden() -> None:
    groups = form(strategic(), {**raw(), "exclusivity": "no"}, "en")
    assert "exclusivity_scope" in set(hidden(groups))
    assert "exclusivity_scope" not in set(hidden(form(strategic(), {**raw(), "exclusivity": "yes"}, "en")))


def test_nested_values_become_the_fields_they_came_from() -> None:
    typed = {"areas.0.name.en": "Ports", "areas.1.name.zh-Hans": "物流", "annual_plan": "yes", "term.count": "36"}
    assert flat(parse_form(strategic(), typed)) == typed


def test_rows_close_up_and_empty_rows_go() -> None:
    flat = {
        "areas.7.name.en": "Parks",
        "areas.2.name.en": "Ports",
        "areas.5.name.en": "  ",
        "areas.10.name.en": "Talent",
        f"areas.{BLANK_ROW}.name.en": "never",
    }
    rows = parse_form(strategic(), flat)["areas"]
    assert [row["name"]["en"] for row in rows] == ["Ports", "Parks", "Talent"]


def test_foreign_fields_are_left_out() -> None:
    assert parse_form(strategic(), {"csrf_token": "x", "constructor.prototype": "y", "": "z"}) == {}


@pytest.mark.parametrize(
    "flat",
    [
        {"place": "x", "place.en": "y"},
        {"place.en": "y", "place": "x"},
        {"place..en": "y"},
        {"place.__class__": "y"},
        {"areas." + "0." * 150 + "x": "y"},
        {"areas.99999999.name": "y"},
        {f"areas.{n % 999}.{'abcdefghij'[n // 999]}.en": "y" for n in range(6000)},
    ],
)
def test_contradictory_or_endless_forms_are_refused(flat: dict[str, str]) -> None:
    with pytest.raises(FormUnreadable) as refused:
        parse_form(strategic(), flat)
    assert refused.value.code == "fields.form_unreadable"


def test_personal_fields_are_marked() -> None:
    fields = all_fields(raw())
    assert fields["parties.0.representatives.0.email"].personal
    assert not fields["parties.0.legal_name"].personal
