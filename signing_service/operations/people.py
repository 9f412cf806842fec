"""Staff signing in and out, and who stands behind a session token."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from agreements.endings import has_ended
from agreements.lifecycle import State
from signing_service.accounts.tokens import new_token, token_sha256
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.people import (
    PersonCreated,
    PersonSignedIn,
    PersonSignedOut,
    PersonSignInLinkSent,
    PersonSignInRefused,
)
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.people import Person, SignInLink, StaffSession
from signing_service.db.models.signatories import Invitation, SeatSession, Signatory
from signing_service.errors import N_, InvalidInput, LinkExpired, LinkUnknown, LinkUsed, NotPermitted
from signing_service.ids import new_id
from signing_service.moments import spoken
from signing_service.notifications import messages, outbox
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action, Actor

LINK_LIFE = timedelta(minutes=30)
LINKS_PER_HOUR = 6
ROLES = ("legal", "management", "host", "auditor", "admin")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One of the staff, as pages show them."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh staff session: whose, and the token for the cookie."""

    person_id: str
    name: str
    language: str
    token: str


@command(Action.OPERATE)
def add(act: Act, *, name: str, email: str, roles: tuple[str, ...], language: str) -> str:
    """Add one of the staff; returns the person's id. Raises `InvalidInput` for an unknown role or a taken address."""
    for role in roles:
        if role not in ROLES:
            raise InvalidInput(field="roles", problem=N_("unknown role"))
    if act.session.scalar(select(Person).where(Person.email == email.lower())) is not None:
        raise InvalidInput(field="email", problem=N_("this address belongs to somebody already"))
    person = Person(id=new_id("per"), name=name, email=email.lower(), roles=list(roles), language=language, active=True)
    act.session.add(person)
    act.record(
        Recorded.PERSON_CREATED, PersonCreated(person.id, roles), personal={"name": name, "email": email.lower()}
    )
    return person.id


@command(Action.OPERATE)
def demo_link(act: Act, person_id: str, until: datetime) -> str:
    """A reusable sign-in link for a demo; production refuses to make one."""
    if act.services.settings.is_production:
        raise NotPermitted(action="demo link")
    return _link(act, person_id, until, reusable=True)


@command(Action.SIGN_IN)
def request_link(act: Act, email: str) -> None:
    """Mail a single-use link, a handful an hour. Says nothing about whether the address is known."""
    person = act.session.scalar(select(Person).where(Person.email == email.strip().lower(), Person.active))
    if person is None:
        act.record(Recorded.PERSON_SIGN_IN_REFUSED, _refused("unknown-address"))
        return
    if _links_this_hour(act, person.id) >= LINKS_PER_HOUR:
        act.record(Recorded.PERSON_SIGN_IN_REFUSED, _refused("too-often"))
        return
    until = act.now + LINK_LIFE
    token = _link(act, person.id, until, reusable=False)
    link = f"{act.services.settings.base_url}/enter/{token}"
    message = messages.sign_in(
        to=person.email, name=person.name, language=person.language, link=link, until=spoken(until)
    )
    outbox.queue(act.session, message, now=act.now)


@command(Action.SIGN_IN)
def accept_link(act: Act, token: str) -> SignedIn:
    """Sign in with a link; raises `LinkUnknown`, `LinkExpired` or `LinkUsed`."""
    link = act.session.get(SignInLink, token_sha256(token))
    if link is None:
        raise LinkUnknown()
    if link.expires_at <= act.now:
        raise LinkExpired(at=spoken(link.expires_at))
    if link.used_at is not None and (not link.reusable or act.services.settings.is_production):
        raise LinkUsed()
    person = act.session.get_one(Person, link.person_id)
    if not person.active:
        raise LinkUnknown()
    link.used_at = act.now
    fresh = new_token()
    life = timedelta(hours=act.services.settings.session_hours)
    act.session.add(
        StaffSession(
            token_sha256=token_sha256(fresh), person_id=person.id, created_at=act.now, expires_at=act.now + life
        )
    )
    act.actor = replace(act.actor, id=person.id)  # from here on it is they who act
    method = "demo-link" if link.reusable else "mailed-link"
    act.record(Recorded.PERSON_SIGNED_IN, PersonSignedIn(person.id, method))
    return SignedIn(person.id, person.name, person.language, fresh)


