"""The time zones a form offers; a list one can read, not the hundreds there are."""

from __future__ import annotations

#: The zones people here think in, the likely ones first.
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "Europe/Helsinki",
    "UTC",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Paris",
    "Europe/Stockholm",
    "America/New_York",
)
