"""The start page: what is asked of the reader, then the agreements with their state and the one next action of each.

What is under way, what was concluded and what ended otherwise stand apart, and one of the three can be looked at alone.
Strangers read what this is.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from signing_service.door import actor, door, services
from signing_service.operations import agreements, inbox
from signing_service.permissions import Action

#: States of what was concluded, and of what ended without it; everything else is under way.
CONCLUDED = frozenset({"completed", "superseded"})
ENDED = frozenset({"rejected", "withdrawn", "expired", "declined", "void"})

blueprint = Blueprint("dashboard", __name__)


@door(blueprint, "/", Action.PUBLIC)
def home() -> str:
    """What waits for the reader, then agreements on their way, concluded and ended; `?show=` one of the three."""
    if actor().kind != "staff":
        return render_template("dashboard/welcome.html")
    rows = agreements.list_all(services(), actor())
    groups = {
        "under_way": [row for row in rows if row.state not in CONCLUDED | ENDED],
        "concluded": [row for row in rows if row.state in CONCLUDED],
        "ended": [row for row in rows if row.state in ENDED],
    }
    wanted = request.args.get("show", "")
    return render_template(
        "dashboard/home.html",
        asked=inbox.asked_of_me(services(), actor()),
        groups=groups,
        show=wanted if wanted in groups else "",
    )
