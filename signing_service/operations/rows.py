"""Finding rows, or saying in the domain's words that there is none; moving an agreement by the one table of states.

Functions that end in `_locked` take the row for writing, which queues other writers on PostgreSQL (SQLite writers
queue at BEGIN IMMEDIATE).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from agreements import lifecycle
from agreements.endings import has_ended as has_ended_in
from agreements.lifecycle import Command
from agreements.versions import Version, from_canonical
from signing_service.audit.actions import Action as Recorded
from signing_service.db import files
from signing_service.db.models.agreements import Agreement, AgreementVersion
from signing_service.db.models.ceremonies import Ceremony, Seat
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, ChangedMeanwhile, NotFound, NotFrozen
from signing_service.operations.operation import Act

AGREEMENT = N_("agreement")
VERSION = N_("version")
CEREMONY = N_("ceremony")
SEAT = N_("seat")

LAST_NUMBER = 2**31 - 1  # what the column can hold

#: Command → the one entry that tells of the move.
ENTRY_OF: Mapping[Command, Recorded] = {
    Command.SUBMIT: Recorded.REVIEW_SUBMITTED,
    Command.REQUEST_CHANGES: Recorded.AGREEMENT_RETURNED,
    Command.APPROVE: Recorded.AGREEMENT_APPROVED,
    Command.REJECT: Recorded.AGREEMENT_REJECTED,
    Command.REVISE: Recorded.AGREEMENT_REOPENED,
    Command.FREEZE: Recorded.DOCUMENT_FROZEN,
    Command.SCHEDULE: Recorded.AGREEMENT_SCHEDULED,
    Command.UNSCHEDULE: Recorded.CEREMONY_ABORTED,
    Command.START_SIGNING: Recorded.ROUND_OPENED,
    Command.ADJOURN: Recorded.CEREMONY_ADJOURNED,
    Command.COMPLETE: Recorded.AGREEMENT_COMPLETED,
    Command.DECLINE: Recorded.AGREEMENT_DECLINED,
    Command.WITHDRAW: Recorded.AGREEMENT_WITHDRAWN,
    Command.EXPIRE: Recorded.AGREEMENT_EXPIRED,
    Command.VOID: Recorded.AGREEMENT_VOIDED,
    Command.SUPERSEDE: Recorded.AGREEMENT_SUPERSEDED,
}


def agreement(act: Act, agreement_id: str) -> Agreement:
    """The agreement; raises `NotFound`."""
    row = act.session.get(Agreement, agreement_id)
    if row is None:
        raise NotFound(what=AGREEMENT)
    return row


def agreement_locked(act: Act, agreement_id: str) -> Agreement:
    """The agreement, taken for writing."""
    row = act.session.get(Agreement, agreement_id, with_for_update=True)
    if row is None:
        raise NotFound(what=AGREEMENT)
    return row


def move(act: Act, row: Agreement, *commands: Command) -> None:
    """Go on by the table of states, usually by one command; the act must record the entry of the last one.

    One guarded update: who read the agreement before somebody else changed it loses with `ChangedMeanwhile`, with or
    without a lock. Raises the lifecycle's error when the table has no such move.
    """
    after = lifecycle.State(row.state)
    for command in commands:
        after = lifecycle.next_state(after, command)
    _change(act, row, state=after.value)
    act.moves.append((row.id, ENTRY_OF[commands[-1]]))


def touch(act: Act, row: Agreement) -> None:
    """Count a change of the agreement, guarded like a move."""
    _change(act, row)


def _change(act: Act, row: Agreement, **values: Any) -> None:
    """Write `values` if the row is still as it was read, and keep the object what the database now holds."""
    act.session.flush()
    values |= {"row_version": row.row_version + 1, "changed_at": act.now}
    unchanged = (Agreement.id == row.id, Agreement.state == row.state, Agreement.row_version == row.row_version)
    done = act.session.execute(
        update(Agreement).where(*unchanged).values(**values).returning(Agreement.id),
        execution_options={"synchronize_session": False},
    )
    if done.one_or_none() is None:
        raise ChangedMeanwhile(what=N_("The agreement"))
    for name, value in values.items():
        set_committed_value(row, name, value)


def version_row(act: Act, agreement_id: str, number: int) -> AgreementVersion:
    """One saved version; raises `NotFound`."""
    if not 0 < number <= LAST_NUMBER:
        raise NotFound(what=VERSION)
    row = act.session.scalar(
        select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id, AgreementVersion.number == number)
    )
    if row is None:
        raise NotFound(what=VERSION)
    return row


def version(act: Act, agreement_id: str, number: int) -> Version:
    """The content of one saved version."""
    return _parsed(files.get(act.session, version_row(act, agreement_id, number).sha256))


@lru_cache(maxsize=128)
def _parsed(canonical: bytes) -> Version:
    """Versions never change, so reading one twice may give the same object."""
    return from_canonical(canonical)


def revisions(act: Act, agreement_id: str) -> list[DocumentRevision]:
    """Every revision of the agreement's PDF, oldest first."""
    return list(
        act.session.scalars(
            select(DocumentRevision)
            .where(DocumentRevision.agreement_id == agreement_id)
            .order_by(DocumentRevision.number)
        )
    )


