"""Who is at the other end: staff sessions and seat sessions out of one signed cookie.

One browser may hold several sign-ins, because at a signing table one device is often used by several people. The cookie
carries only random tokens; the database says whose they are and whether they still hold.
"""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, g, request, session

from signing_service.accounts.tokens import is_stage_token
from signing_service.assets import is_asset
from signing_service.door import services
from signing_service.errors import LinkUnknown
from signing_service.operations import people, review_links
from signing_service.permissions import ANONYMOUS, Actor

STAFF = "staff"
ACTIVE = "active"
SEATS = "seats"
REVIEWS = "reviews"


def register(app: Flask) -> None:
    """Resolve the actor before each request."""

    @app.before_request
    def resolve() -> None:
        g.request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
        if is_asset():
            return
        g.actor = _actor()


def _actor() -> Actor:
    """The stage where the address carries its token, the signatory or the partner's reviewer where it names one this
    browser holds, otherwise the staff member acting. Never one kind in place of another."""
    named = request.view_args or {}
    if "ceremony_id" in named and "token" in named:
        return _stage(named["ceremony_id"], named["token"])
    signatory_id = named.get("signatory_id")
    if signatory_id is not None:
        token = seat_token(signatory_id)
        return (people.seat_actor(services(), ANONYMOUS, token) if token else None) or ANONYMOUS
    reviewer_id = named.get("reviewer_id")
    if reviewer_id is not None:
        return _reviewer(reviewer_id)
    staff: dict[str, str] = session.get(STAFF, {})
    wanted = request.headers.get("X-Acting-As") or request.args.get("acting_as") or session.get(ACTIVE, "")
    token = staff.get(wanted)
    return (people.staff_actor(services(), ANONYMOUS, token) if token else None) or ANONYMOUS


def _reviewer(reviewer_id: str) -> Actor:
    reviews: dict[str, str] = session.get(REVIEWS, {})
    token = reviews.get(reviewer_id)
    found = review_links.reviewer_actor(services(), ANONYMOUS, token) if token else None
    return found if found is not None and found.reviewer_id == reviewer_id else ANONYMOUS


def _stage(ceremony_id: str, token: str) -> Actor:
    if not is_stage_token(services().settings.master_key, ceremony_id, token):
        raise LinkUnknown()
    return Actor(id="stage", kind="stage", ceremony_id=ceremony_id)


def remember_staff(person_id: str, token: str) -> None:
    """Keep a staff sign-in and make it the acting one."""
    session[STAFF] = {**session.get(STAFF, {}), person_id: token}
    session[ACTIVE] = person_id
    session.permanent = True


def forget_staff(person_id: str) -> str | None:
    """Drop a staff sign-in; returns its token so that it can be revoked."""
    staff = dict(session.get(STAFF, {}))
    token: str | None = staff.pop(person_id, None)
    session[STAFF] = staff
    session[ACTIVE] = next(iter(staff), "")
    return token


def act_as(person_id: str) -> bool:
    """Switch to another person signed in in this browser; False when there is none."""
    if person_id not in session.get(STAFF, {}):
        return False
    session[ACTIVE] = person_id
    return True


def signed_in_ids() -> tuple[str, ...]:
    """Everybody signed in in this browser."""
    return tuple(session.get(STAFF, {}))


def seat_token(signatory_id: str) -> str | None:
    """The seat token this browser holds for a signatory, whether it still opens the seat or not."""
    seats: dict[str, str] = session.get(SEATS, {})
    return seats.get(signatory_id)


def remember_review(reviewer_id: str, token: str) -> None:
    """Keep an identified reviewer."""
    session[REVIEWS] = {**session.get(REVIEWS, {}), reviewer_id: token}
    session.permanent = True


def remember_seat(signatory_id: str, token: str) -> None:
    """Keep an identified seat."""
    session[SEATS] = {**session.get(SEATS, {}), signatory_id: token}
    session.permanent = True
