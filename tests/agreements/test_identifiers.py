"""Identifiers of organisations: what is accepted, how it is spelt, what is refused and why."""

from __future__ import annotations

import string

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from stdnum import lei as stdnum_lei
from stdnum.cn import uscc as stdnum_uscc
from stdnum.de import handelsregisternummer as stdnum_register
from stdnum.fi import ytunnus as stdnum_business_id

from agreements.errors import InvalidIdentifier
from agreements.identifier_rules import (
    USCC_ALPHABET,
    VAT_COUNTRIES,
    business_id_check_digit,
    lei_check_digits,
    uscc_check_character,
)
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
        ("91110000600037341M", "the last character is M; with the others it would be L"),
        ("91110000600037314L", "the last character is L; with the others it would be T"),
        ("9111000060003734", "it has 18 characters, not 16"),
        ("9111000060003734IL", "“I” does not occur"),
        ("7111000060003734 1L", "the last character is L; with the others it would be N"),
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
        ("HRB 42243 AG München", "München HRB 42243"),
        ("HRB 42243 (Amtsgericht München)", "München HRB 42243"),
        ("HRB 395 KI, Amtsgericht Kiel", "Kiel HRB 395 KI"),
        ("Kiel HRB395KI", "Kiel HRB 395 KI"),
        ("Stuttgart PR 720001", "Stuttgart PR 720001"),
        ("Köln VR 12", "Köln VR 12"),
        ("Koeln HRA 12", "Köln HRA 12"),
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
        ("euid", " fifpro.01120389 ", "FIFPRO.0112038-9"),
        ("euid", "DEX1517R.HRB 395 KI", "DEX1517R.HRB395KI"),
        ("vat", "DE 136695976", "DE136695976"),
        ("vat", "FI 20774740", "FI20774740"),
        ("vat", "FI 0112038-9", "FI01120389"),
        ("fi_business_id", "0112038\u20119", "0112038-9"),  # a hyphen that does not break, from a web page
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


#: One number of each country that gives them: (as the country writes it).
VAT_NUMBERS = [
    "ATU13585627",
    "BE0403019261",
    "BG175074752",
    "CY10259033P",
    "CZ25123891",
    "DE136695976",
    "DK13585628",
    "EE100931558",
    "EL094259216",
    "ESB58378431",
    "FI20774740",
    "FR40303265045",
    "HR33392005961",
    "HU12892312",
    "IE6433435F",
    "IT00743110157",
    "LT119511515",
    "LU15027442",
    "LV40003521600",
    "MT11679112",
    "NL004495445B01",
    "PL8567346215",
    "PT501964843",
    "RO18547290",
    "SE123456789701",
    "SI50223054",
    "SK2022749619",
    "XI110305878",
]


def test_vat_numbers_of_every_country() -> None:
    assert [check("vat", number) for number in VAT_NUMBERS] == VAT_NUMBERS
    assert {number[:2] for number in VAT_NUMBERS} == VAT_COUNTRIES


REASONS = [
    ("fi_business_id", "0112038-8", "the last character is 8; with the others it would be 9"),
    ("fi_business_id", "1000008-1", "no Business ID begins with 1000008"),
    ("fi_business_id", "011203-9-9-1", "seven digits, a hyphen and a check digit"),
    ("vat", "DE136695975", "the last character is 5; with the others it would be 6"),
    ("vat", "DE036695976", "nine digits, the first not nought"),
    ("vat", "FI20774741", "the last character is 1; with the others it would be 0"),
    ("vat", "FI2077474", "the eight digits of the Business ID"),
    ("vat", "GR094259216", "Greek numbers begin with EL"),
    ("vat", "CHE123456788", "a member state of the European Union"),
    ("vat", "136695976", "a member state of the European Union"),
    ("vat", "FR40303265046", "does not fit the rule of FR"),
    ("lei", "5493001KJTIIGC8Y1R13", "the check digits are 13; with the other characters they would be 12"),
    ("lei", "1262", "18 letters or digits and two check digits"),
    ("euid", "FIFPRO.0112038-8", "with the others it would be 9"),
    ("euid", "DEX1517R.395", "like DEX1517R.HRB395KI"),
    ("euid", "DEX1517R.XYZ395", "like DEX1517R.HRB395KI"),
    ("euid", "GRGEMI.123", "“GR” is not a country of the register network"),
    ("de_register", "HRB 42243", "write court, register and number"),
    ("de_register", "Entenhausen HRB 1", "“Entenhausen” is not a court"),
    ("uscc", "9" * 101, "it is longer than any such number"),
    ("uscc", "91110000\u200f600037341L", "the invisible character U+200F"),
    ("fi_business_id", "0112038-9\u202e", "the invisible character U+202E"),
    ("lei", "5493001KJTIIGC8Y1R1\x002", "the invisible character U+0000"),
]


