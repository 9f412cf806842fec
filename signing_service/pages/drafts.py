"""Starting an agreement from a template, and its draft: a form drawn from the template's fields.

What was typed is kept whatever happens: an incomplete draft is saved as it is, a refused version shows every problem at
its field.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.operations import drafts
from signing_service.permissions import Action

blueprint = Blueprint("drafts", __name__)


@door(blueprint, "/agreements/new", Action.AGREEMENT_START)
def choose() -> str:
    """The templates one can begin with."""
    return render_template("drafts/choose.html", templates=drafts.templates(services(), actor()))


@door(blueprint, "/agreements/new", Action.AGREEMENT_START, methods=("POST",))
def start() -> Response:
    """A fresh draft from the chosen template."""
    agreement_id = drafts.start(services(), actor(), request.form.get("template_id", ""))
    return redirect(url_for("drafts.edit", agreement_id=agreement_id), 303)


@door(blueprint, "/agreements/<agreement_id>/draft", Action.DRAFT_EDIT)
def edit(agreement_id: str) -> str:
    """The form."""
    return ""
