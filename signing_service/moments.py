"""How moments are written: for machines with milliseconds, for people with the zone beside them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def iso(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ` in UTC, the form of the audit log."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def spoken(moment: datetime, zone: str | None = None) -> str:
    """`2026-11-22 10:02 UTC`, or `2026-11-22 18:02 (Asia/Shanghai) = 10:02 UTC` where people think in `zone`."""
    utc = moment.astimezone(UTC)
    if zone is None or zone == "UTC":
        return utc.strftime("%Y-%m-%d %H:%M UTC")
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} ({zone}) = {utc:%Y-%m-%d %H:%M} UTC"
