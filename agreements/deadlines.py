"""Until when an agreement is open for signature: a day in a named zone, up to and including its last moment.

The calendar day differs between the parties, so a day without its zone would say nothing. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agreements.course_errors import DeadlineInvalid
from agreements.errors import N_
from agreements.lifecycle import MOVES, Command, State

#: Whoever types the year 3026 meant another one.
LONGEST = timedelta(days=3660)

#: The states a deadline means something in: those that can expire.
OPEN_FOR_SIGNATURE: frozenset[State] = frozenset(state for state, command in MOVES if command is Command.EXPIRE)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, and the zone it is a day of (IANA name, known to exist)."""

    day: date
    zone: str

    @property
    def ends_at(self) -> datetime:
        """The first moment that is too late, UTC."""
        following = datetime.combine(self.day + timedelta(days=1), time(), ZoneInfo(self.zone))
        return following.astimezone(UTC)


def day_of(ends_at: datetime, zone: str) -> date:
    """The last day again, from the moment that is kept."""
    return (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def passed(ends_at: datetime | None, now: datetime) -> bool:
    """Whether the time for signing is over; without a deadline it never is."""
    return ends_at is not None and ends_at <= now


def check_deadline(deadline: Deadline, *, now: datetime, ceremony_at: datetime | None) -> None:
    """A new deadline lies ahead, not too far, and not before a planned ceremony begins. Raises DeadlineInvalid."""
    if deadline.day > (now + LONGEST).date():
        raise DeadlineInvalid(reason=N_("it is more than ten years away"))
    if deadline.ends_at <= now:
        raise DeadlineInvalid(reason=N_("it is past"))
    if ceremony_at is not None and deadline.ends_at <= ceremony_at:
        raise DeadlineInvalid(reason=N_("the ceremony begins after it"))
