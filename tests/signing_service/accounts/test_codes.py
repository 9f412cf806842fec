"""One-time codes: six digits, bound to one invitation by a keyed hash, typed the way people type."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing_service.accounts import codes

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_a_code_has_six_digits_and_every_digit_occurs_everywhere() -> None:
    made = [codes.new_code() for _ in range(3000)]
    assert {len(code) for code in made} == {6}
    assert all(code.isascii() and code.isdigit() for code in made)
    for place in range(6):
        counted = Counter(code[place] for code in made)
        assert set(counted) == set("0123456789")
        assert max(counted.values()) < 450  # of 300 expected; ten standard deviations


@given(code=st.from_regex(r"[0-9]{6}", fullmatch=True), invitation=st.text(min_size=1, max_size=40))
def test_a_code_fits_its_own_invitation_and_key_only(code: str, invitation: str) -> None:
    mac = codes.code_mac(KEY, invitation, code)
    assert codes.matches(KEY, invitation, code, mac)
    assert not codes.matches(OTHER_KEY, invitation, code, mac)
    assert not codes.matches(KEY, invitation + "x", code, mac)
    assert not codes.matches(KEY, invitation, f"{(int(code) + 1) % 10**6:06d}", mac)


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456", "１２３４５６", "１２３　４５６", "123\t456"])
def test_what_people_type_is_forgiven(typed: str) -> None:
    assert codes.normalise(typed) == "123456"


@given(typed=st.text(max_size=30))
def test_no_text_makes_the_comparison_fail_but_the_code_itself(typed: str) -> None:
    mac = codes.code_mac(KEY, "inv_1", "123456")
    assert codes.matches(KEY, "inv_1", typed, mac) == (codes.normalise(typed) == "123456")
