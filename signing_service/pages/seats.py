"""A signatory's seat: one page that carries its first board, so that the first paint waits for nothing.

Everything after that comes from the JSON interface; nothing is decided here.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.endings import WHAT_HAPPENED
from agreements.lifecycle import State
from signing_service import sessions
from signing_service.api.boards import rehearsal_json, seat_json
from signing_service.door import actor, door, services
from signing_service.errors import RehearsalOver, SignInNeeded
from signing_service.language import language
from signing_service.moments import spoken
from signing_service.operations import boards, external_seals, people, rehearsal_seats
from signing_service.pades import drawing
from signing_service.permissions import Action

#: The seal's two characters; they are shown to readers of every language when a party reads Chinese.
SEAL_ZH = "已签"
REHEARSAL_ZH = "演练"

#: What the pad for a drawn signature must know of the grammar of drawings.
PAD = {
    "width": drawing.WIDTH,
    "height": drawing.HEIGHT,
    "pen": drawing.PEN,
    "strokes": drawing.STROKES_MAX,
    "points": drawing.POINTS_MAX,
    "smallest": drawing.SMALLEST,
}

blueprint = Blueprint("seats", __name__)


@door(blueprint, "/seat/<signatory_id>", Action.SEAT_TAKE)
def seat(signatory_id: str) -> str:
    """The seat of a signatory whose code this browser has entered."""
    found = boards.seat(services(), actor(), language())
    board, agreement = seat_json(found), found.board.agreement
    until = spoken(agreement.sign_until_at, agreement.sign_until_zone) if agreement.sign_until_at else ""
    word = SEAL_ZH if "zh-Hans" in board["agreement"]["title"] else _("Signed")
    attached = external_seals.attached(services(), actor())
    return render_template("seats/seat.html", seat=board, seal_word=word, until=until, pad=PAD, attached=attached)


@door(blueprint, "/seat/<signatory_id>/rehearsal", Action.SEAT_REHEARSE)
def rehearsal(signatory_id: str) -> str | Response:
    """The same page with a marked copy, while a rehearsal is running; the seat itself otherwise."""
    try:
        found = rehearsal_seats.board(services(), actor(), language())
    except RehearsalOver:
        return redirect(url_for("seats.seat", signatory_id=signatory_id), 303)
    if found.board.rehearsal is None:  # over: on the day nobody is to find themselves in a rehearsal
        return redirect(url_for("seats.seat", signatory_id=signatory_id), 303)
    board = rehearsal_json(found)
    word = REHEARSAL_ZH if "zh-Hans" in board["agreement"]["title"] else _("Rehearsal")
    return render_template("seats/rehearsal.html", seat=board, seal_word=word, until="")


@blueprint.errorhandler(SignInNeeded)
def ended(_error: SignInNeeded) -> tuple[str, int]:
    """No seat is open in this browser: say how to come back, or that the agreement has ended, to whom it concerned."""
    token = sessions.seat_token((request.view_args or {}).get("signatory_id", ""))
    end = people.seat_end(services(), actor(), token) if token else None
    return render_template("seats/ended.html", happened=WHAT_HAPPENED[State(end)] if end else ""), 401
