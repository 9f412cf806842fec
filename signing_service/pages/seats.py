"""A signatory's seat: one page that carries its first board, so that the first paint waits for nothing.

Everything after that comes from the JSON interface; nothing is decided here.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from signing_service.api.boards import seat_json
from signing_service.door import actor, door, services
from signing_service.errors import SignInNeeded
from signing_service.language import language
from signing_service.operations import boards
from signing_service.permissions import Action

#: The seal's two characters; they are shown to readers of every language when a party reads Chinese.
SEAL_ZH = "已签"

blueprint = Blueprint("seats", __name__)


@door(blueprint, "/seat/<signatory_id>", Action.SEAT_TAKE)
def seat(signatory_id: str) -> str:
    """The seat of a signatory whose code this browser has entered."""
    board = seat_json(boards.seat(services(), actor(), language()))
    word = SEAL_ZH if "zh-Hans" in board["agreement"]["title"] else _("Signed")
    return render_template("seats/seat.html", seat=board, seal_word=word)


@blueprint.errorhandler(SignInNeeded)
def ended(_error: SignInNeeded) -> tuple[str, int]:
    """No seat is open in this browser: say how to come back."""
    return render_template("seats/ended.html"), 401
