"""The outline of an entry, read without parsing it: for the check of long logs, where most of the time would go there.

`outline` knows only the plain form in which our own writer puts nearly every entry (codes, hashes, whole numbers, no
nesting). It answers None whenever it is not certain, and then `entries.parse` decides; what it accepts, `parse`
accepts, with the same meaning. A property test holds the two against each other.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from signing_service.audit.entries import MAX_ENTRY_BYTES

_ID: Final = rb"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}+"
_WHOLE: Final = rb"(?:0|-?[1-9][0-9]{0,14})"
_SCALAR: Final = rb"(?:\"[A-Za-z0-9_.:/+=\[\]-]*+\"|" + _WHOLE + rb"|true|false)"
_VALUE: Final = rb"(?:" + _SCALAR + rb"|\[(?:" + _SCALAR + rb"(?:," + _SCALAR + rb")*+)?\])"
_MEMBER: Final = rb"\"[a-z][a-z0-9_]*+\":" + _VALUE
_PLAIN: Final = re.compile(
    rb"\{(?:\"_sd\":\[((?:\"[A-Za-z0-9_-]{43}\",)*+\"[A-Za-z0-9_-]{43}\")\],\"_sd_alg\":\"sha-256\",)?"
    rb"\"actor\":\"(" + _ID + rb")\""
    rb"(?:,\"agreement\":\"(" + _ID + rb")\")?"
    rb",\"at\":\"([12][0-9]{3}-[0-9]{2}-[0-9]{2})T((?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z)\""
    rb",\"data\":\{((?:" + _MEMBER + rb"(?:," + _MEMBER + rb")*+)?)\}"
    rb",\"nonce\":\"[A-Za-z0-9+/]{21}[AQgw]==\""
    rb"(?:,\"prev\":\"([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\")?"
    rb"(?:,\"seq\":(0|[1-9][0-9]{0,14}))?"
    rb",\"type\":\"([a-z][a-z0-9_]*+(?:\.[a-z][a-z0-9_]*+)++)\",\"v\":1\}"
)
_NAME: Final = re.compile(rb"\"([a-z][a-z0-9_]*+)\":")
_CEREMONY: Final = re.compile(rb"(?:^|,)\"ceremony\":(?:\"([^\"]*+)\")?")


class Outline(NamedTuple):
    """What stands in an entry, as texts: enough to compare it with its columns and with the entry before it."""

    sd: tuple[str, ...]
    actor: str
    agreement: str | None
    at: str
    ceremony: str | None
    prev: bytes | None
    seq: int | None
    type: str


def outline(encoded: bytes) -> Outline | None:
    """Return the outline of an entry in plain form, or None when only `entries.parse` can tell."""
    match = _PLAIN.fullmatch(encoded)
    if match is None or len(encoded) > MAX_ENTRY_BYTES:
        return None
    sd, actor, agreement, day, time, body, prev, seq, action = match.groups()
    if not _is_day(day) or not _is_sorted(tuple(_NAME.findall(body))):
        return None
    if (agreement is None) != (seq is None) or (prev is None) != (seq is None or seq == b"0"):
        return None
    digests = () if sd is None else tuple(sd.decode()[1:-1].split('","'))
    if len(digests) > 1 and list(digests) != sorted(set(digests)):
        return None
    ceremony = _CEREMONY.search(body) if b'"ceremony":' in body else None
    return Outline(
        digests,
        actor.decode(),
        agreement.decode() if agreement is not None else None,
        f"{day.decode()}T{time.decode()}",
        ceremony[1].decode() if ceremony is not None and ceremony[1] is not None else None,
        prev,
        int(seq) if seq is not None else None,
        action.decode(),
    )


@lru_cache(maxsize=4096)
def _is_day(day: bytes) -> bool:
    try:
        date.fromisoformat(day.decode())
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_sorted(names: tuple[bytes, ...]) -> bool:
    """Return whether the names of the details are different and in order; there are few kinds of details."""
    return all(one < next_one for one, next_one in pairwise(names))
