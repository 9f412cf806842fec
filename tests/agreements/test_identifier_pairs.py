"""Several numbers of one party: what one of them says about another."""

from __future__ import annotations

from typing import Any

import pytest

from agreements.fields import examine
from agreements.identifier_pairs import mismatches
from tests.agreements.cases import TODAY, raw, strategic


def numbers(**values: str) -> list[dict[str, str]]:
    return [{"scheme": scheme, "value": value} for scheme, value in values.items()]


FITTING = [
    {"fi_business_id": "0112038-9", "euid": "FIFPRO.0112038-9", "vat": "FI01120389"},
    {"de_register": "Kiel HRB 395 KI", "euid": "DEX1517R.HRB395KI", "vat": "DE136695976"},
    {"de_register": "Hamburg GsR 17", "euid": "DEK1101R.GSR17"},
    {"euid": "ELGEMI.123", "fi_business_id": "0112038-9"},  # of another country: nothing to compare with
    {"vat": "FI01120389"},
]


@pytest.mark.parametrize("values", FITTING)
def test_numbers_that_fit(values: dict[str, str]) -> None:
    assert mismatches(numbers(**values)) == ()


MISFITS = [
    ({"fi_business_id": "0112038-9", "euid": "FIFPRO.2077474-0"}, 1, "error", "2077474-0", "0112038-9"),
    ({"euid": "DEX1517R.HRB395KI", "de_register": "Kiel HRB 395"}, 0, "error", "HRB395KI", "Kiel HRB 395"),
    ({"de_register": "Kiel HRA 395 KI", "euid": "DEX1517R.HRB395KI"}, 1, "error", "HRB395KI", "Kiel HRA 395 KI"),
    ({"vat": "FI20774740", "fi_business_id": "0112038-9"}, 0, "warning", "0112038-9", "FI01120389"),
]


@pytest.mark.parametrize(("values", "index", "level", "first", "second"), MISFITS)
def test_numbers_that_do_not(values: dict[str, str], index: int, level: str, first: str, second: str) -> None:
    (found,) = mismatches(numbers(**values))
    assert (found.index, found.level) == (index, level)
    words = found.message.format(**found.params)
    assert first in words
    assert second in words


def examined(identifiers: list[dict[str, str]]) -> tuple[list[Any], list[Any]]:
    values = raw()
    values["parties"][1]["identifiers"] = identifiers
    _values, problems, warnings = examine(strategic(), values, TODAY)
    return [(one.path, one.code) for one in problems], [(one.path, one.code) for one in warnings]


def test_a_draft_is_told_at_the_number() -> None:
    wrong = numbers(fi_business_id="0112038-9", euid="FIFPRO.2077474-0")
    assert examined(wrong) == ([("parties.1.identifiers.1.value", "identifier.mismatch")], [])
    odd = numbers(fi_business_id="0112038-9", vat="FI20774740")
    assert examined(odd) == ([], [("parties.1.identifiers.1.value", "identifier.mismatch")])


def test_nothing_is_compared_while_a_number_is_wrong_in_itself() -> None:
    wrong = numbers(lei="1262", fi_business_id="0112038-9", euid="FIFPRO.2077474-0")
    assert examined(wrong) == ([("parties.1.identifiers.0.value", "field.identifier")], [])
