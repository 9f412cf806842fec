"""Documents of evidence about an organisation: handed in, withdrawn, and handed out as attachments only."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.evidence_files import MAX_BYTES
from signing_service.door import actor, door, services
from signing_service.errors import N_, InvalidInput
from signing_service.operations import organisation_evidence
from signing_service.permissions import Action

blueprint = Blueprint("organisation_evidence", __name__)

#: Even a browser that opened such a file inside a page of ours would run nothing of it.
SEALED_OFF = "default-src 'none'; sandbox"


@door(blueprint, "/organisations/<organisation_id>/evidence", Action.ORGANISATION_EDIT, methods=("POST",))
def add(organisation_id: str) -> Response:
    """Take a PDF, PNG or JPEG about a number or a person of the entry."""
    upload = request.files.get("file")
    data = upload.stream.read(MAX_BYTES + 1) if upload is not None else b""
    if upload is None or not data:
        raise InvalidInput(field="file", problem=N_("choose a file first; nothing was stored"))
    organisation_evidence.add(
        services(),
        actor(),
        organisation_id,
        request.form.get("about", ""),
        request.form.get("dated", ""),
        data,
        upload.filename or "",
    )
    flash(_("The document is kept."))
    return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)


@door(
    blueprint,
    "/organisations/<organisation_id>/evidence/<evidence_id>/withdraw",
    Action.ORGANISATION_EDIT,
    methods=("POST",),
)
def withdraw(organisation_id: str, evidence_id: str) -> Response:
    """The document counts no longer."""
    organisation_evidence.withdraw(services(), actor(), organisation_id, evidence_id)
    flash(_("The document counts no longer; the log still names it."))
    return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)


@door(blueprint, "/organisations/<organisation_id>/evidence/<evidence_id>", Action.ORGANISATION_READ)
def download(organisation_id: str, evidence_id: str) -> Response:
    """The bytes as they came; never displayed in a page."""
    data, media_type, name = organisation_evidence.read(services(), actor(), organisation_id, evidence_id)
    response = send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = SEALED_OFF
    return response