@command(Action.SIGN_OUT)
def sign_out(act: Act, token: str) -> None:
    """End one staff session; an unknown token ends nothing and is no error."""
    row = act.session.get(StaffSession, token_sha256(token))
    person_id = row.person_id if row is not None else act.actor.id
    if row is not None:
        row.revoked_at = act.now
    act.record(Recorded.PERSON_SIGNED_OUT, PersonSignedOut(person_id))


@query(Action.PUBLIC)
def staff_actor(act: Act, token: str) -> Actor | None:
    """The actor behind a staff session token, or None when it no longer holds."""
    row = act.session.get(StaffSession, token_sha256(token))
    if row is None or row.revoked_at is not None or row.expires_at <= act.now:
        return None
    person = act.session.get_one(Person, row.person_id)
    if not person.active:
        return None
    return Actor(id=person.id, kind="staff", roles=frozenset(person.roles), language=person.language, name=person.name)


@query(Action.PUBLIC)
def seat_actor(act: Act, token: str) -> Actor | None:
    """The signatory behind a seat session token; None once the invitation was revoked or has expired."""
    found = act.session.execute(
        _SEATED, {"token": token_sha256(token), "now": act.now}
    ).one_or_none()  # one statement: it is asked at every step of a signature
    if found is None:
        return None
    signatory_id, invitation_id, language, name = found
    return Actor(
        id=signatory_id,
        kind="signatory",
        signatory_id=signatory_id,
        invitation_id=invitation_id,
        language=language,
        name=name,
    )


_SEATED = (
    select(Signatory.id, Invitation.id, Signatory.language, Signatory.name)
    .select_from(SeatSession)
    .join(Invitation, Invitation.id == SeatSession.invitation_id)
    .join(Signatory, Signatory.id == SeatSession.signatory_id)
    .where(
        SeatSession.token_sha256 == bindparam("token"),
        SeatSession.expires_at > bindparam("now"),
        Invitation.revoked_at.is_(None),
    )
)


@query(Action.PUBLIC)
def seat_end(act: Act, token: str) -> str | None:
    """How the agreement ended that a browser's seat session belonged to; None while it has not."""
    row = act.session.get(SeatSession, token_sha256(token))
    if row is None:
        return None
    signatory = act.session.get_one(Signatory, row.signatory_id)
    agreement = act.session.get_one(Agreement, signatory.agreement_id)
    return agreement.state if has_ended(State(agreement.state)) else None


@query(Action.PUBLIC)
def named(act: Act, ids: tuple[str, ...]) -> tuple[PersonRow, ...]:
    """The staff with these ids, for a browser that holds their sessions."""
    rows = act.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name))
    return tuple(PersonRow(p.id, p.name, p.email, tuple(p.roles), p.language) for p in rows)


def _link(act: Act, person_id: str, until: datetime, *, reusable: bool) -> str:
    token = new_token()
    act.session.add(
        SignInLink(token_sha256=token_sha256(token), person_id=person_id, expires_at=until, reusable=reusable)
    )
    act.record(Recorded.PERSON_SIGN_IN_LINK_SENT, PersonSignInLinkSent(person_id, until))
    return token


def _links_this_hour(act: Act, person_id: str) -> int:
    """How many mailed links were made for a person in the last hour; a link lives for `LINK_LIFE`."""
    since = act.now + LINK_LIFE - timedelta(hours=1)
    mine = (SignInLink.person_id == person_id, SignInLink.reusable.is_(False), SignInLink.expires_at > since)
    return act.session.scalar(select(func.count()).select_from(SignInLink).where(*mine)) or 0


def _refused(reason: str) -> PersonSignInRefused:
    return PersonSignInRefused(method="mailed-link", reason=reason)
