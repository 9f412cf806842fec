"""Beginning an amendment or a replacement of a completed agreement."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.operations import agreements, successors
from signing_service.permissions import Action

blueprint = Blueprint("successors", __name__, url_prefix="/agreements/<agreement_id>/successors/<relation>")


@door(blueprint, "", Action.AGREEMENT_START)
def form(agreement_id: str, relation: str) -> str:
    """What begins, with a number to take or to change."""
    return _page(agreement_id, relation, successors.suggestion(services(), actor(), agreement_id, relation))


@door(blueprint, "", Action.AGREEMENT_START, methods=("POST",))
def start(agreement_id: str, relation: str) -> Response | tuple[str, int]:
    """Begin it and go on in its draft; a number that cannot be used is told at the field."""
    number = request.form.get("number", "")
    try:
        begun = successors.start(services(), actor(), agreement_id, relation, number)
    except InvalidInput as refused:
        return _page(agreement_id, relation, number[:200], _(str(refused.params["problem"]))), 422
    flash(_("The draft begins with what was agreed. Change what is to change."))
    return redirect(url_for("drafts.edit", agreement_id=begun), 303)


def _page(agreement_id: str, relation: str, number: str, problem: str = "") -> str:
    view = agreements.read(services(), actor(), agreement_id)
    chain = successors.chain(services(), actor(), agreement_id)
    return render_template(
        "successors/start.html", view=view, chain=chain, relation=relation, number=number, problem=problem
    )
