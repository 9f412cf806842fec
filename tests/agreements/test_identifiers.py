"""Identifiers of organisations: what is accepted, how it is spelt, what is refused and why."""

from __future__ import annotations

import pytest

from agreements.errors import InvalidIdentifier
from agreements.identifiers import SCHEMES, check, doubts


@pytest.mark.parametrize(
    "code",
    [
        "91110000600037341L",
        "914403001922038216",
        "9144030071526726XG",
        "91330100799655058B",
        "N2330102MA2ABCDE16",  # a letter in front is a registering authority too
    ],
)
def test_chinese_codes(code: str) -> None:
    assert check("uscc", code) == code
    assert check("uscc", f" {code[:6]} {code[6:].lower()} ") == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91110000600037341M", "the last character does not fit"),
        ("91110000600037314L", "the last character does not fit"),
        ("9111000060003734", "it has 18 characters, not 16"),
        ("9111000060003734IL", "“I” does not occur"),
        ("7111000060003734 1L", "the last character does not fit"),
        ("B1110000600037341L", "no registering authority"),
        ("9111A000600037341L", "administrative division"),
    ],
)
def test_chinese_codes_refused_with_the_reason(code: str, reason: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        check("uscc", code)
    assert reason in str(refused.value)


def test_a_misfit_inside_a_valid_code_is_a_doubt_not_an_error() -> None:
    assert doubts("uscc", "91330100799655058B") == ()
    assert len(doubts("uscc", "N2330102MA2ABCDE16")) == 1


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("Amtsgericht München HRB 42243", "München HRB 42243"),
        ("Muenchen HRB 42243", "München HRB 42243"),
        ("münchen, hrb 42243", "München HRB 42243"),
        ("AG Charlottenburg HRB 1 B", "Berlin (Charlottenburg) HRB 1 B"),
        ("Amtsgericht Hamburg GsR 17", "Hamburg GsR 17"),
        ("Frankfurt am Main GnR 11223", "Frankfurt am Main GnR 11223"),
    ],
)
def test_german_registers(given: str, normal: str) -> None:
    assert check("de_register", given) == normal
    assert check("de_register", normal) == normal


@pytest.mark.parametrize("given", ["HRB 42243", "München 42243", "Entenhausen HRB 1", "München HRC 1", "München HRB 0"])
def test_german_registers_refused(given: str) -> None:
    with pytest.raises(InvalidIdentifier):
        check("de_register", given)


@pytest.mark.parametrize(
    ("scheme", "given", "normal"),
    [
        ("fi_business_id", "0112038-9", "0112038-9"),
        ("fi_business_id", "FI01120389", "0112038-9"),
        ("fi_business_id", "112038-9", "0112038-9"),
        ("euid", "DEX1517R.HRB395KI", "DEX1517R.HRB395KI"),
        ("euid", "FIFPRO.0112038-9", "FIFPRO.0112038-9"),
        ("euid", "elgemi.123", "ELGEMI.123"),
        ("vat", "DE 136695976", "DE136695976"),
        ("vat", "FI 20774740", "FI20774740"),
        ("lei", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12"),
    ],
)
def test_european_numbers(scheme: str, given: str, normal: str) -> None:
    assert check(scheme, given) == normal


@pytest.mark.parametrize(
    ("scheme", "given"),
    [
        ("fi_business_id", "0112038-8"),
        ("fi_business_id", "9017201-1"),
        ("euid", "CNX.1"),
        ("euid", "DEX1517R"),
        ("vat", "DE136695975"),
        ("lei", "1262"),
        ("lei", "5493001KJTIIGC8Y1R13"),
        ("passport", "1"),
    ],
)
def test_wrong_numbers_are_refused(scheme: str, given: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        check(scheme, given)
    assert refused.value.code == "identifier.invalid"


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("given", ["", " ", "\x00", "９" * 18, "A" * 5000, "{value}", "٣" * 18])
def test_hostile_text_is_refused_not_fatal(scheme: str, given: str) -> None:
    with pytest.raises(InvalidIdentifier):
        check(scheme, given)


def test_every_scheme_has_a_name_in_every_language() -> None:
    assert all(set(names) == {"zh-Hans", "en", "de", "fi"} for names in SCHEMES.values())
