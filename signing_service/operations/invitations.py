"""A signatory's way in: the link, its opening, the one-time code, the identified browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from agreements.endings import WHAT_HAPPENED
from agreements.lifecycle import State
from keys.issuing.revocation import RevocationReason
from signing_service.accounts.links import masked, require_live
from signing_service.accounts.tokens import new_token, token_sha256
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.ceremonies import SeatIdentified
from signing_service.audit.details.people import (
    CodeAccepted,
    CodeRefused,
    CodeSent,
    InvitationOpened,
    InvitationRevoked,
    InvitationSent,
)
from signing_service.audit.details.signatures import CertificateRevoked
from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as SeatStep
from signing_service.ceremonies.conduct import seat_reaches
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.signatories import Certificate, Invitation, OneTimeCode, SeatSession, Signatory
from signing_service.errors import N_, CodeExpired, LinkEnded, SigningEnded
from signing_service.ids import new_id
from signing_service.moments import spoken
from signing_service.notifications import messages, outbox
from signing_service.operations import codes, rows, seat_drawings
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action, Actor
from signing_service.services import Services

AUTHENTICATION = "one-time-code-by-mail"
UNSIGNED = (SeatStep.INVITED, SeatStep.JOINED, SeatStep.IDENTIFIED, SeatStep.READY, SeatStep.SIGNING)


@dataclass(frozen=True, slots=True)
class Landing:
    """What a link's first page may show before anything was proved: nothing personal."""

    signatory_id: str
    masked_email: str
    expires_at: str
    language: str
    code_sent: bool


@dataclass(frozen=True, slots=True)
class Identified:
    """An accepted code: whose seat, and the token for the cookie."""

    signatory_id: str
    language: str
    token: str


def send(act: Act, signatory: Signatory, ceremony: Ceremony) -> str:
    """Make a link and queue the mail, inside the caller's transaction; returns the token."""
    settings = act.services.settings
    token, until = new_token(), act.now + timedelta(days=settings.invitation_days)
    invitation = Invitation(
        id=new_id("inv"),
        token_sha256=token_sha256(token),
        signatory_id=signatory.id,
        created_at=act.now,
        expires_at=until,
    )
    act.session.add(invitation)
    agreement = rows.agreement(act, signatory.agreement_id)
    message = messages.invitation(
        to=signatory.email,
        name=signatory.name,
        language=signatory.language,
        title=_in(agreement.title, signatory.language),
        number=agreement.number or agreement.id,
        party=_in(signatory.party, signatory.language),
        starts_at=spoken(ceremony.starts_at, ceremony.zone),
        link=f"{settings.base_url}/s/{token}",
        until=spoken(until),
    )
    outbox.queue(act.session, message, now=act.now, agreement_id=signatory.agreement_id)
    details = InvitationSent(invitation.id, "sign", signatory.language, until, signatory.id, ceremony.id)
    act.record(
        Recorded.INVITATION_SENT,
        details,
        agreement=signatory.agreement_id,
        personal={"name": signatory.name, "email": signatory.email},
    )
    return token


@command(Action.INVITATION_SEND)
def reissue(act: Act, signatory_id: str) -> str:
    """Withdraw every link (and certificate) of a signatory who has not signed and send a new one; returns its token."""
    signatory = rows.signatory(act, signatory_id)
    agreement = rows.agreement_locked(act, signatory.agreement_id)  # first, as what ends an agreement does
    seat = rows.seat_locked(act, signatory_id)
    require_going_on(agreement)
    conduct.require_seat(seat.state, UNSIGNED, N_("get a new link"))
    ceremony = rows.ceremony(act, seat.ceremony_id)
    withdraw(act, signatory, ceremony.id)
    seat.state, seat.pages_read = SeatStep.INVITED.value, []
    return send(act, signatory, ceremony)


def withdraw(
    act: Act, signatory: Signatory, ceremony_id: str, reason: RevocationReason = RevocationReason.SUPERSEDED
) -> None:
    """End every link of a signatory, the browsers it let in and the certificates, inside the caller's transaction."""
    for old in act.session.scalars(
        select(Invitation).where(Invitation.signatory_id == signatory.id, Invitation.revoked_at.is_(None))
    ):
        old.revoked_at = act.now
        act.record(
            Recorded.INVITATION_REVOKED,
            InvitationRevoked(old.id, signatory=signatory.id, ceremony=ceremony_id),
            agreement=signatory.agreement_id,
        )
    _revoke_certificates(act, signatory, reason)
    seat_drawings.forget(act, signatory.id)


def require_going_on(agreement: Agreement) -> None:
    """Raise `SigningEnded` when the agreement was declined, withdrawn or declared void, or has expired."""
    if rows.has_ended(agreement):
        raise SigningEnded(what=WHAT_HAPPENED[State(agreement.state)])


@query(Action.INVITATION_OPEN)
def landing(act: Act, token: str) -> Landing:
    """What the link's first page shows; raises `LinkUnknown`, `LinkRevoked` or `LinkExpired`. Records nothing."""
    invitation = _live(act, token)
    signatory = rows.signatory(act, invitation.signatory_id)
    code = act.session.get(OneTimeCode, invitation.id)
    return Landing(
        signatory.id,
        masked(signatory.email),
        spoken(invitation.expires_at),
        signatory.language,
        code_sent=codes.waits(act, code),
    )


