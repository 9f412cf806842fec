"""The host console, and sending a signatory a new link. Commands go through the JSON interface."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.api.boards import host_json
from signing_service.door import actor, door, services
from signing_service.operations import boards, invitations
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
