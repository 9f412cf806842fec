"""The host's side of a ceremony: planning it, conducting it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agreements.deadlines import Deadline
from agreements.lifecycle import Command as AgreementCommand
from agreements.lifecycle import State as AgreementState
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import agreements as agreement_details
from signing_service.audit.details import ceremonies as details
from signing_service.audit.details.form import Details
from signing_service.ceremonies import conduct
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Ceremony, Seat
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput
from signing_service.ids import new_id
from signing_service.operations import deadlines, invitations, rehearsals, rows, seat_drawings
from signing_service.operations.operation import Act, command
from signing_service.permissions import Action

CHALLENGE_BYTES = 32
TITLE_MAX = 200


@command(Action.CEREMONY_PLAN)
def plan(
    act: Act,
    agreement_id: str,
    *,
    title: Mapping[str, str],
    starts_at: datetime,
    zone: str,
    deadline: Deadline | None = None,
    drawings: bool = True,
) -> str:
    """Plan the ceremony of a frozen agreement and invite its signatories; returns the ceremony's id.

    `deadline` is the last day for signing; without it one that was set before stays. With `drawings`, signatories may
    draw a signature for their stamp. Raises `InvalidInput` naming the
    field, `DeadlineInvalid`, or the lifecycle's error when the agreement is not frozen.
    """
    cleaned = _checked_title(title)
    _require_zone(zone)
    agreement = rows.agreement_locked(act, agreement_id)
    rows.move(act, agreement, AgreementCommand.SCHEDULE)
    if deadline is not None:
        deadlines.keep(act, agreement, deadline, begins_at=starts_at)
    elif agreement.sign_until_at is not None and agreement.sign_until_at <= starts_at:
        raise InvalidInput(field="starts_at", problem=N_("the time for signing is over before the ceremony begins"))
    ceremony = Ceremony(
        id=new_id("cer"),
        agreement_id=agreement_id,
        title=cleaned,
        host_id=act.actor.id,
        planned_at=act.now,
        starts_at=starts_at,
        zone=zone,
        state=conduct.Ceremony.PLANNED.value,
        round_state=conduct.Round.WAITING.value,
        round_mode="simultaneous",
        row_version=1,
        drawings=drawings,
    )
    act.session.add(ceremony)
    act.session.flush()
    people = rows.signatories(act, agreement_id)
    for signatory in people:
        act.session.add(_new_seat(ceremony, signatory.id))
    act.session.flush()
    planned = details.CeremonyPlanned(
        ceremony.id, (agreement_id,), starts_at, zone, len(people), ceremony.round_mode, drawings
    )
    act.record(Recorded.CEREMONY_PLANNED, planned, agreement=agreement_id)
    scheduled = agreement_details.AgreementScheduled(ceremony.id, starts_at)
    act.record(Recorded.AGREEMENT_SCHEDULED, scheduled, agreement=agreement_id)
    for signatory in people:
        invitations.withdraw(act, signatory, ceremony.id)  # links to a show that was called off lead nowhere
        invitations.send(act, signatory, ceremony)
    return ceremony.id


@command(Action.CEREMONY_HOST)
def conduct_ceremony(act: Act, ceremony_id: str, command: str, expected_version: int, reason: str = "") -> None:
    """Carry out one of the host's commands.

    Raises `ChangedMeanwhile` when the host's screen was old, `CeremonyState` when the show is not there yet,
    `InvalidInput` when an abort has no reason.
    """
    agreement = rows.agreement_locked(act, rows.agreement_of_ceremony(act, ceremony_id))  # first, as signatures do
    ceremony = rows.ceremony_locked(act, ceremony_id)
    if ceremony.row_version != expected_version:
        raise ChangedMeanwhile(what=N_("The ceremony"))
    seats = rows.seats(act, ceremony_id)
    signed = sum(1 for s in seats if s.state == conduct.Seat.SIGNED)
    after, round_after = conduct.next_state(
        ceremony.state,
        ceremony.round_state,
        command,
        someone_signed=signed > 0,
        ended=rows.has_ended(agreement),
    )
    if command == conduct.Command.ABORT and not reason.strip():
        raise InvalidInput(field="reason", problem=N_("say in a sentence why"))
    ceremony.state, ceremony.round_state = after.value, round_after.value
    ceremony.row_version += 1
    _move_agreement(act, agreement, command)
    if command in _END_OF_REHEARSAL:
        rehearsals.end_running(act, ceremony, _END_OF_REHEARSAL[conduct.Command(command)])
    if command in (conduct.Command.ABORT, conduct.Command.CONCLUDE):
        seat_drawings.forget_all(act, agreement.id)
    act.record(
        _RECORDED[conduct.Command(command)],
        _details(ceremony, seats, command, signed, reason.strip()),
        agreement=ceremony.agreement_id,
    )


_END_OF_REHEARSAL = {conduct.Command.OPEN_DOORS: "doors", conduct.Command.ABORT: "called_off"}

_RECORDED = {
    conduct.Command.OPEN_DOORS: Recorded.CEREMONY_DOORS_OPENED,
    conduct.Command.GO_LIVE: Recorded.CEREMONY_LIVE,
    conduct.Command.OPEN_ROUND: Recorded.ROUND_OPENED,
    conduct.Command.PAUSE: Recorded.CEREMONY_PAUSED,
    conduct.Command.RESUME: Recorded.CEREMONY_RESUMED,
    conduct.Command.CONCLUDE: Recorded.CEREMONY_CONCLUDED,
    conduct.Command.ABORT: Recorded.CEREMONY_ABORTED,
}


def _details(ceremony: Ceremony, seats: list[Seat], command: str, signed: int, reason: str) -> Details:
    match conduct.Command(command):
        case conduct.Command.OPEN_ROUND:
            return details.RoundOpened(ceremony.id, 1, ceremony.round_mode, tuple(s.id for s in seats))
        case conduct.Command.PAUSE:
            return details.CeremonyPaused(ceremony.id, "host", words=reason)
        case conduct.Command.ABORT:
            return details.CeremonyAborted(ceremony.id, signed, words=reason)
        case _:
            return details.CeremonyMoved(ceremony.id)


def _move_agreement(act: Act, agreement: Agreement, command: str) -> None:
    """`signing` once the round opens; frozen again when the show is called off, unless somebody has declined."""
    if command == conduct.Command.OPEN_ROUND:
        rows.move(act, agreement, AgreementCommand.START_SIGNING)
    elif command == conduct.Command.ABORT and not rows.has_ended(agreement):
        adjourned = (AgreementCommand.ADJOURN,) if agreement.state == AgreementState.SIGNING else ()
        rows.move(act, agreement, *adjourned, AgreementCommand.UNSCHEDULE)


def _new_seat(ceremony: Ceremony, signatory_id: str) -> Seat:
    return Seat(
        id=new_id("sea"),
        ceremony_id=ceremony.id,
        signatory_id=signatory_id,
        state=conduct.Seat.INVITED.value,
        pages_read=[],
        challenge=base64.b64encode(secrets.token_bytes(CHALLENGE_BYTES)).decode(),
    )


def _checked_title(title: Mapping[str, str]) -> dict[str, str]:
    cleaned = {lang: text.strip() for lang, text in title.items() if text.strip()}
    if not cleaned:
        raise InvalidInput(field="title", problem=N_("give the ceremony a title in at least one language"))
    for lang, text in cleaned.items():
        if len(text) > TITLE_MAX:
            raise InvalidInput(field=f"title.{lang}", problem=N_("at most 200 characters"))
    return cleaned


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(field="zone", problem=N_("this is not a time zone such as Asia/Shanghai")) from error
