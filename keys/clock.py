"""The one way this package learns what time it is: a callable that is passed in.

Rules take `now`; the time stamp authority takes a `Clock`, because it answers many requests. Nothing here caches.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from keys.errors import NaiveTime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; raises `NaiveTime` when it has no zone."""
    if moment.tzinfo is None:
        raise NaiveTime
    return moment.astimezone(UTC)
