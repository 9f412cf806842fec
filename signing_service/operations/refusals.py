"""A signatory refuses to sign: the agreement has ended, everybody is told why and by whom."""

from __future__ import annotations

from agreements.lifecycle import Command as AgreementCommand
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import agreements as agreement_details
from signing_service.audit.details import ceremonies as details
from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.errors import N_, InvalidInput
from signing_service.operations import endings, rows, seat_drawings
from signing_service.operations.operation import Act, command
from signing_service.permissions import Action

REASON_MAX = 1000


@command(Action.SEAT_TAKE)
def decline(act: Act, reason: str) -> None:
    """Refuse to sign, with a reason; the agreement is then `declined` and everybody is told.

    Signatures that were given before stay, as evidence of what was offered.
    """
    words = reason.strip()
    if not words:
        raise InvalidInput(field="reason", problem=N_("say in a sentence why"))
    if len(words) > REASON_MAX:
        raise InvalidInput(field="reason", problem=N_("at most 1000 characters"))
    signatory = rows.signatory(act, act.actor.signatory_id)
    agreement = rows.agreement_locked(act, signatory.agreement_id)  # first, as signatures do
    seat = rows.seat_locked(act, signatory.id)
    conduct.require_seat(seat.state, (Step.INVITED, Step.JOINED, Step.IDENTIFIED, Step.READY), N_("decline"))
    seat.state = Step.DECLINED.value
    before = agreement.state
    rows.move(act, agreement, AgreementCommand.DECLINE)
    declined = details.SeatDeclined(signatory.id, seat.ceremony_id, seat.id, words=words)
    act.record(Recorded.SEAT_DECLINED, declined, agreement=agreement.id)
    signed = len(rows.signed(act, agreement.id))
    ended = agreement_details.AgreementEnded(before, "seat-declined", seat.ceremony_id, signed)
    act.record(Recorded.AGREEMENT_DECLINED, ended, agreement=agreement.id)
    seat_drawings.forget_all(act, agreement.id)
    endings.tell(act, agreement, but=signatory.id)