@pytest.mark.parametrize(("scheme", "given", "reason"), REASONS)
def test_a_refusal_says_what_would_be_right(scheme: str, given: str, reason: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        check(scheme, given)
    assert reason in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("library_says", "library_should_say", "scheme", "given"),
    [
        (stdnum_uscc.is_valid("N2330102MA2ABCDE16"), True, "uscc", "N2330102MA2ABCDE16"),
        (
            stdnum_register.is_valid("Amtsgericht München HRB 42243"),
            True,
            "de_register",
            "Amtsgericht München HRB 42243",
        ),
        (stdnum_register.is_valid("Muenchen HRB 42243"), True, "de_register", "Muenchen HRB 42243"),
        (stdnum_register.is_valid("Hamburg GsR 17"), True, "de_register", "Hamburg GsR 17"),
        (stdnum_business_id.is_valid("112038-9"), True, "fi_business_id", "112038-9"),
        (stdnum_lei.is_valid("1262"), False, "lei", "1262"),
    ],
)
def test_what_the_library_gets_wrong(library_says: bool, library_should_say: bool, scheme: str, given: str) -> None:
    """Why these rules are our own. When a later python-stdnum gets one right, this says so and ours can go."""
    assert library_says is not library_should_say
    assert accepted(scheme, given) is library_should_say


def accepted(scheme: str, given: str) -> bool:
    try:
        check(scheme, given)
    except InvalidIdentifier:
        return False
    return True


USCC_17 = st.tuples(
    st.sampled_from("159ANY"),
    st.sampled_from(USCC_ALPHABET),
    st.text(string.digits, min_size=6, max_size=6),
    st.text(USCC_ALPHABET, min_size=9, max_size=9),
).map("".join)


@drawn(USCC_17, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_of_a_chinese_code_is_found(first: str, at: int, other: str) -> None:
    refused_when_changed("uscc", first + uscc_check_character(first), at, other)


@drawn(st.text(string.digits, min_size=7, max_size=7), st.integers(0, 7), st.sampled_from(string.digits))
def test_one_wrong_digit_of_a_business_id_is_found(first: str, at: int, other: str) -> None:
    """In the Business ID itself, in the EUID and in the VAT number made of it."""
    right = business_id_check_digit(first)
    if right is None:
        assert not any(accepted("fi_business_id", f"{first}-{digit}") for digit in string.digits)
        return
    refused_when_changed("fi_business_id", first + right, at, other)
    refused_when_changed("euid", f"FIFPRO.{first}{right}", at + 7, other)
    refused_when_changed("vat", f"FI{first}{right}", at + 2, other)


@drawn(st.integers(10**7, 10**8 - 1), st.integers(0, 8), st.sampled_from(string.digits))
def test_one_wrong_digit_of_a_german_vat_number_is_found(first: int, at: int, other: str) -> None:
    number = next(f"DE{first}{digit}" for digit in string.digits if accepted("vat", f"DE{first}{digit}"))
    refused_when_changed("vat", number, at + 2, other)


@drawn(
    st.text(string.digits + string.ascii_uppercase, min_size=18, max_size=18),
    st.integers(0, 19),
    st.sampled_from(string.digits + string.ascii_uppercase),
)
def test_one_wrong_character_of_an_lei_is_found(first: str, at: int, other: str) -> None:
    """Digit for digit and letter for letter; ISO 7064 promises nothing for a letter in place of a digit."""
    code = first + lei_check_digits(first)
    if code[at].isdigit() == other.isdigit():
        refused_when_changed("lei", code, at, other)


def refused_when_changed(scheme: str, number: str, at: int, other: str) -> None:
    """`number` is valid; with another character at one place it is not."""
    assert accepted(scheme, number)
    if number[at] != other:
        assert not accepted(scheme, number[:at] + other + number[at + 1 :])


def test_digits_of_other_scripts() -> None:
    """Full-width digits are what a Chinese keyboard writes; Arabic-Indic ones are no digits of any register here."""
    assert check("fi_business_id", "０１１２０３８－９") == "0112038-9"
    assert check("uscc", "９１１１００００６０００３７３４１Ｌ") == "91110000600037341L"
    assert not accepted("fi_business_id", "٠١١٢٠٣٨-٩")
    assert not accepted("de_register", "München HRB ٤٢٢٤٣")
    assert not accepted("vat", "DE١٣٦٦٩٥٩٧٦")


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("given", ["", " ", "\x00", "９" * 18, "A" * 5000, "{value}", "٣" * 18])
def test_hostile_text_is_refused_not_fatal(scheme: str, given: str) -> None:
    with pytest.raises(InvalidIdentifier):
        check(scheme, given)


def test_every_scheme_has_a_name_in_every_language() -> None:
    assert all(set(names) == {"zh-Hans", "en", "de", "fi"} for names in SCHEMES.values())
