"""Ending an agreement that is not concluded: withdrawing it, declaring it void with a second person, letting it expire.

Whatever ends it, the same follows: the show is closed, the links of those who have not signed stop working and their
certificates are revoked, everybody who was invited gets a mail. What was signed stays where it is, as evidence.
"""

from __future__ import annotations

import structlog
from sqlalchemy import select

from agreements.deadlines import OPEN_FOR_SIGNATURE, passed
from agreements.endings import REASON_MAX, check_second_person, check_void, check_withdrawal
from agreements.errors import AgreementError
from agreements.lifecycle import Command, State
from keys.issuing.revocation import RevocationReason
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementEnded, VoidAsked, VoidDropped
from signing_service.audit.details.ceremonies import CeremonyAborted
from signing_service.ceremonies import conduct
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.endings import Ending
from signing_service.db.models.people import Person
from signing_service.db.models.signatories import Invitation
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, ServiceError
from signing_service.ids import new_id
from signing_service.notifications import endings as messages
from signing_service.notifications import outbox
from signing_service.operations import boards, invitations, rows
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action
from signing_service.services import Services

#: Where a host who is not of the legal staff may still take an agreement back: the show is theirs, the text is not.
OF_THE_HOST = frozenset({State.FROZEN, State.SCHEDULED})

log = structlog.get_logger("endings")


@command(Action.AGREEMENT_WITHDRAW)
def withdraw(act: Act, agreement_id: str, reason: str, row_version: int) -> None:
    """Take an agreement back while nobody has signed.

    Raises the rules' refusals by name (among them `SignedAlready`, when a signature was faster), `ChangedMeanwhile`
    when the page was old, and `NotPermitted` for a host outside what hosts may withdraw.
    """
    words = _checked(reason)
    agreement = rows.agreement_locked(act, agreement_id)  # first, as signatures do
    state = State(agreement.state)
    if "legal" not in act.actor.roles and state not in OF_THE_HOST:
        raise NotPermitted(action=Action.AGREEMENT_WITHDRAW.value)
    check_withdrawal(state, signed=len(rows.signed(act, agreement_id)), of=len(rows.signatories(act, agreement_id)))
    if agreement.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The agreement"))
    act.session.add(_ending(act, agreement_id, Command.WITHDRAW, words, ended=True))
    _end(act, agreement, Command.WITHDRAW, words=words)


@command(Action.AGREEMENT_VOID)
def ask_void(act: Act, agreement_id: str, reason: str, row_version: int) -> str:
    """Ask a second person to declare a partly signed agreement void; returns the id of what they decide over.

    Nothing changes by asking. Raises the rules' refusals by name, or `ChangedMeanwhile`, also when it was asked
    already.
    """
    words = _checked(reason)
    agreement = rows.agreement_locked(act, agreement_id)
    signed = rows.signed(act, agreement_id)
    check_void(State(agreement.state), signed=len(signed), of=len(rows.signatories(act, agreement_id)))
    if agreement.row_version != row_version or waiting(act, agreement_id) is not None:
        raise ChangedMeanwhile(what=N_("The agreement"))
    asked = _ending(act, agreement_id, Command.VOID, words, ended=False)
    act.session.add(asked)
    rows.touch(act, agreement)
    details = VoidAsked(asked.id, len(signed), _ceremony_id(rows.ceremony_of(act, agreement_id)), words=words)
    act.record(Recorded.AGREEMENT_VOID_ASKED, details, agreement=agreement_id)
    _ask_second_person(act, agreement, words)
    return asked.id


@command(Action.AGREEMENT_VOID_CONFIRM)
def confirm_void(act: Act, agreement_id: str, ending_id: str) -> None:
    """Be the second person: the agreement is void. Raises `SecondPersonNeeded`, the rules' refusals, `NotFound` or
    `ChangedMeanwhile` when it was decided already."""
    agreement = rows.agreement_locked(act, agreement_id)
    asked = _waiting_one(act, agreement_id, ending_id)
    check_second_person(asked.asked_by, act.actor.id)
    signed = len(rows.signed(act, agreement_id))
    check_void(State(agreement.state), signed=signed, of=len(rows.signatories(act, agreement_id)))
    asked.confirmed_by, asked.ended_at = act.actor.id, act.now
    _end(act, agreement, Command.VOID, words=asked.reason, asked_by=asked.asked_by)


@command(Action.AGREEMENT_VOID_CONFIRM)
def drop_void(act: Act, agreement_id: str, ending_id: str) -> None:
    """Take the question back, or say no to it: the agreement goes on."""
    agreement = rows.agreement_locked(act, agreement_id)
    asked = _waiting_one(act, agreement_id, ending_id)
    asked.dropped_at = act.now
    rows.touch(act, agreement)
    dropped = VoidDropped(asked.id, asked.asked_by, _ceremony_id(rows.ceremony_of(act, agreement_id)))
    act.record(Recorded.AGREEMENT_VOID_DROPPED, dropped, agreement=agreement_id)


def expire_due(services: Services) -> int:
    """Let every agreement expire whose deadline has passed; returns how many did. Done by the worker.

    One that cannot expire now is left for the next round and named in the operator's log.
    """
    expired = 0
    for agreement_id in _due(services, SYSTEM):
        try:
            expired += _expire(services, SYSTEM, agreement_id)
        except (AgreementError, ServiceError) as error:
            log.warning("not expired yet", agreement=agreement_id, code=error.code)
    return expired


