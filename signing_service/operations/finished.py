"""A verified revision, ready to be stored, and how a value becomes one."""

from __future__ import annotations

from dataclasses import dataclass

from keys.errors import TimestampUnavailable
from signing_service.pades.complete import complete as embed
from signing_service.pades.prepared import Prepared
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class Finished:
    """`level` is what the file reached; `stamp_pending`: no authority answered.

    `evidence` is what the way wants kept beside the signature; its `keep` reads it.
    """

    pdf: bytes
    level: str
    stamp_pending: bool
    evidence: bytes = b""


def stamped(services: Services, prepared: Prepared, value: bytes) -> Finished:
    """Embed a value that was checked: B-T, or B-B when no time stamp can be had; the closing stamp proves it later."""
    try:
        return Finished(embed(prepared, value, services.timestamps), "B-T", stamp_pending=False)
    except TimestampUnavailable:
        return Finished(embed(prepared, value, None), "B-B", stamp_pending=True)
