"""The mails that were written, readable: in the embedded default they go to no server, and people look here."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from signing_service.door import actor, door, services
from signing_service.operations import mails
from signing_service.permissions import Action

blueprint = Blueprint("outbox", __name__)


@door(blueprint, "/outbox", Action.OUTBOX_READ)
def show() -> str:
    """All mails, newest first; `?agreement=` narrows it to one agreement, `?to=` to one address."""
    rows = mails.outbox(services(), actor(), request.args.get("agreement") or None)
    wanted = request.args.get("to", "").strip().lower()
    shown = [row for row in rows if not wanted or row.recipient.lower() == wanted]
    recipients = sorted({row.recipient for row in rows})
    return render_template("outbox/mails.html", mails=shown, recipients=recipients, to=wanted)
