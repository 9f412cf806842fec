"""The rule of each kind of number: form, alphabet, check digits. A number that breaks it says what would be right.

A function takes the number in NFKC without invisible characters and returns its one normalised spelling, or raises
`Refused`. Which kinds there are is identifiers.py; how several numbers of one party fit is identifier_pairs.py.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.iso7064 import mod_11_10

from agreements.errors import N_
from agreements.german_courts import court_by_name

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_AUTHORITIES = "123456789ANY"
GERMAN_REGISTERS = ("HRA", "HRB", "GnR", "PR", "VR", "GsR")

_NETWORK = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
#: Members of the register network (EU and EEA), by the letters that the network uses: Greece is EL.
REGISTER_COUNTRIES = frozenset(_NETWORK.split())
#: Who gives EU VAT numbers: the member states, and XI for goods in Northern Ireland.
VAT_COUNTRIES = REGISTER_COUNTRIES - {"IS", "LI", "NO"} | {"XI"}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BUSINESS_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)

_REGISTER = r"(?P<register>HRA|HRB|GnR|PR|VR|GsR)\s*(?P<number>[1-9][0-9]{0,6})"
_COURT = r"(?:Amtsgericht|Registergericht|AG)?\s*(?P<court>[^\d,;]{2,60}?)"
_SUFFIX = r"(?:\s?(?P<suffix>(?!AG\b)[A-Z]{1,3}))?"  # "AG" after the number begins the name of the court
_COURT_FIRST = re.compile(rf"{_COURT}[\s,]+{_REGISTER}{_SUFFIX}", re.IGNORECASE)
_REGISTER_FIRST = re.compile(rf"{_REGISTER}{_SUFFIX}[\s,(]+{_COURT}\)?", re.IGNORECASE)
_GERMAN_EUID = re.compile(
    r"DE[A-Z][0-9]{4}[A-Z]?\.(?P<register>HRA|HRB|GNR|PR|VR|GSR)(?P<number>[1-9][0-9]{0,6}[A-Z]{0,3})"
)


class Refused(ValueError):
    """Why a number is not valid and what would be right, in words that follow a colon."""

    def __init__(self, reason: str, **params: object) -> None:
        self.reason = reason
        self.params = params
        super().__init__(reason)


class GermanRegisterNumber(NamedTuple):
    """A number in a German register; without its court it is not unique. `suffix` is "" when there is none."""

    court: str
    register: str
    number: str
    suffix: str


def uscc_check_character(first_17: str) -> str:
    """Check character of a unified social credit code, GB 32100-2015: (31 - sum of value * 3^i mod 31) mod 31."""
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(first_17))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """Check character of an organisation code, GB 11714: 11 - weighted sum mod 11, ten is X, eleven is 0."""
    total = sum(int(c, 36) * w for c, w in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def business_id_check_digit(first_7: str) -> str | None:
    """Check digit of a Finnish Business ID; None where the sum leaves one, for such numbers are never given."""
    rest = sum(int(c) * w for c, w in zip(first_7, _BUSINESS_ID_WEIGHTS, strict=True)) % 11
    return None if rest == 1 else str(-rest % 11)


def lei_check_digits(first_18: str) -> str:
    """Check digits of a legal entity identifier, ISO 17442 (ISO 7064 mod 97-10)."""
    return f"{98 - _as_number(first_18 + '00') % 97:02d}"


def uscc(value: str) -> str:
    """Unified social credit code (GB 32100-2015): 18 characters; the first two may be letters."""
    code = _squeezed(value)
    if len(code) != 18:
        raise Refused(N_("it has 18 characters, not {length}"), length=len(code))
    strange = [character for character in code if character not in USCC_ALPHABET]
    if strange:
        raise Refused(
            N_("“{character}” does not occur in it (the letters I, O, S, V and Z are not used)"), character=strange[0]
        )
    if code[0] not in USCC_AUTHORITIES:
        raise Refused(N_("no registering authority has the sign “{character}”"), character=code[0])
    if not code[2:8].isdigit():
        raise Refused(N_("characters 3 to 8 are the digits of the administrative division"))
    _require_check(code[17], uscc_check_character(code[:17]))
    return code


def german_register(value: str) -> str:
    """Court, register and number, in either order; the court by any name it is known by."""
    found = read_german_register(value)
    return f"{found.court} {found.register} {found.number}{' ' if found.suffix else ''}{found.suffix}"


def read_german_register(value: str) -> GermanRegisterNumber:
    """The parts of a German register number; raises `Refused`."""
    match = _COURT_FIRST.fullmatch(value) or _REGISTER_FIRST.fullmatch(value)
    if match is None:
        raise Refused(N_("write court, register and number, for example “Amtsgericht München HRB 42243”"))
    court = court_by_name(match["court"])
    if court is None:
        raise Refused(N_("“{court}” is not a court that keeps a register"), court=match["court"].strip())
    register = next(one for one in GERMAN_REGISTERS if one.lower() == match["register"].lower())
    return GermanRegisterNumber(court, register, match["number"], (match["suffix"] or "").upper())


def finnish_business_id(value: str) -> str:
    """Seven digits, hyphen, check digit; an old number of six digits gets the nought that it has today."""
    digits = _squeezed(value).removeprefix("FI")
    if re.fullmatch(r"[0-9]{7,8}", digits) is None:
        raise Refused(N_("it is seven digits, a hyphen and a check digit, for example 0112038-9"))
    first, given = digits[:-1].zfill(7), digits[-1]
    right = business_id_check_digit(first)
    if right is None:
        raise Refused(N_("no Business ID begins with {first}; look for a typing mistake"), first=first)
    _require_check(given, right)
    return f"{first}-{given}"


def euid(value: str) -> str:
    """European unique identifier (Regulation (EU) 2021/1042, annex 9); German and Finnish ones are checked inside."""
    code = re.sub(r"\s", "", value).upper()
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,20}\.[A-Z0-9._-]{1,40}", code) is None:
        raise Refused(N_("it is country, register, a point and the number, for example DEX1517R.HRB395KI"))
    if code[:2] not in REGISTER_COUNTRIES:
        raise Refused(N_("“{country}” is not a country of the register network"), country=code[:2])
    if code[:2] == "DE" and _GERMAN_EUID.fullmatch(code) is None:
        raise Refused(N_("a German one has the court’s code, the register and the number, like DEX1517R.HRB395KI"))
    if code[:2] == "FI":
        register, _point, number = code.partition(".")
        return f"{register}.{finnish_business_id(number)}"
    return code


def euid_register_number(code: str) -> str | None:
    """What a valid EUID repeats of the number in its register: HRB395KI, 0112038-9; None for other countries."""
    match = _GERMAN_EUID.fullmatch(code)
    if match is not None:
        return match["register"] + match["number"]
    return code.partition(".")[2] if code.startswith("FI") else None


def vat(value: str) -> str:
    """EU VAT number by the rule of its country; whether it is in force only VIES could say, and that is never asked."""
    code = re.sub(r"[\s./-]", "", value).upper()
    country, number = code[:2], code[2:]
    if country == "GR":
        raise Refused(N_("Greek numbers begin with EL"))
    if country not in VAT_COUNTRIES:
        raise Refused(
            N_("it begins with the two letters of a member state of the European Union, for example DE or FI")
        )
    if country == "DE":
        return f"DE{_german_vat(number)}"
    if country == "FI":
        return "FI" + _finnish_vat(number)
    try:
        return str(eu_vat.validate(code))
    except StdnumError as error:
        raise Refused(N_("the number does not fit the rule of {country}"), country=country) from error


def _german_vat(number: str) -> str:
    if re.fullmatch(r"[1-9][0-9]{8}", number) is None:
        raise Refused(N_("a German one is DE and nine digits, the first not nought"))
    _require_check(number[8], mod_11_10.calc_check_digit(number[:8]))
    return number


def _finnish_vat(number: str) -> str:
    if re.fullmatch(r"[0-9]{8}", number) is None:
        raise Refused(N_("a Finnish one is FI and the eight digits of the Business ID"))
    return finnish_business_id(number).replace("-", "")


def lei(value: str) -> str:
    """Legal entity identifier: 18 letters or digits and two check digits."""
    code = _squeezed(value)
    if re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", code) is None:
        raise Refused(N_("it has 18 letters or digits and two check digits"))
    right = lei_check_digits(code[:18])
    if code[18:] != right:
        raise Refused(
            N_("the check digits are {given}; with the other characters they would be {right}: look for a mistake"),
            given=code[18:],
            right=right,
        )
    return code


def _require_check(given: str, right: str) -> None:
    if given != right:
        raise Refused(
            N_("the last character is {given}; with the others it would be {right}: look for a typing mistake"),
            given=given,
            right=right,
        )


def _squeezed(value: str) -> str:
    return re.sub(r"[\s-]", "", value).upper()


def _as_number(code: str) -> int:
    return int("".join(str(int(character, 36)) for character in code))
