"""With which key each signatory signs: the host's choice, before the signatory is ready."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from keys.custody import words
from signing_service.door import actor, door, services
from signing_service.errors import SeatState
from signing_service.http_errors import said, status_of
from signing_service.language import language
from signing_service.operations import agreements, custodies
from signing_service.operations.ways import set_up
from signing_service.permissions import Action

blueprint = Blueprint("custodies", __name__, url_prefix="/agreements/<agreement_id>/keys")


@door(blueprint, "", Action.CEREMONY_PLAN)
def show(agreement_id: str) -> str:
    """Every signatory with the choices there are."""
    return _page(agreement_id)


@door(blueprint, "", Action.CEREMONY_PLAN, methods=("POST",))
def choose(agreement_id: str) -> Response | tuple[str, int]:
    """Keep one choice."""
    try:
        custodies.choose(services(), actor(), request.form.get("signatory", ""), request.form.get("custody", ""))
    except SeatState as refused:
        return _page(agreement_id, said(refused)), status_of(refused)
    flash(_("The choice is kept."))
    return redirect(url_for("custodies.show", agreement_id=agreement_id), 303)


def _page(agreement_id: str, problem: str = "") -> str:
    view = agreements.read(services(), actor(), agreement_id)
    kinds = {kind.value: words(kind, language(), ahead=True) for kind in set_up(services())}
    return render_template("custodies/choose.html", view=view, kinds=kinds, problem=problem)
