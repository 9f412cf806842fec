"""The marshmallow field of each type of variable: raw input in, normalised JSON-able value out, or named faults.

A fault is a code with parameters; the words stand in field_messages.py. Whether a value is needed at all is fields.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from marshmallow import ValidationError, fields

from agreements.amounts import CURRENCIES
from agreements.errors import InvalidIdentifier
from agreements.formats import NO_COUNTRIES
from agreements.identifiers import check
from agreements.invisible import first_invisible
from agreements.languages import Lang
from agreements.variables import Variable

MAX_AMOUNT = Decimal(10) ** 15
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
_NUMBER = re.compile(r"[\w./（）()〔〕\[\]-]{1,64}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one value. `words` win over the message of the code (used for identifiers)."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    words: str | None = None


def refuse(code: str, /, **params: object) -> ValidationError:
    """A marshmallow error carrying a fault instead of a sentence."""
    return ValidationError([Fault(code, params)])


def tidy(text: str) -> str:
    """The text as it is kept: NFC, one kind of line end, nothing blank around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class TextField(fields.Field[str]):
    """Text in NFC, trimmed, without invisible or direction-changing characters; of one of the closed forms."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refuse("field.not_text")
        text = tidy(value)
        strange = first_invisible(text, allowed="\n" if self.variable.type == "paragraph" else "")
        if strange is not None:
            code = "field.line_break" if strange == "\n" else "field.invisible_character"
            raise refuse(code, code=f"U+{ord(strange):04X}")
        most, least = self.variable.limits.most, self.variable.limits.least
        if most is not None and len(text) > most:
            raise refuse("field.too_long", most=most, length=len(text))
        if least is not None and len(text) < least:
            raise refuse("field.too_short", least=least, length=len(text))
        return _FORMS[self.variable.form](text)


def is_email(text: str) -> bool:
    """Whether the text has the form of a mail address."""
    return _EMAIL.fullmatch(text) is not None


def _email(text: str) -> str:
    if not is_email(text):
        raise refuse("field.not_an_email")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def _phone(text: str) -> str:
    plain = re.sub(r"[\s().-]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\+[1-9]\d{6,14}", plain):
        raise refuse("field.not_a_phone")
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _zone(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}|UTC", text):
        raise refuse("field.not_a_zone")
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError) as error:  # an unknown zone is a KeyError
        raise refuse("field.not_a_zone") from error
    return text


def _country(text: str) -> str:
    code = text.upper()
    if not re.fullmatch(r"[A-Z]{2}", code) or code in NO_COUNTRIES:
        raise refuse("field.not_a_country")
    if code not in Locale.parse("en").territories:
        raise refuse("field.not_a_country")
    return code


def is_agreement_number(text: str) -> bool:
    """Letters, digits, hyphen, point and slash, at least one of them a letter or a digit."""
    return _NUMBER.fullmatch(text) is not None and any(character.isalnum() for character in text)


def _agreement_number(text: str) -> str:
    if not is_agreement_number(text):
        raise refuse("field.not_an_agreement_number")
    return text


_FORMS: Mapping[str, Callable[[str], str]] = {
    "free": str,
    "email": _email,
    "phone": _phone,
    "zone": _zone,
    "country": _country,
    "agreement_number": _agreement_number,
}


class TextsField(fields.Field[dict[Lang, str]]):
    """One text per language of the agreement; each language is checked, and each fault names its language.

    A refusal keeps the languages that are right, for the preview of an unfinished draft.
    """

    def __init__(self, variable: Variable, languages: Sequence[Lang]) -> None:
        self.text = TextField(variable)
        self.every = not variable.some_languages
        self.languages = languages
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[Lang, str]:
        if not isinstance(value, Mapping):
            raise refuse("field.not_per_language", languages=", ".join(self.languages))
        faults: dict[str, Any] = {}
        texts: dict[Lang, str] = {}
        for given in value:
            if given not in self.languages:
                faults[str(given)] = [Fault("field.other_language", {"languages": ", ".join(self.languages)})]
        for lang in self.languages:
            if lang not in value:
                if self.every:
                    faults[lang] = [Fault("field.required")]
                continue
            try:
                texts[lang] = str(self.text.deserialize(value[lang]))
            except ValidationError as error:
                faults[lang] = error.messages
        if faults:
            raise ValidationError(faults, valid_data=texts or None)
        return texts


class DateField(fields.Field[str]):
    """A calendar date, kept as YYYY-MM-DD."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if type(value) is date:
            value = value.isoformat()
        text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise refuse("field.not_a_date")
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise refuse("field.no_such_day", given=text) from error
        if not 1900 <= day.year <= 2200:
            raise refuse("field.date_out_of_range")
        return day.isoformat()


