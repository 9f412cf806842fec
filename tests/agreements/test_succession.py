"""One agreement after another: when it may begin, with what and under which number, and what it says of the first."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest

from agreements.canonical import canonical_bytes
from agreements.course_errors import NotConcluded, SuccessionCycle, SuccessorUnderWay
from agreements.drafts import flat, parse_form
from agreements.errors import NotAVersion
from agreements.fields import validate
from agreements.lifecycle import State
from agreements.succession import Predecessor, Relation, ancestors, check_start, suggested_number
from agreements.templates import library
from agreements.versions import compose, from_canonical
from tests.agreements.cases import TODAY, raw, strategic, version
from tests.agreements.rendering.versions import version as handmade

BEFORE = Predecessor(
    relation="amends",
    agreement_no="SCA-2020-017",
    title={"zh-Hans": "战略合作协议", "en": "Strategic Cooperation Agreement"},
    completed_on="2020-12-21",
    pdf_sha256="3f9a" * 16,
)

#: SHA-256 of a version made by hand, as it was before versions could name a predecessor.
LONG_AGO = "b9ac5053c8af959ff15bba3e86933a6c03770e8b1b31dfdd389427b811e031f9"


def test_only_what_is_completed_can_have_a_successor() -> None:
    check_start(State.COMPLETED, under_way=None)
    for state in set(State) - {State.COMPLETED}:
        with pytest.raises(NotConcluded) as refused:
            check_start(state, under_way=None)
        assert refused.value.params == {"state": state.value}


def test_one_successor_at_a_time() -> None:
    with pytest.raises(SuccessorUnderWay, match="SCA-2020-017-A1"):
        check_start(State.COMPLETED, under_way="SCA-2020-017-A1")


def test_the_way_back_ends_at_the_first_agreement() -> None:
    links = {"c": "b", "b": "a"}
    assert ancestors("c", links.get) == ("b", "a")
    assert ancestors("a", links.get) == ()


@pytest.mark.parametrize("links", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}])
def test_a_circle_is_refused_by_name(links: dict[str, str]) -> None:
    with pytest.raises(SuccessionCycle):
        ancestors("a", links.get)


def test_the_next_number() -> None:
    assert suggested_number("SCA-2020-017", Relation.AMENDS, frozenset()) == "SCA-2020-017-A1"
    taken = frozenset({"SCA-2020-017-A1", "SCA-2020-017-A2", "SCA-2020-017-R1"})
    assert suggested_number("SCA-2020-017", Relation.AMENDS, taken) == "SCA-2020-017-A3"
    assert suggested_number("SCA-2020-017", Relation.SUPERSEDES, taken) == "SCA-2020-017-R2"


@pytest.mark.parametrize("template_id", sorted(library()))
def test_a_successor_begins_with_exactly_what_was_agreed(template_id: str) -> None:
    """Every value of every sample comes back from the form it is put into, but for the number."""
    template = library()[template_id]
    for sample in template.samples.values():
        agreed = validate(template, sample, TODAY)
        begun = parse_form(template, flat({**agreed, "agreement_no": "NEW-1"}))
        assert validate(template, begun, TODAY) == {**agreed, "agreement_no": "NEW-1"}


def test_a_version_without_a_predecessor_has_the_bytes_it_always_had() -> None:
    found = version()
    assert "predecessor" not in json.loads(found.canonical)
    assert hashlib.sha256(handmade().canonical).hexdigest() == LONG_AGO


def test_a_version_names_its_predecessor() -> None:
    found = compose(strategic(), validate(strategic(), raw(), TODAY), predecessor=BEFORE)
    assert json.loads(found.canonical)["predecessor"] == dataclasses.asdict(BEFORE)
    assert from_canonical(found.canonical) == found
    assert found.sha256 != version().sha256
    other = dataclasses.replace(BEFORE, pdf_sha256="4f9a" * 16)
    assert dataclasses.replace(found, predecessor=other).sha256 != found.sha256


@pytest.mark.parametrize(
    "predecessor",
    [
        None,
        {},
        "SCA-2020-017",
        {**dataclasses.asdict(BEFORE), "relation": "contradicts"},
        {**dataclasses.asdict(BEFORE), "completed_on": "yesterday"},
        {**dataclasses.asdict(BEFORE), "more": 1},
    ],
)
def test_another_shape_of_it_is_not_a_version(predecessor: object) -> None:
    data = {**json.loads(version().canonical), "predecessor": predecessor}
    with pytest.raises(NotAVersion):
        from_canonical(canonical_bytes(data))
