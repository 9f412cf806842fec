"""The certificates we issued, and the form that revokes one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.operations import certificates
from signing_service.permissions import Action

blueprint = Blueprint("certificates", __name__)


@door(blueprint, "/certificates", Action.CERTIFICATE_READ)
def index() -> str:
    """All certificates, the newest first."""
    found = certificates.issued(services(), actor())
    return render_template("certificates/index.html", certificates=found, reasons=certificates.REASONS)


@door(blueprint, "/certificates/<serial>/revoke", Action.CERTIFICATE_REVOKE, methods=("POST",))
def revoke(serial: str) -> Response:
    """Revoke one, with a reason."""
    certificates.revoke(services(), actor(), serial[:64], request.form.get("reason", "")[:40])
    flash(_("The certificate is revoked. Everybody who asks is told so from now on."))
    return redirect(url_for("certificates.index"), 303)
