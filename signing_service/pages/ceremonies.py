"""The host console, sending a signatory a new link, and rehearsals. Commands go through the JSON interface."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.api.boards import host_json
from signing_service.door import actor, door, services
from signing_service.operations import boards, invitations, rehearsals
from signing_service.permissions import Action

blueprint = Blueprint("ceremonies", __name__, url_prefix="/ceremonies/<ceremony_id>")


@door(blueprint, "", Action.CEREMONY_HOST)
def console(ceremony_id: str) -> str:
    """Presence, readiness, the one next command."""
    board = host_json(boards.host(services(), actor(), ceremony_id))
    return render_template("ceremonies/console.html", board=board)


@door(blueprint, "/invitations", Action.INVITATION_SEND, methods=("POST",))
def reissue(ceremony_id: str) -> Response:
    """Withdraw a signatory's link and mail a new one; the link itself is shown to nobody but them."""
    invitations.reissue(services(), actor(), request.form.get("invited", ""))
    flash(_("A new link is on its way. The old one no longer works."))
    return redirect(url_for("ceremonies.console", ceremony_id=ceremony_id), 303)


@door(blueprint, "/rehearsal", Action.CEREMONY_REHEARSE, methods=("POST",))
def rehearse(ceremony_id: str) -> Response:
    """Start a rehearsal, or start anew."""
    rehearsals.start(services(), actor(), ceremony_id)
    flash(_("The rehearsal is running. Signatories find it at their seats."))
    return redirect(url_for("ceremonies.console", ceremony_id=ceremony_id), 303)


@door(blueprint, "/rehearsal/end", Action.CEREMONY_REHEARSE, methods=("POST",))
def end_rehearsal(ceremony_id: str) -> Response:
    """End it; nothing of the agreement has changed."""
    rehearsals.end(services(), actor(), ceremony_id)
    flash(_("The rehearsal is over. Nothing was signed, and its copy is deleted within a day."))
    return redirect(url_for("ceremonies.console", ceremony_id=ceremony_id), 303)


@door(blueprint, "/rehearsal/copy.pdf", Action.CEREMONY_REHEARSE)
def rehearsal_copy(ceremony_id: str) -> Response:
    """The marked copy as everybody sees it."""
    return Response(rehearsals.copy(services(), actor(), ceremony_id), mimetype="application/pdf")
