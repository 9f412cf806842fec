"""Values: every problem found names its field, says what would be right, and nothing wrong gets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.errors import InvalidFields
from agreements.field_messages import MESSAGES
from agreements.fields import examine, validate
from agreements.problems import FieldProblem
from tests.agreements.cases import CHENGDU, THREE, TODAY, raw, strategic


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sample with one value replaced (or taken out by None) at a dotted path."""
    values = raw()
    here: Any = values
    *outer, last = path.split(".")
    for segment in outer:
        here = here[int(segment)] if isinstance(here, list) else here.setdefault(segment, {})
    if isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value
    return values


def problems(values: dict[str, Any]) -> tuple[FieldProblem, ...]:
    with pytest.raises(InvalidFields) as refused:
        validate(strategic(), values, TODAY)
    assert refused.value.code == "fields.invalid"
    return refused.value.problems


@pytest.mark.parametrize("name", [CHENGDU, THREE])
def test_the_samples_are_right(name: str) -> None:
    values = validate(strategic(), raw(name), TODAY)
    assert validate(strategic(), values, TODAY) == values


CASES = [
    ("agreement_no", "a b", "agreement_no", "field.not_an_agreement_number"),
    ("agreement_no", None, "agreement_no", "field.required"),
    ("agreement_no", 17, "agreement_no", "field.not_text"),
    ("place", "成都", "place", "field.not_per_language"),
    ("place.en", " ", "place.en", "field.required"),
    ("place.sv", "Chengdu", "place.sv", "field.other_language"),
    ("place.en", "x" * 81, "place.en", "field.too_long"),
    ("place.en", "Cheng\ndu", "place.en", "field.line_break"),
    ("place.en", "Cheng\u202edu", "place.en", "field.invisible_character"),
    ("place.en", "Cheng\x00du", "place.en", "field.invisible_character"),
    ("place.en", "Cheng\u200bdu", "place.en", "field.invisible_character"),
    ("parties", None, "parties", "field.required"),
    ("parties", "two", "parties", "field.not_a_list"),
    ("parties.1", "a party", "parties.1", "field.not_a_record"),
    ("parties.0.legal_name.en", None, "parties.0.legal_name.en", "field.required"),
    ("parties.0.identifiers.0.value", "52510100MJX000174W", "parties.0.identifiers.0.value", "field.identifier"),
    ("parties.0.identifiers.0.scheme", "visa", "parties.0.identifiers.0.scheme", "field.not_a_choice"),
    ("parties.0.identifiers.0.value", None, "parties.0.identifiers.0.value", "field.required"),
    ("parties.0.address.country", "CHN", "parties.0.address.country", "field.not_a_country"),
    ("parties.0.address.country", "ZZ", "parties.0.address.country", "field.not_a_country"),
    ("parties.0.representatives", [], "parties.0.representatives", "field.too_few_rows"),
    ("parties.0.representatives.0.email", "lin@", "parties.0.representatives.0.email", "field.not_an_email"),
    ("parties.0.representatives.0.authority", "king", "parties.0.representatives.0.authority", "field.not_a_choice"),
    ("parties.1.contact.phone", "028 1234", "parties.1.contact.phone", "field.not_a_phone"),
    ("areas.1.name", None, "areas.1.name", "field.required"),
    ("areas.2.lead", "e", "areas.2.lead", "field.not_a_choice"),
    ("areas.2.lead", "d", "areas", "rule.lead_is_a_party"),
    ("joint_group.meetings", "13", "joint_group.meetings", "field.too_large"),
    ("joint_group.meetings", 0, "joint_group.meetings", "field.too_small"),
    ("joint_group.meetings", "1.5", "joint_group.meetings", "field.not_whole"),
    ("joint_group.meetings", "two", "joint_group.meetings", "field.not_a_number"),
    ("joint_group.meetings", True, "joint_group.meetings", "field.not_a_number"),
    ("joint_group.meetings", "1e3", "joint_group.meetings", "field.not_a_number"),
    ("joint_group.first_meeting", "31.03.2021", "joint_group.first_meeting", "field.not_a_date"),
    ("joint_group.first_meeting", "2021-02-29", "joint_group.first_meeting", "field.no_such_day"),
    ("joint_group.first_meeting", "1021-02-28", "joint_group.first_meeting", "field.date_out_of_range"),
    ("annual_plan", "perhaps", "annual_plan", "field.not_yes_no"),
    ("effective.mode", "fixed_date", "effective.date", "field.required"),
    ("effective.zone", "Beijing", "effective.zone", "field.not_a_choice"),
    ("term", {"count": 36}, "term.unit", "field.required"),
    ("term.count", 121, "term.count", "field.too_large"),
    ("term.count", 0, "term.count", "field.too_small"),
    ("term.unit", "weeks", "term.unit", "field.not_a_unit"),
    ("term", {"count": 1, "unit": "months"}, "termination_notice", "rule.termination_notice_within_term"),
    ("renewal", "auto", "renewal_term", "field.required"),
    ("governing_law", "other", "governing_law_other", "field.required"),
    ("dispute.seat_city", None, "dispute.seat_city", "field.required"),
    ("dispute.mode", "court", "dispute.court", "field.required"),
    ("prevailing", None, "prevailing", "field.required"),
    ("prevailing", "de", "prevailing", "field.not_a_choice"),
    ("copies", -1, "copies", "field.too_small"),
    ("nonsense", "x", "nonsense", "field.unknown"),
    ("areas.0.nonsense", "x", "areas.0.nonsense", "field.unknown"),
    ("place.en", ["x"], "place.en", "field.not_text"),
]


