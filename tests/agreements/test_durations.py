"""Lengths of time on the calendar and in words."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.durations import Duration, after, figures, full, words
from agreements.errors import FormatUnavailable


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        (date(2026, 1, 31), Duration(1, "months"), date(2026, 2, 28)),
        (date(2027, 1, 31), Duration(13, "months"), date(2028, 2, 29)),
        (date(2024, 2, 29), Duration(1, "years"), date(2025, 2, 28)),
        (date(2026, 12, 31), Duration(1, "days"), date(2027, 1, 1)),
        (date(2026, 11, 30), Duration(1, "months"), date(2026, 12, 30)),
    ],
)
def test_adding_follows_the_calendar(start: date, duration: Duration, end: date) -> None:
    assert after(start, duration) == end


def test_taking_away() -> None:
    assert after(date(2026, 3, 31), Duration(1, "months"), sign=-1) == date(2026, 2, 28)


def test_the_end_of_the_calendar_is_an_error() -> None:
    for duration in (Duration(9000, "years"), Duration(10**7, "days")):
        with pytest.raises(OverflowError):
            after(date(2026, 1, 1), duration)


def test_in_words() -> None:
    three_years = Duration(36, "months")
    assert [figures(three_years, lang) for lang in ("zh-Hans", "en", "de", "fi")] == [
        "36个月",
        "36 months",
        "36\u00a0Monate",
        "36\u00a0kuukautta",
    ]
    assert words(three_years, "zh-Hans") == "三十六个月"
    assert words(Duration(2, "months"), "zh-Hans") == "两个月"
    assert words(Duration(1, "days"), "en") == "one day"
    assert full(three_years, "zh-Hans") == "三十六（36）个月"
    assert full(three_years, "en") == "thirty-six (36) months"
    assert full(three_years, "de") == "36\u00a0Monate"
    with pytest.raises(FormatUnavailable):
        words(three_years, "fi")
