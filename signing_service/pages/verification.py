"""Checking any PDF without signing in: drop a file, or name the number of an agreement of ours.

A PDF that does not pass is a report, never an error. What it says is written by `signing_service.verification`.
"""

from __future__ import annotations

import json
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.language import language
from signing_service.operations import verification
from signing_service.permissions import Action
from signing_service.verification import report_html
from signing_service.verification.report import Report
from signing_service.verification.report_html import Action as ReportLink

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
def by_number(number: str) -> Response | str:
    """Judge the newest signed PDF of the agreement with this number; `?format=json|html` gives a file to keep."""
    report = verification.by_number(services(), actor(), number)
    wanted = request.args.get("format")
    if wanted == "json":
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
        return _file(text, "application/json", f"{number}.report.json")
    if wanted == "html":
        return _file(report_html.report_html(report, language()), "text/html", f"{number}.report.html")
    return _page(report, number)


def _page(report: Report, number: str | None = None) -> str:
    links = [ReportLink(_("Check another PDF"), url_for("verification.ask"))]
    if number is not None:
        links += [
            ReportLink(_("Report as one file"), url_for("verification.by_number", number=number, format="html")),
            ReportLink("JSON", url_for("verification.by_number", number=number, format="json")),
        ]
    body = report_html.render_body(report, language(), links)
    ours = report.agreement.agreement_no if report.agreement is not None else ""
    standing = verification.standing(services(), actor(), ours) if ours else None
    return render_template("verification/report.html", body=body, number=number, standing=standing)


def _file(text: str, mimetype: str, name: str) -> Response:
    kept = "".join(character if character.isalnum() or character in "-._" else "-" for character in name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept)}"}
    return Response(text, mimetype=mimetype, headers=headers)
