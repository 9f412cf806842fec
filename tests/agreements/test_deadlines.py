"""The last day for signing is a day somewhere: its last moment counts, the next one does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from agreements.course_errors import DeadlineInvalid
from agreements.deadlines import OPEN_FOR_SIGNATURE, Deadline, check_deadline, day_of, passed
from agreements.lifecycle import State

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "ends_at"),
    [
        ("Asia/Shanghai", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)),
        ("Europe/Helsinki", datetime(2026, 12, 31, 22, 0, tzinfo=UTC)),
        ("UTC", datetime(2027, 1, 1, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 1, 1, 5, 0, tzinfo=UTC)),
    ],
)
def test_a_day_ends_when_it_ends_there(zone: str, ends_at: datetime) -> None:
    deadline = Deadline(date(2026, 12, 31), zone)
    assert deadline.ends_at == ends_at
    assert day_of(ends_at, zone) == date(2026, 12, 31)
    assert not passed(ends_at, ends_at - timedelta(microseconds=1))
    assert passed(ends_at, ends_at)


def test_a_day_of_23_hours_is_a_day() -> None:
    deadline = Deadline(date(2026, 3, 29), "Europe/Berlin")
    assert deadline.ends_at == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert day_of(deadline.ends_at, "Europe/Berlin") == date(2026, 3, 29)


def test_without_a_deadline_time_is_never_over() -> None:
    assert not passed(None, NOW)


def test_today_is_soon_enough_and_the_day_before_is_past() -> None:
    check_deadline(Deadline(date(2026, 11, 22), "UTC"), now=NOW, ceremony_at=None)
    with pytest.raises(DeadlineInvalid, match="past"):
        check_deadline(Deadline(date(2026, 11, 21), "UTC"), now=NOW, ceremony_at=None)


def test_the_ceremony_begins_before_it() -> None:
    begins = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    check_deadline(Deadline(date(2026, 12, 1), "Asia/Shanghai"), now=NOW, ceremony_at=begins)
    with pytest.raises(DeadlineInvalid, match="ceremony"):
        check_deadline(Deadline(date(2026, 11, 30), "Asia/Shanghai"), now=NOW, ceremony_at=begins)


@pytest.mark.parametrize("day", [date(2037, 1, 1), date(9999, 12, 31)])
def test_a_day_that_nobody_means(day: date) -> None:
    with pytest.raises(DeadlineInvalid, match="ten years"):
        check_deadline(Deadline(day, "Asia/Shanghai"), now=NOW, ceremony_at=None)


def test_what_can_expire() -> None:
    assert {State.APPROVED, State.FROZEN, State.SCHEDULED, State.SIGNING} == OPEN_FOR_SIGNATURE
