"""Saying that a translation still is right although the text it translates was edited."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.operations import translations
from signing_service.permissions import Action

blueprint = Blueprint("translations", __name__)


@door(blueprint, "/agreements/<agreement_id>/translations", Action.DRAFT_EDIT, methods=("POST",))
def confirm(agreement_id: str) -> Response:
    """Confirm one translation and go back to where it was shown."""
    path, lang = request.form.get("path", ""), request.form.get("lang", "")
    row_version = request.form.get("row_version", -1, type=int)
    translations.confirm(services(), actor(), agreement_id, path, lang, row_version)
    flash(_("Recorded: the translation still is right."))
    return redirect(url_for("drafts.edit", agreement_id=agreement_id), 303)