def head(act: Act, agreement_id: str) -> DocumentRevision:
    """The newest revision of the PDF; raises `NotFrozen`."""
    row = act.session.scalar(
        select(DocumentRevision)
        .where(DocumentRevision.agreement_id == agreement_id)
        .order_by(DocumentRevision.number.desc())
        .limit(1)
    )
    if row is None:
        raise NotFrozen()
    return row


def sealed(act: Act, agreement_id: str) -> DocumentRevision:
    """The sealed revision: what every signatory is shown; raises `NotFrozen`."""
    row = act.session.scalar(
        select(DocumentRevision).where(DocumentRevision.agreement_id == agreement_id, DocumentRevision.kind == "sealed")
    )
    if row is None:
        raise NotFrozen()
    return row


def signatories(act: Act, agreement_id: str) -> list[Signatory]:
    """The signatories of an agreement in their order."""
    return list(
        act.session.scalars(
            select(Signatory).where(Signatory.agreement_id == agreement_id).order_by(Signatory.position)
        )
    )


def signatory(act: Act, signatory_id: str | None) -> Signatory:
    """One signatory; raises `NotFound`."""
    row = act.session.get(Signatory, signatory_id) if signatory_id else None
    if row is None:
        raise NotFound(what=SEAT)
    return row


def signatory_id_of(act: Act) -> str:
    """The id of the signatory who acts; raises `NotFound`."""
    if act.actor.signatory_id is None:
        raise NotFound(what=SEAT)
    return act.actor.signatory_id


def ceremony(act: Act, ceremony_id: str) -> Ceremony:
    """One ceremony; raises `NotFound`."""
    row = act.session.get(Ceremony, ceremony_id)
    if row is None:
        raise NotFound(what=CEREMONY)
    return row


def ceremony_locked(act: Act, ceremony_id: str) -> Ceremony:
    """One ceremony, taken for writing."""
    row = act.session.get(Ceremony, ceremony_id, with_for_update=True)
    if row is None:
        raise NotFound(what=CEREMONY)
    return row


def agreement_of_ceremony(act: Act, ceremony_id: str) -> str:
    """The agreement's id without loading the ceremony, so that locks are taken in one order; raises `NotFound`."""
    found = act.session.scalar(select(Ceremony.agreement_id).where(Ceremony.id == ceremony_id))
    if found is None:
        raise NotFound(what=CEREMONY)
    return found


def has_ended(row: Agreement) -> bool:
    """Whether nothing can be signed any more although nothing was completed: declined, withdrawn, expired, void."""
    return has_ended_in(lifecycle.State(row.state))


def signed(act: Act, agreement_id: str) -> frozenset[str]:
    """The ids of the signatories whose signature is stored."""
    found = act.session.scalars(
        select(DocumentRevision.signatory_id).where(
            DocumentRevision.agreement_id == agreement_id, DocumentRevision.signatory_id.is_not(None)
        )
    )
    return frozenset(one for one in found if one is not None)


def ceremony_of(act: Act, agreement_id: str) -> Ceremony | None:
    """The ceremony planned last for an agreement, if any."""
    return act.session.scalar(
        select(Ceremony).where(Ceremony.agreement_id == agreement_id).order_by(Ceremony.planned_at.desc()).limit(1)
    )


def seats(act: Act, ceremony_id: str) -> list[Seat]:
    """The seats of a ceremony, in the signatories' order."""
    return list(
        act.session.scalars(
            select(Seat)
            .join(Signatory, Signatory.id == Seat.signatory_id)
            .where(Seat.ceremony_id == ceremony_id)
            .order_by(Signatory.position)
        )
    )


def seat_locked(act: Act, signatory_id: str) -> Seat:
    """A signatory's seat in the ceremony planned last, taken for writing; raises `NotFound`."""
    found = seat(act, signatory_id)
    act.session.refresh(found, with_for_update=True)
    return found


def seat(act: Act, signatory_id: str) -> Seat:
    """A signatory's seat in the ceremony planned last; raises `NotFound`."""
    row = act.session.scalar(
        select(Seat)
        .join(Ceremony, Ceremony.id == Seat.ceremony_id)
        .where(Seat.signatory_id == signatory_id)
        .order_by(Ceremony.planned_at.desc())
        .limit(1)
    )
    if row is None:
        raise NotFound(what=SEAT)
    return row
