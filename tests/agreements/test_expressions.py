"""The closed language of conditions: what it says, and that nothing else gets in."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.amounts import Money
from agreements.durations import Duration
from agreements.errors import ExpressionInvalid
from agreements.expression_values import evaluate, holds
from agreements.expressions import parse

SCOPE: dict[str, Any] = {
    "effective": {"mode": "fixed_date", "date": date(2027, 1, 31)},
    "term": Duration(13, "months"),
    "fee": Money(Decimal("100.00"), "CNY"),
    "members": 3,
    "exclusive": True,
    "areas": [{"lead": "a"}, {"lead": "b"}],
    "parties": [{"address": {"country": "CN"}}, {"address": {"country": "CN"}}],
    "empty": [],
}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ('effective.mode == "fixed_date"', True),
        ("effective.mode == 'last_signature' or exclusive", True),
        ("not exclusive", False),
        ("not not exclusive", True),
        ("exclusive and members > 3", False),
        ("members + 1 >= 4 and members - 1 < 3", True),
        ('effective.date + term == date("2028-02-29")', True),
        ('effective.date + term - days(1) < date("2028-02-29")', True),
        ("term <= months(13) and term > years(1) and term > days(100)", True),
        ('"a" in areas.lead and "c" not in areas.lead', True),
        ('effective.mode in ["fixed_date", "condition"]', True),
        ("count(areas) == 2 and count(empty) == 0 and count(absent) == 0", True),
        ("count(distinct(parties.address.country)) == 1", True),
        ("given(effective) and not given(absent) and not given(empty)", True),
        ("fee.amount == 100 and fee.currency == 'CNY'", True),
        ("year(effective.date) == 2027", True),
        # an absent value is never smaller, greater or in anything
        ("absent < 1 or absent > 1 or absent in areas.lead", False),
        ("absent == none and absent not in areas.lead", True),
        ("absent", False),
        ("exclusive and (absent or members == 3)", True),
        ("false or true and false", False),
    ],
)
def test_truth(text: str, truth: bool) -> None:
    assert holds(parse(text), SCOPE) is truth


def test_a_value_with_an_absent_part_is_absent() -> None:
    assert evaluate(parse("effective.start + term"), SCOPE) is None
    assert evaluate(parse("effective.date + term - days(1)"), SCOPE) == date(2028, 2, 28)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 1),
        ("a ==", 5),
        ("a = b", 3),
        ("a == b == c", 8),
        ("(a", 3),
        ("a)", 2),
        ("a and", 6),
        ("count()", 7),
        ("open(a)", 1),
        ("a.b()", 4),
        ("a.__class__ == ~b", 16),
        ("a[0]", 2),
        ("lambda: a", 7),
        ("a * b", 3),
        ('date("tomorrow")', 1),
        ("a not b", 7),
        ('"open', 1),
        ("f'{a}'", 2),
        ("a.1", 3),
        ("[a, b", 6),
    ],
)
def test_everything_else_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(ExpressionInvalid) as refused:
        parse(text)
    assert refused.value.params["at"] == at


@pytest.mark.parametrize("text", ["(" * 200 + "a" + ")" * 200, "not " * 120 + "a", "a or " * 200 + "a"])
def test_hostile_nesting_and_length_are_refused(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "members",
        "members < term",
        "fee < members",
        "effective.mode > 1",
        "members in members",
        "count(members)",
        "days(members + 0.5) < term",
        "effective.date + years(9000) > effective.date",
        "effective + term == none",
        "exclusive + exclusive == 2",
        "year(members) == 1",
        "distinct(members) == []",
    ],
)
def test_mixing_kinds_is_a_mistake_of_the_template(text: str) -> None:
    with pytest.raises(ExpressionInvalid):
        holds(parse(text), SCOPE)


def test_attributes_of_python_cannot_be_reached() -> None:
    for path in ("fee.__class__", "members.real", "effective.date.year", "term.rough_days", "areas.append"):
        found = evaluate(parse(path), SCOPE)
        assert found is None or found == []


@given(st.text(alphabet="ab1. ()[],<>=!+-\"'notradeifcul", max_size=60))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    with suppress(ExpressionInvalid):
        holds(parse(text), SCOPE)


def test_names_are_listed() -> None:
    assert parse("a.b == 1 and not (c in [d, 2])").names() == {("a", "b"), ("c",), ("d",)}
