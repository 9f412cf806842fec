"""The days of a delegation: whole, inclusive, in the zone that was named."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agreements.delegations import problem, span

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)


def test_both_days_are_whole_in_their_zone() -> None:
    starts_at, ends_at = span(DAY, date(2026, 11, 23), "Asia/Shanghai")
    assert starts_at == datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert ends_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


def test_the_day_the_clock_is_put_back_has_25_hours() -> None:
    starts_at, ends_at = span(date(2026, 10, 25), date(2026, 10, 25), "Europe/Berlin")
    assert (ends_at - starts_at).total_seconds() == 25 * 3600


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "field"),
    [
        (DAY, DAY, None),
        (date(2026, 11, 1), DAY, None),
        (DAY, date(2026, 11, 21), "ends_on"),
        (DAY, date(2027, 11, 23), "ends_on"),
        (date(2026, 11, 1), date(2026, 11, 19), "ends_on"),
        (date(1, 1, 1), date(1, 1, 2), "begins_on"),
        (date(9999, 12, 31), date(9999, 12, 31), "begins_on"),
        (date(1, 1, 1), date(9999, 12, 31), "ends_on"),
    ],
)
def test_days_that_make_no_sense_are_named(begins_on: date, ends_on: date, field: str | None) -> None:
    found = problem(begins_on, ends_on, "Europe/Berlin", NOW)
    assert (found[0] if found else None) == field
