"""How a value is written in a text: `{{path|format}}` per type and language.

Formats are a closed table. A value that is absent is not this module's concern; it never writes a blank for one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.dates import format_date

from agreements import amounts, durations
from agreements.amounts import Money
from agreements.durations import Duration
from agreements.errors import FormatUnavailable
from agreements.identifiers import SCHEMES
from agreements.languages import BABEL_NAMES, CHINESE, ENGLISH, FINNISH, GERMAN, Lang, choose
from agreements.numerals import LIMIT, english, han, han_count
from agreements.variables import Variable

DATE_PATTERNS: Mapping[Lang, str] = {
    CHINESE: "y年M月d日",
    ENGLISH: "d MMMM y",
    GERMAN: "d. MMMM y",
    FINNISH: "d. MMMM y",
}
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})
"""Codes of two letters that Unicode's list of territories has and that are no country."""

YES_NO: Mapping[bool, Mapping[Lang, str]] = {
    True: {CHINESE: "是", ENGLISH: "yes", GERMAN: "ja", FINNISH: "kyllä"},
    False: {CHINESE: "否", ENGLISH: "no", GERMAN: "nein", FINNISH: "ei"},
}
_AND: Mapping[Lang, str] = {ENGLISH: " and ", GERMAN: " und ", FINNISH: " ja "}
_TIMES: Mapping[int, str] = {1: "once", 2: "twice"}
_MONTHS: Mapping[Lang, str] = {CHINESE: "M月"}

# The first format of a type is the one used when a text names none.
FORMATS: Mapping[str, tuple[str, ...]] = {
    "text": ("plain",),
    "paragraph": ("plain",),
    "date": ("long", "iso"),
    "number": ("figures", "words", "count", "full", "times", "month"),
    "money": ("figures", "words", "full"),
    "duration": ("figures", "words", "full"),
    "choice": ("text", "label"),
    "yes_no": ("plain",),
    "identifier": ("full", "value"),
    "person": ("name", "titled", "full"),
    "address": ("full",),
    "party": ("name",),
}


def formats_of(variable: Variable) -> tuple[str, ...]:
    """The formats a text may name for this variable; empty when it can only be gone through row by row."""
    if variable.type == "list" and variable.item is not None:
        return formats_of(variable.item)
    return FORMATS.get(variable.type, ())


def write(value: Any, variable: Variable, lang: Lang, format_name: str | None = None) -> str:
    """The typed value (see typed_values.py) as text in `lang`. Raises FormatUnavailable."""
    if variable.type == "list" and variable.item is not None:
        return join([write(row, variable.item, lang, format_name) for row in value], lang)
    if isinstance(value, list):
        return join([write(row, variable, lang, format_name) for row in value], lang)
    chosen = format_name or next(iter(FORMATS.get(variable.type, ())), "")
    if chosen not in FORMATS.get(variable.type, ()):
        raise FormatUnavailable(format=chosen, type=variable.type, language=lang)
    return _WRITERS[variable.type](value, variable, lang, chosen)


def join(parts: list[str], lang: Lang) -> str:
    """A list in a sentence: 甲、乙和丙; A, B and C."""
    if len(parts) < 2:
        return "".join(parts)
    if lang == CHINESE:
        return "、".join(parts[:-1]) + "和" + parts[-1]
    return ", ".join(parts[:-1]) + _AND[lang] + parts[-1]


@cache
def country(code: str, lang: Lang) -> str:
    """The name of a country or territory by its ISO 3166 code; the code itself when it has no name."""
    name: str | None = Locale.parse(BABEL_NAMES[lang]).territories.get(code)
    return name or code


@cache
def countries(lang: Lang) -> tuple[tuple[str, str], ...]:
    """Every country and territory as (code, name), in the order of the names."""
    names = Locale.parse(BABEL_NAMES[lang]).territories
    known = [(code, str(name)) for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES]
    return tuple(sorted(known, key=lambda one: one[1]))


def is_han(text: str) -> bool:
    """Whether the text has at least one Chinese character."""
    return any("CJK UNIFIED" in unicodedata.name(character, "") for character in text)


def _text(value: Any, variable: Variable, lang: Lang, _: str) -> str:
    if variable.form == "country":
        return country(str(value), lang)
    return choose(value, lang) if isinstance(value, Mapping) else str(value)


def _date(value: date, _: Variable, lang: Lang, chosen: str) -> str:
    return value.isoformat() if chosen == "iso" else long_date(value, lang)