def opened(services: Services, actor: Actor, token: str) -> None:
    """Told by the page's own script, never by the GET, so that mail scanners open nothing. Only the first counts."""
    if _unopened(services, actor, token):
        _open(services, actor, token)


@query(Action.INVITATION_OPEN)
def _unopened(act: Act, token: str) -> bool:
    return _live(act, token).opened_at is None


@command(Action.INVITATION_OPEN, recorded=False)
def _open(act: Act, token: str) -> None:
    invitation = _live(act, token)
    if invitation.opened_at is not None:
        return
    invitation.opened_at = act.now
    signatory = rows.signatory(act, invitation.signatory_id)
    seat = rows.seat_locked(act, signatory.id)
    if seat_reaches(seat.state, SeatStep.JOINED):
        seat.state = SeatStep.JOINED.value
    act.record(
        Recorded.INVITATION_OPENED,
        InvitationOpened(invitation.id, signatory.id, seat.ceremony_id),
        agreement=signatory.agreement_id,
    )


@command(Action.INVITATION_OPEN)
def send_code(act: Act, token: str) -> None:
    """Mail a fresh six-digit code; raises `CodeTooOften` past a handful an hour."""
    invitation = _live(act, token)
    signatory = rows.signatory(act, invitation.signatory_id)
    row = act.session.get(OneTimeCode, invitation.id, with_for_update=True)
    if row is None:
        row = OneTimeCode(invitation_id=invitation.id, sent_since=act.now, sent_count=0)
        act.session.add(row)
    codes.mail(act, row, invitation.id, signatory)
    details = CodeSent(invitation.id, "mail", row.expires_at, signatory.id, rows.seat(act, signatory.id).ceremony_id)
    act.record(Recorded.CODE_SENT, details, agreement=signatory.agreement_id)


def identify(services: Services, actor: Actor, token: str, code: str) -> Identified:
    """Accept the code and open the seat; raises `CodeWrong` (with the tries left) or `CodeExpired`.

    A wrong try is counted and recorded before the error is raised: a rollback would give endless tries.
    """
    return codes.require_accepted(_try_code(services, actor, token, code))


@command(Action.INVITATION_OPEN)
def _try_code(act: Act, token: str, code: str) -> codes.Tried[Identified]:
    invitation = _live(act, token)
    row = act.session.get(OneTimeCode, invitation.id, with_for_update=True)
    if row is None:
        raise CodeExpired()
    accepted = codes.accept(act, row, invitation.id, code)
    signatory = rows.signatory(act, invitation.signatory_id)
    ceremony_id = rows.seat(act, signatory.id).ceremony_id
    if not accepted:
        refused = CodeRefused(invitation.id, row.attempts, "wrong-code", signatory.id, ceremony_id)
        act.record(Recorded.CODE_REFUSED, refused, agreement=signatory.agreement_id)
        return codes.Tried(None, codes.tries_left(row))
    details = CodeAccepted(invitation.id, row.attempts, signatory.id, ceremony_id)
    act.record(Recorded.CODE_ACCEPTED, details, agreement=signatory.agreement_id)
    return codes.Tried(_seat_session(act, invitation, signatory))


def _seat_session(act: Act, invitation: Invitation, signatory: Signatory) -> Identified:
    fresh = new_token()
    until = act.now + timedelta(hours=act.services.settings.session_hours)
    act.session.add(
        SeatSession(
            token_sha256=token_sha256(fresh),
            invitation_id=invitation.id,
            signatory_id=signatory.id,
            identified_at=act.now,
            expires_at=min(until, invitation.expires_at),
        )
    )
    seat = rows.seat_locked(act, signatory.id)
    if seat_reaches(seat.state, SeatStep.IDENTIFIED):
        seat.state = SeatStep.IDENTIFIED.value
    act.record(
        Recorded.SEAT_IDENTIFIED,
        SeatIdentified(seat.ceremony_id, seat.id, signatory.id, AUTHENTICATION),
        agreement=signatory.agreement_id,
    )
    return Identified(signatory.id, signatory.language, fresh)


def _live(act: Act, token: str) -> Invitation:
    row = codes.link_of(act, Invitation, token)
    if row.revoked_at is not None or row.expires_at <= act.now:
        agreement = rows.agreement(act, rows.signatory(act, row.signatory_id).agreement_id)
        if rows.has_ended(agreement):
            raise LinkEnded(what=WHAT_HAPPENED[State(agreement.state)])
    require_live(revoked_at=row.revoked_at, expires_at=row.expires_at, now=act.now)
    return row


def _revoke_certificates(act: Act, signatory: Signatory, reason: RevocationReason) -> None:
    for certificate in act.session.scalars(
        select(Certificate).where(Certificate.signatory_id == signatory.id, Certificate.revoked_at.is_(None))
    ):
        certificate.revoked_at, certificate.revocation_reason = act.now, reason.value
        if not certificate.issued_here:
            continue  # it only leaves the seat: revoking it is for its own authority
        act.record(
            Recorded.CERTIFICATE_REVOKED,
            CertificateRevoked(certificate.serial, reason.value, signatory.id),
            agreement=signatory.agreement_id,
        )


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))
