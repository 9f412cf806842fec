"""Identifiers of organisations, checked offline: form, alphabet and check digits. Registers are never asked.

`check` returns the one normalised spelling or raises InvalidIdentifier. Own code where the wider library refuses valid
numbers (Chinese code with a letter in front, German register of partnerships) or accepts too short ones (LEI).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from agreements import identifier_rules as rules
from agreements.errors import N_, InvalidIdentifier
from agreements.languages import Texts

MAX_LENGTH = 100
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_SHOWN = 40  # characters of a refused number that the message repeats

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
        raise InvalidIdentifier(scheme, _shown(value), N_("there is no such kind of number"))
    name = SCHEMES[scheme]["en"]
    if len(value) > MAX_LENGTH:
        raise InvalidIdentifier(name, _shown(value), N_("it is longer than any such number"))
    plain = unicodedata.normalize("NFKC", value).translate(_HYPHENS).strip()
    hidden = next((one for one in plain if not one.isprintable()), None)
    if hidden is not None:
        reason = N_("it holds the invisible character {code}; delete it")
        raise InvalidIdentifier(name, _shown(value), reason, {"code": f"U+{ord(hidden):04X}"})
    try:
        return checker(plain)
    except rules.Refused as refused:
        raise InvalidIdentifier(name, _shown(value), refused.reason, refused.params) from refused


def doubts(scheme: str, value: str) -> tuple[str, ...]:
    """Warnings about a valid identifier, as English msgids: seldom wrong with a real one, so worth a second look."""
    code = check(scheme, value)
    if scheme == "uscc" and rules.organisation_check_character(code[8:16]) != code[16]:
        return (N_("The organisation code inside (characters 9 to 17) does not fit its own check character."),)
    return ()


def _shown(value: str) -> str:
    """The number as a message may repeat it: short, and without what would turn or hide the words around it."""
    visible = "".join(one if one.isprintable() else "·" for one in value[: _SHOWN + 1])
    return visible if len(value) <= _SHOWN else f"{visible[:_SHOWN]}…"


_CHECKERS: Mapping[str, Callable[[str], str]] = {
    "uscc": rules.uscc,
    "de_register": rules.german_register,
    "fi_business_id": rules.finnish_business_id,
    "euid": rules.euid,
    "vat": rules.vat,
    "lei": rules.lei,
}
