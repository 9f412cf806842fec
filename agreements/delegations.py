"""For which days an approver may ask another to decide in their place. Whose decision then counts is approvals.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agreements.errors import N_

DAYS_MOST = 366


def span(begins_on: date, ends_on: date, zone: str) -> tuple[datetime, datetime]:
    """From the first moment of `begins_on` until the last day is over, both days as `zone` counts them; aware UTC."""
    local = ZoneInfo(zone)
    begins = datetime.combine(begins_on, time.min, local)
    ends = datetime.combine(ends_on + timedelta(days=1), time.min, local)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def problem(begins_on: date, ends_on: date, zone: str, now: datetime) -> tuple[str, str] | None:
    """The field and a msgid of what is wrong with these days; None when they can be used."""
    if ends_on < begins_on:
        return "ends_on", N_("The last day is before the first.")
    if (ends_on - begins_on).days >= DAYS_MOST:
        return "ends_on", N_("A delegation lasts a year at most. Renew it when it has ended.")
    if not 2000 <= begins_on.year <= 2999:
        return "begins_on", N_("This is not a day of our time.")
    if span(begins_on, ends_on, zone)[1] <= now:
        return "ends_on", N_("These days are past. Choose later ones.")
    return None
