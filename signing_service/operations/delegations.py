"""Delegating one's approvals to a colleague for some days, seeing and revoking what one delegated.

Whether a decision by delegation counts is decided in `agreements.approvals`; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select

from agreements import delegations as rules
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import ApprovalDelegated, ApprovalDelegationRevoked
from signing_service.db.models.delegations import Delegation
from signing_service.db.models.people import Person
from signing_service.errors import N_, InvalidInput, NotFound
from signing_service.ids import new_id
from signing_service.notifications import approval_messages, outbox
from signing_service.notifications.approval_messages import Delegated
from signing_service.notifications.messages import Message
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import APPROVING, Action

OPEN_MOST = 20  # delegations of one person that are not over; each is looked at in every review


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One delegation. `name` is the other person's; `state`: planned, running, over or revoked."""

    id: str
    name: str
    begins_on: date
    ends_on: date
    zone: str
    state: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could be a delegate."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DelegationsView:
    """What the person who looks delegated, what was delegated to them, and to whom they could delegate."""

    given: tuple[DelegationRow, ...]
    received: tuple[DelegationRow, ...]
    colleagues: tuple[Colleague, ...]


@query(Action.DELEGATE)
def mine(act: Act) -> DelegationsView:
    """The delegations of the actor in both directions, newest first."""
    newest = Delegation.given_at.desc(), Delegation.id
    given = act.session.scalars(select(Delegation).where(Delegation.person_id == act.actor.id).order_by(*newest))
    received = act.session.scalars(select(Delegation).where(Delegation.delegate_id == act.actor.id).order_by(*newest))
    colleagues = tuple(Colleague(p.id, p.name) for p in approvers(act) if p.id != act.actor.id)
    return DelegationsView(
        tuple(_row(act, d, d.delegate_id) for d in given),
        tuple(_row(act, d, d.person_id) for d in received),
        colleagues,
    )


@command(Action.DELEGATE)
def give(act: Act, delegate_id: str, begins_on: date, ends_on: date, zone: str) -> str:
    """Let another approver decide in one's place from the first to the last day, both whole; returns the id.

    Raises `InvalidInput`, naming the field, for oneself, for people who may not approve, and for impossible days.
    """
    delegate = next((p for p in approvers(act) if p.id == delegate_id), None)
    if delegate_id == act.actor.id:
        raise InvalidInput(field="delegate", problem=N_("Nobody can delegate to themselves."))
    if delegate is None:
        raise InvalidInput(field="delegate", problem=N_("Choose a colleague who may approve."))
    _require_zone(zone)
    wrong = rules.problem(begins_on, ends_on, zone, act.now)
    if wrong is not None:
        raise InvalidInput(field=wrong[0], problem=wrong[1])
    _require_room(act)
    starts_at, ends_at = rules.span(begins_on, ends_on, zone)
    row = Delegation(
        id=new_id("del"),
        person_id=act.actor.id,
        delegate_id=delegate.id,
        begins_on=begins_on,
        ends_on=ends_on,
        zone=zone,
        starts_at=starts_at,
        ends_at=ends_at,
        given_at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    _write(act, row, delegate, approval_messages.delegation_given)
    act.record(Recorded.APPROVAL_DELEGATED, ApprovalDelegated(delegate.id, begins_on, ends_on, zone, row.id))
    return row.id


@command(Action.DELEGATE)
def revoke(act: Act, delegation_id: str) -> None:
    """End one's own delegation now; decisions given by it before stay. Raises `NotFound` for anybody else's.

    Revoking what is over or revoked already is refused as not found too: there is nothing to end.
    """
    row = act.session.get(Delegation, delegation_id, with_for_update=True)
    now = act.services.clock()  # after the row was taken: later than any decision that rested on it
    if row is None or row.person_id != act.actor.id or row.revoked_at is not None or row.ends_at <= now:
        raise NotFound(what=N_("delegation"))
    row.revoked_at = now
    delegate = act.session.get_one(Person, row.delegate_id)
    if delegate.active:
        _write(act, row, delegate, approval_messages.delegation_revoked)
    act.record(Recorded.APPROVAL_DELEGATION_REVOKED, ApprovalDelegationRevoked(row.id, row.delegate_id))


def hold(act: Act, principal_id: str) -> None:
    """Keep the actor's delegations by `principal_id` from being revoked until the caller's transaction ends."""
    wanted = (Delegation.person_id == principal_id, Delegation.delegate_id == act.actor.id)
    act.session.scalars(select(Delegation).where(*wanted).order_by(Delegation.id).with_for_update()).all()


def approvers(act: Act) -> tuple[Person, ...]:
    """Everybody whose role lets them decide over versions, by name."""
    people = act.session.scalars(select(Person).where(Person.active).order_by(Person.name, Person.id))
    return tuple(p for p in people if not frozenset(p.roles).isdisjoint(APPROVING))


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(field="zone", problem=N_("this is not a time zone such as Asia/Shanghai")) from error


def _require_room(act: Act) -> None:
    open_ones = (Delegation.person_id == act.actor.id, Delegation.revoked_at.is_(None), Delegation.ends_at > act.now)
    if (act.session.scalar(select(func.count()).select_from(Delegation).where(*open_ones)) or 0) >= OPEN_MOST:
        raise InvalidInput(field="delegate", problem=N_("You have 20 delegations already. Revoke one first."))


def _row(act: Act, d: Delegation, other_id: str) -> DelegationRow:
    state = "running" if d.starts_at <= act.now else "planned"
    if d.revoked_at is not None:
        state = "revoked"
    elif d.ends_at <= act.now:
        state = "over"
    name = act.session.get_one(Person, other_id).name
    return DelegationRow(d.id, name, d.begins_on, d.ends_on, d.zone, state, d.revoked_at)


def _write(act: Act, row: Delegation, delegate: Person, write: Callable[[Delegated], Message]) -> None:
    told = Delegated(
        to=delegate.email,
        name=delegate.name,
        language=delegate.language,
        principal=act.session.get_one(Person, row.person_id).name,
        begins_on=row.begins_on.isoformat(),
        ends_on=row.ends_on.isoformat(),
        zone=row.zone,
        link=f"{act.services.settings.base_url}/delegations",
    )
    outbox.queue(act.session, write(told), now=act.now)
