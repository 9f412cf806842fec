"""A signatory's way in: the link's neutral page, the one-time code, and on to the seat."""

from __future__ import annotations

from flask import Blueprint, url_for

from signing_service import sessions
from signing_service.operations import invitations
from signing_service.pages import ways_in

blueprint = Blueprint("invitations", __name__, url_prefix="/s/<token>")


def _enter(found: invitations.Identified) -> str:
    sessions.remember_seat(found.signatory_id, found.token)
    return url_for("seats.seat", signatory_id=found.signatory_id)


ways_in.doors(
    blueprint,
    ways_in.WayIn(
        landing=invitations.landing,
        opened=invitations.opened,
        send_code=invitations.send_code,
        identify=invitations.identify,
        enter=_enter,
        page="seats/landing.html",
    ),
)
