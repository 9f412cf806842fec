"""Checking any PDF without signing in: drop a file, or name the number of an agreement of ours.

A PDF that does not pass is a report, never an error. What it says is written by `signing_service.verification`.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.language import language
from signing_service.operations import verification
from signing_service.permissions import Action
from signing_service.verification import report_html
from signing_service.verification.report import Report

blueprint = Blueprint("verification", __name__)


@door(blueprint, "/verify", Action.VERIFY)
def ask() -> str:
    """Where to drop the file."""
    return render_template("verification/ask.html")


@door(blueprint, "/verify", Action.VERIFY, methods=("POST",))
def check() -> Response | str | tuple[str, int]:
    """Judge an uploaded file, or go to the agreement whose number was typed."""
    number = request.form.get("number", "").strip()
    if number:
        return redirect(url_for("verification.by_number", number=number), 303)
    upload = request.files.get("file")
    data = upload.read() if upload is not None else b""
    if upload is None or not data:
        return render_template("verification/ask.html", problem=_("Choose a PDF first. Nothing was checked.")), 422
    name = (upload.filename or "document.pdf").replace("\\", "/").rsplit("/", 1)[-1][:200]
    report = verification.upload(services(), actor(), data, name, language())
    return _page(report)


@door(blueprint, "/verify/<path:number>", Action.VERIFY)
def by_number(number: str) -> str:
    """Judge the newest signed PDF of the agreement with this number."""
    return _page(verification.by_number(services(), actor(), number), number=number)


def _page(report: Report, number: str | None = None) -> str:
    body = report_html.render_body(report, language())
    return render_template("verification/report.html", report=report, body=body, number=number)
