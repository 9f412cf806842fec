"""Places in the queue for the turn of an agreement: what the queue says to one who asks, standing in it, leaving it.

Works inside the transactions of `operations.signatures`. Whose turn it is stands in `ceremonies.turns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signing_service.ceremonies import turns
from signing_service.db import statements
from signing_service.operations import signing_facts
from signing_service.operations.operation import Act
from signing_service.operations.signing_facts import Facts, Place


@dataclass(frozen=True, slots=True)
class Queued:
    """The answer to one who asks for the turn, and their place if they had one before."""

    turn: turns.Turn
    own: Place | None


def ask(act: Act, facts: Facts) -> Queued:
    """What the queue says to this signatory, who stands at its end if they were not in it. Nothing is written yet."""
    queue = signing_facts.queue(act, facts.agreement_id)
    own = next((place for place in queue if place.signatory_id == facts.signatory_id), None)
    order = own.order if own is not None else (queue[-1].order + 1 if queue else 1)
    lease = own.lease_until if own is not None else None
    waiting = [turns.Waiting(p.order, p.signatory_id, p.asked_at, p.lease_until) for p in queue if p is not own]
    me = turns.Waiting(order, facts.signatory_id, act.now, lease)
    return Queued(turns.decide([*waiting, me], facts.signatory_id, act.now), own)


def stand(act: Act, facts: Facts, own: Place | None, lease_until: datetime | None, attempt_id: str | None) -> None:
    """Write the place in the queue: asked now, with this lease."""
    now, lease = (signing_facts.stored(act, one) if one is not None else None for one in (act.now, lease_until))
    values = (now, lease, attempt_id, facts.agreement_id, facts.signatory_id)
    statements.execute(act.connection, _STAND if own is None else _STAY, values)


_STAND = (
    "INSERT INTO turn_request (asked_at, lease_until, attempt_id, agreement_id, signatory_id) VALUES (?, ?, ?, ?, ?)"
)
_STAY = (
    "UPDATE turn_request SET asked_at = ?, lease_until = ?, attempt_id = ? WHERE agreement_id = ? AND signatory_id = ?"
)


def leave(act: Act, facts: Facts) -> None:
    """Leave the queue: the turn is over."""
    statements.execute(act.connection, _LEAVE, (facts.agreement_id, facts.signatory_id))


_LEAVE = "DELETE FROM turn_request WHERE agreement_id = ? AND signatory_id = ?"
