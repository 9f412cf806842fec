"""The host's side of a rehearsal: starting one, ending it, the marked copy; and what is left of it, deleted in time.

A rehearsal runs beside a planned ceremony and changes nothing of it. Opening the doors ends it. One that nobody ends is
over after `LASTS`; its rows are deleted `KEPT` after its end. What stays is the log, and the fingerprints of the keys,
which never get a real certificate.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select

from agreements.rendering import Rehearsal as Marked
from agreements.rendering import RenderedAgreement, render
from agreements.rendering.rehearsal import languages_of
from agreements.versions import Version
from keys.rehearsal_errors import RehearsalKeyReused
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import rehearsals as details
from signing_service.ceremonies import conduct
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.rehearsals import Rehearsal, RehearsalKey, RehearsalSeat
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, CeremonyState, NotFound
from signing_service.ids import new_id
from signing_service.moments import spoken
from signing_service.notifications import outbox, rehearsal_messages
from signing_service.operations import boards, invitations, preflights, rows
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services

LASTS = timedelta(days=14)
KEPT = timedelta(days=1)
CHALLENGE_BYTES = 32
REHEARSAL = N_("rehearsal")


@dataclass(frozen=True, slots=True)
class _Plan:
    agreement_id: str
    number: int
    version: Version


def start(services: Services, actor: Actor, ceremony_id: str) -> str:
    """Make a marked copy and let everybody practise with it; returns the rehearsal's id. One that was running ends.

    Raises `CeremonyState` once the doors were opened, `SigningEnded`, and the renderer's errors.
    """
    plan = _plan(services, actor, ceremony_id)
    marked = Marked(new_id("reh"), languages_of(plan.version.languages))
    rendered = render(plan.version, number=plan.number, verify_url="", fonts=services.fonts, rehearsal=marked)
    _store(services, actor, ceremony_id, marked.id, rendered)
    return marked.id


@query(Action.CEREMONY_REHEARSE)
def _plan(act: Act, ceremony_id: str) -> _Plan:
    ceremony = rows.ceremony(act, ceremony_id)
    require_planned(act, ceremony)
    agreement = rows.agreement(act, ceremony.agreement_id)
    number = agreement.frozen_version or agreement.newest_version
    return _Plan(agreement.id, number, rows.version(act, agreement.id, number))


@command(Action.CEREMONY_REHEARSE)
def _store(act: Act, ceremony_id: str, rehearsal_id: str, rendered: RenderedAgreement) -> None:
    ceremony = _locked(act, ceremony_id)
    require_planned(act, ceremony)
    again = act.session.scalar(select(Rehearsal.id).where(Rehearsal.ceremony_id == ceremony_id).limit(1)) is not None
    end_running(act, ceremony, "repeated")
    act.session.flush()  # at most one is running
    act.session.add(
        Rehearsal(
            id=rehearsal_id,
            ceremony_id=ceremony_id,
            pdf=rendered.pdf,
            document_sha256=rendered.sha256,
            pages=rendered.pages,
            started_at=act.now,
            expires_at=act.now + LASTS,
        )
    )
    act.session.flush()
    people = rows.signatories(act, ceremony.agreement_id)
    act.session.add_all(
        RehearsalSeat(rehearsal_id=rehearsal_id, signatory_id=one.id, challenge=new_challenge(), pages_read=[])
        for one in people
    )
    started = details.RehearsalStarted(ceremony_id, rehearsal_id, rendered.sha256, len(people))
    act.record(Recorded.REHEARSAL_STARTED, started, agreement=ceremony.agreement_id)
    if not again:
        _tell(act, ceremony, people)


def _tell(act: Act, ceremony: Ceremony, people: list[Signatory]) -> None:
    """A mail to each, in their language; once, however often it is started anew."""
    agreement = rows.agreement(act, ceremony.agreement_id)
    for one in people:
        message = rehearsal_messages.rehearsal(
            to=one.email,
            name=one.name,
            language=one.language,
            title=boards.pick(agreement.title, one.language),
            number=agreement.number or agreement.id,
            until=spoken(act.now + LASTS, ceremony.zone),
        )
        outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)


@command(Action.CEREMONY_REHEARSE)
def end(act: Act, ceremony_id: str) -> None:
    """End the rehearsal that is running; raises `NotFound` when none is."""
    if not end_running(act, _locked(act, ceremony_id), "host"):
        raise NotFound(what=REHEARSAL)


def end_running(act: Act, ceremony: Ceremony, ended: str) -> bool:
    """Inside a command that holds the ceremony: end the rehearsal that is running, if one is."""
    row = preflights.running(act, ceremony.id)
    if row is None:
        return False
    row.ended_at = act.now
    seats = preflights.seats_of(act, row.id)
    practised = sum(1 for seat in seats if seat.signed_at is not None)
    rehearsed = details.CeremonyRehearsed(ceremony.id, row.id, practised, len(seats), ended)
    act.record(Recorded.CEREMONY_REHEARSED, rehearsed, agreement=ceremony.agreement_id)
    return True


@query(Action.CEREMONY_REHEARSE)
def copy(act: Act, ceremony_id: str) -> bytes:
    """The marked copy of the rehearsal that is running, for the host to look at; raises `NotFound`."""
    row = preflights.running(act, rows.ceremony(act, ceremony_id).id)
    if row is None:
        raise NotFound(what=REHEARSAL)
    return row.pdf


def require_planned(act: Act, ceremony: Ceremony) -> None:
    """Raise `CeremonyState` or `SigningEnded` unless the ceremony may be rehearsed now."""
    if ceremony.state != conduct.Ceremony.PLANNED:
        raise CeremonyState(state=ceremony.state, command=N_("rehearse"))
    invitations.require_going_on(rows.agreement(act, ceremony.agreement_id))


def new_challenge() -> str:
    """Random bytes that a practice key signs, as base64."""
    return base64.b64encode(secrets.token_bytes(CHALLENGE_BYTES)).decode()


@query(Action.SEAT_TAKE)
def require_new_key(act: Act, spki_sha256: str) -> None:
    """Before a real certificate is issued: raise `RehearsalKeyReused` for a key that was certified to practise with."""
    require_never_rehearsed(act, spki_sha256)


def require_never_rehearsed(act: Act, spki_sha256: str) -> None:
    """The same inside an operation."""
    if act.session.get(RehearsalKey, spki_sha256) is not None:
        raise RehearsalKeyReused


def _locked(act: Act, ceremony_id: str) -> Ceremony:
    rows.agreement_locked(act, rows.agreement_of_ceremony(act, ceremony_id))  # first, as signatures do
    return rows.ceremony_locked(act, ceremony_id)


def tidy_due(services: Services) -> int:
    """End every rehearsal whose time is over, and delete what ended long enough ago; returns how many were deleted."""
    return _tidy(services, SYSTEM) if _has_due(services, SYSTEM) else 0


@query(Action.OPERATE)
def _has_due(act: Act) -> bool:
    over = (Rehearsal.ended_at.is_(None) & (Rehearsal.expires_at <= act.now), Rehearsal.ended_at <= act.now - KEPT)
    return act.session.scalar(select(Rehearsal.id).where(or_(*over)).limit(1)) is not None


@command(Action.OPERATE, recorded=False)
def _tidy(act: Act) -> int:
    expired = select(Rehearsal.ceremony_id).where(Rehearsal.ended_at.is_(None), Rehearsal.expires_at <= act.now)
    for ceremony_id in act.session.scalars(expired).all():
        end_running(act, _locked(act, ceremony_id), "expired")
    gone = list(act.session.scalars(select(Rehearsal.id).where(Rehearsal.ended_at <= act.now - KEPT)))
    act.session.execute(delete(RehearsalSeat).where(RehearsalSeat.rehearsal_id.in_(gone)))
    act.session.execute(delete(Rehearsal).where(Rehearsal.id.in_(gone)))
    return len(gone)