@query(Action.OPERATE)
def _due(act: Act) -> tuple[str, ...]:
    states = [state.value for state in OPEN_FOR_SIGNATURE]
    return tuple(
        act.session.scalars(select(Agreement.id).where(Agreement.state.in_(states), Agreement.sign_until_at <= act.now))
    )


@command(Action.OPERATE, recorded=False)
def _expire(act: Act, agreement_id: str) -> bool:
    """Looked at again under the lock: another worker was faster, the deadline was put off, or the last one signed."""
    agreement = rows.agreement_locked(act, agreement_id)
    signed, of = len(rows.signed(act, agreement_id)), len(rows.signatories(act, agreement_id))
    due = State(agreement.state) in OPEN_FOR_SIGNATURE and passed(agreement.sign_until_at, act.now)
    if not due or 0 < of <= signed:
        return False
    _end(act, agreement, Command.EXPIRE)
    return True


def waiting(act: Act, agreement_id: str) -> Ending | None:
    """The declaration of void that waits for its second person, if any."""
    return act.session.scalar(
        select(Ending).where(
            Ending.agreement_id == agreement_id, Ending.ended_at.is_(None), Ending.dropped_at.is_(None)
        )
    )


def tell(act: Act, agreement: Agreement, *, reason: str = "", but: str | None = None) -> None:
    """Write to everybody who was invited (to all parties when the agreement is void) that it has ended."""
    people = rows.signatories(act, agreement.id)
    known = {one.id for one in people}
    if agreement.state != State.VOID:
        wanted = select(Invitation.signatory_id).where(Invitation.signatory_id.in_(known))
        known = set(act.session.scalars(wanted))
    signed = rows.signed(act, agreement.id)
    for person in people:
        if person.id == but or person.id not in known:
            continue
        message = messages.ended(
            kind=agreement.state,
            to=person.email,
            name=person.name,
            language=person.language,
            title=boards.pick(agreement.title, person.language),
            number=agreement.number or agreement.id,
            signed=person.id in signed,
            reason=reason,
        )
        outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)


def _end(act: Act, agreement: Agreement, command: Command, *, words: str = "", asked_by: str | None = None) -> None:
    """Move, close the show, end links and certificates of those who have not signed, tell everybody."""
    before, ceremony, signed = agreement.state, rows.ceremony_of(act, agreement.id), rows.signed(act, agreement.id)
    rows.move(act, agreement, command)
    ended = AgreementEnded(before, ceremony=_ceremony_id(ceremony), signed=len(signed), asked_by=asked_by, words=words)
    act.record(rows.ENTRY_OF[command], ended, agreement=agreement.id)
    if ceremony is not None:
        _close_show(act, ceremony.id, len(signed), second_person=act.actor.id if asked_by else None)
        for person in rows.signatories(act, agreement.id):
            if person.id not in signed:  # who has signed keeps the way to the evidence, and a certificate that held
                invitations.withdraw(act, person, ceremony.id, RevocationReason.CESSATION_OF_OPERATION)
    tell(act, agreement, reason=words)


def _close_show(act: Act, ceremony_id: str, signed: int, *, second_person: str | None) -> None:
    ceremony = rows.ceremony_locked(act, ceremony_id)
    if ceremony.state in (conduct.Ceremony.CONCLUDED, conduct.Ceremony.ABORTED):
        return
    ceremony.state = conduct.Ceremony.ABORTED.value
    ceremony.row_version += 1
    for seat in rows.seats(act, ceremony_id):
        if seat.state == conduct.Seat.SIGNING:
            seat.state = conduct.Seat.READY.value  # a press that was under way comes to nothing
    closed = CeremonyAborted(ceremony.id, signed, second_person)
    act.record(Recorded.CEREMONY_ABORTED, closed, agreement=ceremony.agreement_id)


def _ask_second_person(act: Act, agreement: Agreement, reason: str) -> None:
    for person in act.session.scalars(select(Person).where(Person.active).order_by(Person.id)):
        if person.id == act.actor.id or {"legal", "management"}.isdisjoint(person.roles):
            continue
        message = messages.void_asked(
            to=person.email,
            name=person.name,
            language=person.language,
            title=boards.pick(agreement.title, person.language),
            number=agreement.number or agreement.id,
            asker=act.actor.name,
            reason=reason,
            link=f"{act.services.settings.base_url}/agreements/{agreement.id}/void",
        )
        outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)


def _ending(act: Act, agreement_id: str, command: Command, words: str, *, ended: bool) -> Ending:
    return Ending(
        id=new_id("end"),
        agreement_id=agreement_id,
        command=command.value,
        reason=words,
        asked_by=act.actor.id,
        asked_at=act.now,
        ended_at=act.now if ended else None,
    )


def _waiting_one(act: Act, agreement_id: str, ending_id: str) -> Ending:
    found = act.session.get(Ending, ending_id)
    if found is None or found.agreement_id != agreement_id:
        raise NotFound(what=N_("declaration"))
    if found.ended_at is not None or found.dropped_at is not None:
        raise ChangedMeanwhile(what=N_("The declaration"))
    return found


def _checked(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise InvalidInput(field="reason", problem=N_("say in a sentence why"))
    if len(words) > REASON_MAX:
        raise InvalidInput(field="reason", problem=N_("at most 1000 characters"))
    return words


def _ceremony_id(ceremony: Ceremony | None) -> str | None:
    return ceremony.id if ceremony is not None else None
