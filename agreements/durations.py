"""Lengths of time as agreements state them: a count of days, months or years, never a number of seconds.

Month arithmetic follows the calendar: 31 January + 1 month = the last day of February.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.errors import FormatUnavailable
from agreements.languages import CHINESE, ENGLISH, Lang
from agreements.numerals import english, han_count

UNITS = ("days", "months", "years")

_NAMES: Mapping[str, Mapping[Lang, tuple[str, str]]] = {
    "days": {"zh-Hans": ("日", "日"), "en": ("day", "days"), "de": ("Tag", "Tage"), "fi": ("päivä", "päivää")},
    "months": {
        "zh-Hans": ("个月", "个月"),
        "en": ("month", "months"),
        "de": ("Monat", "Monate"),
        "fi": ("kuukausi", "kuukautta"),
    },
    "years": {"zh-Hans": ("年", "年"), "en": ("year", "years"), "de": ("Jahr", "Jahre"), "fi": ("vuosi", "vuotta")},
}


@dataclass(frozen=True, slots=True)
class Duration:
    """`count` of `unit`; unit is one of UNITS."""

    count: int
    unit: str

    def rough_days(self) -> int:
        """Days for comparing lengths only: a month counts 30 days, a year 12 such months."""
        return self.count * {"days": 1, "months": 30, "years": 360}[self.unit]


def after(start: date, duration: Duration, *, sign: int = 1) -> date:
    """The date `duration` after `start` (before it with sign=-1). Raises OverflowError beyond the calendar."""
    count = duration.count * sign
    if duration.unit == "days":
        return start + timedelta(days=count)
    months = start.year * 12 + start.month - 1 + (count if duration.unit == "months" else count * 12)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("beyond the calendar")
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def figures(duration: Duration, lang: Lang) -> str:
    """36个月, 36 months, 36 Monate, 36 kuukautta."""
    space = "" if lang == CHINESE else "\u00a0" if lang != ENGLISH else " "
    return f"{duration.count}{space}{_name(duration, lang)}"


def words(duration: Duration, lang: Lang) -> str:
    """三十六个月, thirty-six months. Raises FormatUnavailable in de and fi."""
    if lang == CHINESE:
        return f"{han_count(duration.count)}{_name(duration, lang)}"
    if lang == ENGLISH:
        return f"{english(duration.count)} {_name(duration, lang)}"
    raise FormatUnavailable(format="words", type="duration", language=lang)


def full(duration: Duration, lang: Lang) -> str:
    """三十六（36）个月, thirty-six (36) months; figures alone in de and fi."""
    if lang == CHINESE:
        return f"{han_count(duration.count)}（{duration.count}）{_name(duration, lang)}"
    if lang == ENGLISH:
        return f"{english(duration.count)} ({duration.count}) {_name(duration, lang)}"
    return figures(duration, lang)


def unit_name(unit: str, lang: Lang) -> str:
    """The unit by itself, in the plural: 个月, months."""
    return _NAMES[unit][lang][1]


def _name(duration: Duration, lang: Lang) -> str:
    return _NAMES[duration.unit][lang][0 if duration.count == 1 else 1]
