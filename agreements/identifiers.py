"""Identifiers of organisations, checked offline: form, alphabet and check digits. Registers are never asked.

`check` returns the one normalised spelling or raises InvalidIdentifier. Own code where the wider library refuses valid
numbers (Chinese code with a letter in front, German register of partnerships) or accepts too short ones (LEI).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fi import ytunnus

from agreements.errors import N_, InvalidIdentifier
from agreements.german_courts import court_by_name
from agreements.languages import Texts

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_AUTHORITIES = "123456789ANY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EL",
        "ES",
        "FI",
        "FR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
GERMAN_REGISTERS = ("HRA", "HRB", "GnR", "PR", "VR", "GsR")

SCHEMES: Mapping[str, Texts] = {
    "uscc": {
        "zh-Hans": "统一社会信用代码",
        "en": "Unified Social Credit Code",
        "de": "Einheitlicher Sozialkreditcode",
        "fi": "Yhtenäinen yhteiskuntaluottokoodi",
    },
    "de_register": {
        "zh-Hans": "德国登记号",
        "en": "German register number",
        "de": "Registernummer",
        "fi": "Saksan rekisterinumero",
    },
    "fi_business_id": {"zh-Hans": "芬兰企业代码", "en": "Finnish Business ID", "de": "Y-tunnus", "fi": "Y-tunnus"},
    "euid": {"zh-Hans": "欧洲统一标识（EUID）", "en": "EUID", "de": "EUID", "fi": "EUID"},
    "vat": {"zh-Hans": "欧盟增值税号", "en": "EU VAT number", "de": "USt-IdNr.", "fi": "ALV-numero"},
    "lei": {"zh-Hans": "全球法人识别编码（LEI）", "en": "LEI", "de": "LEI", "fi": "LEI"},
}


def check(scheme: str, value: str) -> str:
    """Return the normalised identifier. Raises InvalidIdentifier, also for an unknown scheme."""
    checker = _CHECKERS.get(scheme)
    if checker is None:
        raise InvalidIdentifier(scheme, value, N_("there is no such kind of number"))
    plain = unicodedata.normalize("NFKC", value).strip()
    try:
        return checker(plain)
    except _Refused as refused:
        raise InvalidIdentifier(SCHEMES[scheme]["en"], value, refused.reason, refused.params) from refused


def doubts(scheme: str, value: str) -> tuple[str, ...]:
    """Warnings about a valid identifier, as English msgids: seldom wrong with a real one, so worth a second look."""
    code = check(scheme, value)
    if scheme == "uscc" and organisation_check_character(code[8:16]) != code[16]:
        return (N_("The organisation code inside (characters 9 to 17) does not fit its own check character."),)
    return ()


class _Refused(ValueError):
    """Why a number is not valid, in words that follow a colon."""

    def __init__(self, reason: str, **params: object) -> None:
        self.reason = reason
        self.params = params
        super().__init__(reason)


def uscc_check_character(first_17: str) -> str:
    """Check character of a unified social credit code, GB 32100-2015: (31 - sum of value * 3^i mod 31) mod 31."""
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(first_17))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """Check character of an organisation code, GB 11714: 11 - weighted sum mod 11, ten is X, eleven is 0."""
    total = sum(int(c, 36) * w for c, w in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _uscc(value: str) -> str:
    code = re.sub(r"[\s-]", "", value).upper()
    if len(code) != 18:
        raise _Refused(N_("it has 18 characters, not {length}"), length=len(code))
    strange = [character for character in code if character not in USCC_ALPHABET]
    if strange:
        raise _Refused(
            N_("“{character}” does not occur in it (the letters I, O, S, V and Z are not used)"), character=strange[0]
        )
    if code[0] not in USCC_AUTHORITIES:
        raise _Refused(N_("no registering authority has the sign “{character}”"), character=code[0])
    if not code[2:8].isdigit():
        raise _Refused(N_("characters 3 to 8 are the digits of the administrative division"))
    if uscc_check_character(code[:17]) != code[17]:
        raise _Refused(N_("the last character does not fit the others; look for a typing mistake"))
    return code


def _german_register(value: str) -> str:
    match = re.fullmatch(
        r"(?:Amtsgericht|AG|Registergericht)?\s*(?P<court>\D{2,60}?)[\s,]+"
        r"(?P<register>HRA|HRB|GnR|PR|VR|GsR)\s*(?P<number>[1-9]\d{0,6})(?:\s?(?P<suffix>[A-Z]{1,3}))?",
        value,
        re.IGNORECASE,
    )
    if match is None:
        raise _Refused(N_("write court, register and number, for example “Amtsgericht München HRB 42243”"))
    court = court_by_name(match["court"])
    if court is None:
        raise _Refused(N_("“{court}” is not a court that keeps a register"), court=match["court"])
    register = next(one for one in GERMAN_REGISTERS if one.lower() == match["register"].lower())
    suffix = f" {match['suffix'].upper()}" if match["suffix"] else ""
    return f"{court} {register} {match['number']}{suffix}"


def _finnish_business_id(value: str) -> str:
    digits = re.sub(r"[\s-]", "", value.upper().removeprefix("FI"))
    if re.fullmatch(r"\d{7,8}", digits) is None:
        raise _Refused(N_("it is seven digits, a hyphen and a check digit, for example 0112038-9"))
    try:
        number: str = ytunnus.validate(digits.zfill(8))
    except StdnumError as error:
        raise _Refused(N_("the check digit does not fit; look for a typing mistake")) from error
    return f"{number[:7]}-{number[7]}"


def _euid(value: str) -> str:
    code = re.sub(r"\s", "", value).upper()
    if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{0,20}\.[A-Z0-9._-]{1,40}", code) is None:
        raise _Refused(N_("it is country, register, a point and the number, for example DEX1517R.HRB395KI"))
    if code[:2] not in _EEA:
        raise _Refused(N_("“{country}” is not a country of the register network"), country=code[:2])
    return code


def _vat(value: str) -> str:
    try:
        number: str = eu_vat.validate(value)
    except StdnumError as error:
        raise _Refused(N_("country letters and number do not fit the rule of that country")) from error
    return number


def _lei(value: str) -> str:
    code = re.sub(r"[\s-]", "", value).upper()
    if re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", code) is None:
        raise _Refused(N_("it has 18 letters or digits and two check digits"))
    if int("".join(str(int(character, 36)) for character in code)) % 97 != 1:
        raise _Refused(N_("the check digits do not fit; look for a typing mistake"))
    return code


_CHECKERS: Mapping[str, Callable[[str], str]] = {
    "uscc": _uscc,
    "de_register": _german_register,
    "fi_business_id": _finnish_business_id,
    "euid": _euid,
    "vat": _vat,
    "lei": _lei,
}
