"""Who holds a signatory's key: chosen by the host, before the signatory is ready; recorded."""

from __future__ import annotations

from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.custodies import CustodyChosen
from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.errors import N_
from signing_service.operations import invitations, rows, seat_drawings, ways
from signing_service.operations.operation import Act, command
from signing_service.permissions import Action

UNARMED = (Step.INVITED, Step.JOINED, Step.IDENTIFIED)


@command(Action.CEREMONY_PLAN, recorded=False)
def choose(act: Act, signatory_id: str, kind: str) -> None:
    """Let a signatory sign in that way. Raises `SeatState` once they are ready, `InvalidInput` for no such way."""
    signatory = rows.signatory(act, signatory_id)
    agreement = rows.agreement_locked(act, signatory.agreement_id)
    invitations.require_going_on(agreement)
    ceremony = rows.ceremony_of(act, agreement.id)
    if ceremony is not None and ceremony.state != conduct.Ceremony.ABORTED:
        seat = rows.seat_locked(act, signatory.id)
        conduct.require_seat(seat.state, UNARMED, N_("change who holds the key"))
    wanted, before = ways.offered(act.services, kind), signatory.custody
    if wanted == before:
        return
    signatory.custody = wanted.value
    if not ways.of(signatory).by_person:
        seat_drawings.forget(act, signatory.id)
    act.record(Recorded.CUSTODY_CHOSEN, CustodyChosen(signatory.id, wanted.value, before), agreement=agreement.id)
