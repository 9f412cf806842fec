"""Freezing the approved version into a PDF, and taking the newest revision of that PDF home."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.course_errors import DeadlineInvalid
from signing_service.door import actor, door, services
from signing_service.http_errors import said
from signing_service.operations import agreements, documents
from signing_service.pages import deadlines
from signing_service.pages.deadlines import DeadlineForm
from signing_service.permissions import Action

blueprint = Blueprint("documents", __name__)


@door(blueprint, "/agreements/<agreement_id>/freeze", Action.DOCUMENT_FREEZE)
def confirm(agreement_id: str) -> str:
    """What freezing means, before it is done."""
    return _confirm(agreement_id, DeadlineForm())


@door(blueprint, "/agreements/<agreement_id>/freeze", Action.DOCUMENT_FREEZE, methods=("POST",))
def freeze(agreement_id: str) -> Response | tuple[str, int]:
    """Make the PDF that will be signed; a last day for signing that cannot be is told at the field."""
    until, sha256 = deadlines.read(request.form), request.form.get("version_sha256", "")
    if until.problem:
        return _confirm(agreement_id, until), 422
    try:
        documents.freeze(services(), actor(), agreement_id, sha256, until.deadline)
    except DeadlineInvalid as refused:
        return _confirm(agreement_id, replace(until, problem=said(refused))), 422
    flash(_("Frozen and sealed. From now on these bytes are what is signed."))
    return redirect(url_for("agreements.overview", agreement_id=agreement_id), 303)


def _confirm(agreement_id: str, until: DeadlineForm) -> str:
    view = agreements.read(services(), actor(), agreement_id)
    return render_template("documents/freeze.html", view=view, until=until)


@door(blueprint, "/agreements/<agreement_id>/document.pdf", Action.DOCUMENT_READ)
def download(agreement_id: str) -> Response:
    """The newest revision; `?show=1` lets the browser display it instead of saving it."""
    data, name = documents.download(services(), actor(), agreement_id)
    return send_file(
        BytesIO(data), mimetype="application/pdf", as_attachment="show" not in request.args, download_name=name
    )