class NumberField(fields.Field[Any]):
    """A number: int without decimals, else a decimal text with exactly the decimals asked for."""

    def __init__(self, variable: Variable) -> None:
        self.limits = variable.limits
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | str:
        number = within(decimal_of(value, self.limits.decimals), self.limits.least, self.limits.most)
        return f"{number:.{self.limits.decimals}f}" if self.limits.decimals else int(number)


def decimal_of(value: Any, decimals: int) -> Decimal:
    """The number in a raw value. Thousands commas are accepted where they stand right; a decimal comma is refused."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise refuse("field.not_a_number")
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"-?\d{1,16}(?:\.\d{1,12})?", text):
        raise refuse("field.not_a_number")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise refuse("field.not_a_number") from error
    if abs(number) >= MAX_AMOUNT:
        raise refuse("field.too_large", most=f"{MAX_AMOUNT - 1:.0f}")
    if number != round(number, decimals):
        code = "field.decimals" if decimals else "field.not_whole"
        raise refuse(code, decimals=decimals)
    return number


def within(number: Decimal, least: int | None, most: int | None) -> Decimal:
    """The number itself; refused when it is outside the limits."""
    if least is not None and number < least:
        raise refuse("field.too_small", least=least)
    if most is not None and number > most:
        raise refuse("field.too_large", most=most)
    return number


class MoneyField(fields.Field[dict[str, str]]):
    """{"amount": "100000.00", "currency": "CNY"}; the amount is text, with the decimals of the currency."""

    def __init__(self, variable: Variable) -> None:
        self.currencies = variable.limits.currencies
        self.limits = variable.limits
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        parts = parts_of(value, ("amount", "currency"))
        code = str(parts["currency"]).strip().upper()
        if code not in self.currencies:
            raise ValidationError(
                {"currency": [Fault("field.not_a_currency", {"allowed": ", ".join(self.currencies)})]}
            )
        decimals = CURRENCIES[code].decimals
        try:
            amount = within(decimal_of(parts["amount"], decimals), self.limits.least or 0, self.limits.most)
        except ValidationError as error:
            raise ValidationError({"amount": error.messages}) from error
        return {"amount": f"{amount:.{decimals}f}", "currency": code}


class DurationField(fields.Field[dict[str, Any]]):
    """{"count": 36, "unit": "months"}"""

    def __init__(self, variable: Variable) -> None:
        self.limits = variable.limits
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        parts = parts_of(value, ("count", "unit"))
        faults: dict[str, Any] = {}
        if parts["unit"] not in self.limits.units:
            faults["unit"] = [Fault("field.not_a_unit", {"allowed": ", ".join(self.limits.units)})]
        most = self.limits.most if self.limits.most is not None else 10_000
        count = Decimal(0)
        try:
            count = within(decimal_of(parts["count"], 0), max(self.limits.least or 1, 1), most)
        except ValidationError as error:
            faults["count"] = error.messages
        if faults:
            raise ValidationError(faults)
        return {"count": int(count), "unit": parts["unit"]}


def parts_of(value: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The named parts of a small record; every missing or unknown part is a fault of its own."""
    if not isinstance(value, Mapping):
        raise refuse("field.not_a_record")
    faults = {name: [Fault("field.required")] for name in names if value.get(name) in (None, "")}
    faults |= {str(name): [Fault("field.unknown")] for name in value if name not in names}
    if faults:
        raise ValidationError(faults)
    return {name: value[name] for name in names}


class ChoiceField(fields.Field[str]):
    """One of the template's choices."""

    def __init__(self, variable: Variable) -> None:
        self.values = tuple(one.value for one in variable.choices)
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or value not in self.values:
            raise refuse("field.not_a_choice", allowed=", ".join(self.values))
        return value


class YesNoField(fields.Field[bool]):
    """yes or no, in the forms that forms and files send."""

    _WORDS: Mapping[str, bool] = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in self._WORDS:
            return self._WORDS[value.lower()]
        raise refuse("field.not_yes_no")


class IdentifierField(fields.Field[dict[str, str]]):
    """{"scheme": "uscc", "value": "…"}; the value is checked by the rule of its scheme and normalised."""

    def __init__(self, variable: Variable) -> None:
        self.schemes = variable.limits.schemes
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        parts = parts_of(value, ("scheme", "value"))
        if parts["scheme"] not in self.schemes:
            raise ValidationError({"scheme": [Fault("field.not_a_choice", {"allowed": ", ".join(self.schemes)})]})
        if not isinstance(parts["value"], str) or len(parts["value"]) > 100:
            raise ValidationError({"value": [Fault("field.not_text")]})
        try:
            return {"scheme": parts["scheme"], "value": check(parts["scheme"], parts["value"])}
        except InvalidIdentifier as error:
            fault = Fault("field.identifier", {**error.params, **error.reason_params}, error.reason)
            raise ValidationError({"value": [fault]}) from error
