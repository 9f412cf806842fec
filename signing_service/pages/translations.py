"""Saying that a translation still is right although the text it translates was edited; several pages ask for it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.operations import translations
from signing_service.pages.language import local_path
from signing_service.pages.numbers import row_version
from signing_service.permissions import Action

blueprint = Blueprint("translations", __name__)


@door(blueprint, "/agreements/<agreement_id>/translations", Action.DRAFT_EDIT, methods=("POST",))
def confirm(agreement_id: str) -> Response:
    """Confirm one translation of the draft that was shown, and go back to where it was shown."""
    path, lang = request.form.get("path", ""), request.form.get("lang", "")
    translations.confirm(services(), actor(), agreement_id, path, lang, row_version(request.form))
    flash(_("Recorded: the translation still is right."))
    return redirect(local_path(request.form.get("next") or url_for("drafts.edit", agreement_id=agreement_id)), 303)
