"""The start page: what is asked of the reader, then the agreements with their state and the one next action of each.

Strangers read what this is.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from signing_service.door import actor, door, services
from signing_service.operations import agreements, inbox
from signing_service.permissions import Action

#: States in which nothing more happens.
ENDED = frozenset({"completed", "rejected", "withdrawn", "expired", "declined", "void", "superseded"})

blueprint = Blueprint("dashboard", __name__)


@door(blueprint, "/", Action.PUBLIC)
def home() -> str:
    """What waits for the reader's decision, agreements on their way, then those that ended."""
    if actor().kind != "staff":
        return render_template("dashboard/welcome.html")
    rows = agreements.list_all(services(), actor())
    return render_template(
        "dashboard/home.html",
        asked=inbox.asked_of_me(services(), actor()),
        under_way=[row for row in rows if row.state not in ENDED],
        ended=[row for row in rows if row.state in ENDED],
    )