def long_date(value: date, lang: Lang) -> str:
    """2026年11月22日; 22 November 2026; 22. November 2026; 22. marraskuuta 2026."""
    text: str = format_date(value, DATE_PATTERNS[lang], locale=BABEL_NAMES[lang])
    return text


def _number(value: int | Decimal, _: Variable, lang: Lang, chosen: str) -> str:
    if chosen == "figures":
        return _grouped(value, lang)
    if chosen == "month":
        name: str = format_date(date(2000, int(value), 1), _MONTHS.get(lang, "LLLL"), locale=BABEL_NAMES[lang])
        return name
    if lang not in (CHINESE, ENGLISH) or value != int(value) or not 0 <= value < LIMIT:
        if chosen == "full":
            return _grouped(value, lang)
        raise FormatUnavailable(format=chosen, type="number", language=lang)
    whole = int(value)
    if chosen == "times":
        return f"{han_count(whole)}次" if lang == CHINESE else _TIMES.get(whole, f"{english(whole)} times")
    if lang == CHINESE:
        words = han_count(whole) if chosen in ("count", "full") else han(whole)
        return f"{words}（{_grouped(value, lang)}）" if chosen == "full" else words
    return f"{english(whole)} ({_grouped(value, lang)})" if chosen == "full" else english(whole)


def _grouped(value: int | Decimal, lang: Lang) -> str:
    text = f"{value:,}"
    if lang == GERMAN:
        return text.translate(str.maketrans(",.", ".,"))
    return text.translate(str.maketrans(",.", "\u00a0,")) if lang == FINNISH else text


def _money(value: Money, _: Variable, lang: Lang, chosen: str) -> str:
    return {"figures": amounts.figures, "words": amounts.words, "full": amounts.full}[chosen](value, lang)


def _duration(value: Duration, _: Variable, lang: Lang, chosen: str) -> str:
    return {"figures": durations.figures, "words": durations.words, "full": durations.full}[chosen](value, lang)


def _choice(value: str, variable: Variable, lang: Lang, chosen: str) -> str:
    for one in variable.choices:
        if one.value == value:
            return choose(one.text if chosen == "text" else one.label, lang)
    return value


def _yes_no(value: bool, _: Variable, lang: Lang, __: str) -> str:
    return YES_NO[value][lang]


def _identifier(value: Mapping[str, str], _: Variable, lang: Lang, chosen: str) -> str:
    if chosen == "value":
        return value["value"]
    colon = "：" if lang == CHINESE else ": "
    return choose(SCHEMES[value["scheme"]], lang) + colon + value["value"]


def _person(value: Mapping[str, Any], _: Variable, lang: Lang, chosen: str) -> str:
    name = person_name(value, lang)
    if chosen == "name":
        return name
    if chosen == "titled":
        return f"{name}{_title(value, lang)}"
    details = [str(value[key]) for key in ("email", "phone") if value.get(key)]
    comma = "，" if lang == CHINESE else ", "
    title = [choose(value["title"], lang)] if value.get("title") else []
    return comma.join([name, *title, *details])


def _title(value: Mapping[str, Any], lang: Lang) -> str:
    if not value.get("title"):
        return ""
    title = choose(value["title"], lang)
    return f"（{title}）" if lang == CHINESE else f" ({title})"


def person_name(value: Mapping[str, Any], lang: Lang) -> str:
    """The name as a text in `lang` says it: own script, Latin letters outside Chinese when the own script is Han."""
    name = str(value["name"])
    return str(value.get("name_latin") or name) if lang != CHINESE and is_han(name) else name


def _address(value: Mapping[str, Any], _: Variable, lang: Lang, __: str) -> str:
    street, city = choose(value["street"], lang), choose(value["city"], lang)
    land, code = country(value["country"], lang), value.get("postal_code")
    if lang == CHINESE:
        return f"{land}{city}{street}" + (f"（邮政编码：{code}）" if code else "")
    if value["country"] in ("DE", "FI", "SE", "CH", "AT", "FR"):
        return f"{street}, {f'{code} ' if code else ''}{city}, {land}"
    return f"{street}, {city}{f' {code}' if code else ''}, {land}"


def _party(value: Mapping[str, Any], _: Variable, lang: Lang, __: str) -> str:
    return choose(value["legal_name"], lang)


_WRITERS: Mapping[str, Callable[[Any, Variable, Lang, str], str]] = {
    "text": _text,
    "paragraph": _text,
    "date": _date,
    "number": _number,
    "money": _money,
    "duration": _duration,
    "choice": _choice,
    "yes_no": _yes_no,
    "identifier": _identifier,
    "person": _person,
    "address": _address,
    "party": _party,
}
