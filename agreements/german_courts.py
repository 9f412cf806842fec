"""The German courts that keep a register, by the names people use for them.

The list is python-stdnum's, which lists the bare names; here “Muenchen”, “münchen” and “Charlottenburg” are found too.
"""

from __future__ import annotations

import re
from functools import cache

from stdnum.de.handelsregisternummer import GERMAN_COURTS

_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def court_by_name(name: str) -> str | None:
    """The court's name as registers write it; None when there is no such court."""
    return _courts().get(_key(name))


def _key(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().translate(_SPELLED))


@cache
def _courts() -> dict[str, str]:
    courts: dict[str, str] = {}
    for court in GERMAN_COURTS:
        courts[_key(court)] = court
        inner = re.search(r"\((.+)\)", court)
        if inner:
            courts.setdefault(_key(inner[1]), court)
            courts.setdefault(_key(court.split("(")[0]), court)
    return courts