@pytest.mark.parametrize(("path", "value", "at", "code"), CASES, ids=[f"{c[0]}={c[1]!s:.20}" for c in CASES])
def test_each_problem_names_its_field(path: str, value: Any, at: str, code: str) -> None:
    found = problems(changed(path, value))
    assert (at, code) in [(one.path, one.code) for one in found]
    assert len(found) == 1
    assert found[0].label["en"]
    assert found[0].label["zh-Hans"]
    assert found[0].text.startswith(found[0].label["en"])


def test_all_problems_are_told_in_the_order_of_the_form() -> None:
    values = changed("prevailing", "x")
    values["place"]["en"] = ""
    values["parties"][1]["legal_name"] = None
    values["parties"][0]["address"]["country"] = "?"
    values["term"] = {"count": "many", "unit": "weeks"}
    assert [one.path for one in problems(values)] == [
        "place.en",
        "parties.0.address.country",
        "parties.1.legal_name",
        "term.unit",
        "term.count",
        "prevailing",
    ]


def test_labels_say_which_of_many() -> None:
    (found,) = problems(changed("parties.1.legal_name.en", ""))
    assert found.label["en"] == "Party 2 · Legal name · English"
    assert found.label["zh-Hans"] == "当事方2 · 名称 · English"


def test_an_empty_draft_is_told_what_it_needs_field_by_field() -> None:
    found = {one.path for one in problems({})}
    assert {"agreement_no", "parties", "areas", "effective.mode", "term", "dispute.institution", "prevailing"} <= found
    assert "joint_group.members" not in found  # has a default
    assert "exclusivity_scope" not in found  # its condition does not hold


def test_the_prevailing_language_has_no_default() -> None:
    values = raw()
    del values["prevailing"]
    assert [one.path for one in problems(values)] == ["prevailing"]


def test_defaults_are_filled_in() -> None:
    values = raw()
    for key in ("title", "annual_plan", "review_month", "copies", "termination_notice"):
        values.pop(key, None)
    found = validate(strategic(), values, TODAY)
    assert found["title"] == strategic().title
    assert (found["annual_plan"], found["review_month"], found["copies"]) == (True, 11, 0)


def test_hidden_values_are_left_out_and_their_mistakes_do_not_matter() -> None:
    values = raw() | {"exclusivity": False, "exclusivity_scope": "not even a record", "renewal_term": {"count": "x"}}
    found = validate(strategic(), values, TODAY)
    assert "exclusivity_scope" not in found
    assert "renewal_term" not in found


def test_values_are_normalised() -> None:
    values = changed("parties.0.identifiers.0.value", " 52510100 mjx000173w ")
    values["place"]["en"] = "  Cafe\u0301  "
    values["term"] = {"count": "36", "unit": "months"}
    values["annual_plan"] = "yes"
    values["parties"][0]["representatives"][0]["email"] = "Lin@Centre.EXAMPLE"
    found = validate(strategic(), values, TODAY)
    assert found["parties"][0]["identifiers"][0]["value"] == "52510100MJX000173W"
    assert found["place"]["en"] == "Café"
    assert found["term"] == {"count": 36, "unit": "months"}
    assert found["annual_plan"] is True
    assert found["parties"][0]["representatives"][0]["email"] == "Lin@centre.example"


def test_a_rule_speaks_in_the_readers_language() -> None:
    (found,) = problems(changed("areas.2.lead", "d"))
    assert found.words("zh-Hans") == "牵头方须为协议当事方；请检查当事方的数目。"
    assert found.words("en") == "The lead has to be a party; check how many parties there are."
    assert found.words("de") == "Die Federführung muss bei einer Partei liegen; bitte die Zahl der Parteien prüfen."
    assert found.words("sv") == found.words("en")


def test_a_power_of_attorney_names_its_document() -> None:
    (found,) = problems(changed("parties.0.representatives.0.authority", "power_of_attorney"))
    assert (found.path, found.code) == ("parties.0.representatives.0.authority_document", "field.required")


def test_a_doubtful_code_is_a_warning() -> None:
    values, found, told = examine(strategic(), changed("parties.0.identifiers.0.value", "N2330102MA2ABCDE16"), TODAY)
    assert values["parties"][0]["identifiers"][0]["value"] == "N2330102MA2ABCDE16"
    assert (found, [one.code for one in told]) == ((), ["identifier.doubtful"])


def test_every_code_used_has_words() -> None:
    assert {code for *_, code in CASES if code.startswith("field.")} <= set(MESSAGES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from([one.name for one in strategic().variables]), JSON)
def test_any_json_is_either_accepted_or_refused_by_name(name: str, value: Any) -> None:
    """Whatever is sent, it never fails in another way, and what is accepted has the normal form."""
    values, found, _ = examine(strategic(), raw() | {name: value}, TODAY)
    assert all(one.path and one.text for one in found)
    if not found:
        assert validate(strategic(), values, TODAY) == values


def test_endless_nesting_is_refused() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"en": deep, "zh-Hans": "x"}
    assert problems(raw() | {"place": deep})[0].path.startswith("place")
