"""Whose turn it is to sign one PDF: arrival order, a short lease, nobody lost.

Signatures of a PDF are serial by nature, because each covers the bytes before it. Signatories press at the same
moment; this rule gives turns in the order in which the presses arrived. A browser that stopped asking is passed over
until it asks again; one that does not answer within its lease loses the turn, not the signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Condition

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


class Pace:
    """How long one turn takes lately in this process, so that those who wait ask as often as it helps and no more.

    A busy server that is asked too often becomes slower still. Safe to share between threads: a lost update only makes
    an estimate a little older. Whoever is next may wait here for the moment itself, a few at a time.

    `seconds`: what a turn takes; `stored`: signatures since the start of this process; `at_the_door`: who waits here.
    """

    FIRST, LONGEST = 0.02, 2.0
    SHARE = 0.2  # of the newest turn in the estimate
    MOST_AT_THE_DOOR = 8

    def __init__(self) -> None:
        self.seconds = self.FIRST
        self.stored = 0
        self._last: dict[str, datetime] = {}
        self._door = Condition()
        self.at_the_door = 0

    def note(self, agreement_id: str, now: datetime) -> None:
        """A signature was stored."""
        last = self._last.get(agreement_id)
        self._last = {agreement_id: now} if len(self._last) > 1000 else {**self._last, agreement_id: now}
        if last is not None:
            turn = min(max((now - last).total_seconds(), 0.0), self.LONGEST)
            self.seconds += self.SHARE * (turn - self.seconds)
        with self._door:
            self.stored += 1
            self._door.notify_all()

    def wait_for_another(self, stored: int, seconds: float) -> bool:
        """Whether more signatures than `stored` are stored by this process, waiting for it at most so long."""
        with self._door:
            if self.at_the_door >= self.MOST_AT_THE_DOOR:
                return self.stored != stored
            self.at_the_door += 1
            try:
                return self._door.wait_for(lambda: self.stored != stored, seconds)
            finally:
                self.at_the_door -= 1

    def ask_again_in(self, before_me: int) -> float:
        """When one with so many before them should ask again, in seconds; well within the patience of the queue."""
        if before_me <= 1:
            return min(max(self.seconds / 8, 0.025), 0.25)
        return min(max(0.8 * self.seconds * (before_me - 1), 0.025), PATIENCE.total_seconds() / 2)
