"""Whose turn it is to sign one PDF: arrival order, a short lease, nobody lost.

Signatures of a PDF are serial by nature, because each covers the bytes before it. Signatories press at the same
moment; this rule gives turns in the order in which the presses arrived. A browser that stopped asking is passed over
until it asks again; one that does not answer within its lease loses the turn, not the signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: A waiting browser asks several times a second; one silent for this long is passed over.
PATIENCE = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One signatory in the queue. `lease_until` is empty while waiting."""

    order: int
    signatory_id: str
    asked_at: datetime
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one asker: `mine`, or how many stand before."""

    mine: bool
    before_me: int


def decide(queue: Sequence[Waiting], signatory_id: str, now: datetime) -> Turn:
    """Whether `signatory_id`, who is in `queue`, may sign now."""
    others = [w for w in queue if w.signatory_id != signatory_id]
    me = next(w for w in queue if w.signatory_id == signatory_id)
    if any(holds(w, now) for w in others):
        return Turn(False, sum(1 for w in others if holds(w, now) or (_alive(w, now) and w.order < me.order)))
    before = sum(1 for w in others if _alive(w, now) and w.order < me.order)
    return Turn(holds(me, now) or before == 0, before)


def holds(waiting: Waiting, now: datetime) -> bool:
    """True while the lease runs."""
    return waiting.lease_until is not None and waiting.lease_until > now


def _alive(waiting: Waiting, now: datetime) -> bool:
    return now - waiting.asked_at <= PATIENCE
