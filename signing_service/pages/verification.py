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
from signing_service.operations import judged_files, verification
from signing_service.permissions import Action
from signing_service.security import per_megabyte
from signing_service.verification import report_html
from signing_service.verification.report import Report
from signing_service.verification.report_etsi import report_etsi
from signing_service.verification.report_html import Action as ReportLink

FORMATS = ("json", "xml", "html", "pdf")

blueprint = Blueprint("verification", __name__)


@door(blueprint, "/verify", Action.VERIFY)
def ask() -> str:
    """Where to drop the file."""
    return render_template("verification/ask.html", forgotten="forgotten" in request.args)


@door(blueprint, "/verify", Action.VERIFY, methods=("POST",))
@per_megabyte
def check() -> Response | str | tuple[str, int]:
    """Judge an uploaded file and go to its report, or go to the agreement whose number was typed."""
    number = request.form.get("number", "").strip()
    if number:
        return redirect(url_for("verification.by_number", number=number), 303)
    upload = request.files.get("file")
    data = upload.read() if upload is not None else b""
    if upload is None or not data:
        return render_template("verification/ask.html", problem=_("Choose a PDF first. Nothing was checked.")), 422
    name = (upload.filename or "document.pdf").replace("\\", "/").rsplit("/", 1)[-1][:200]
    report = verification.upload(services(), actor(), data, name, language())
    token = judged_files.keep(services(), actor(), data, report)
    return redirect(url_for("judged_files.report", token=token), 303)


@door(blueprint, "/verify/<path:number>", Action.VERIFY)
def by_number(number: str) -> Response | str:
    """Judge the newest signed PDF of the agreement with this number; `?format=` one of FORMATS gives a file to keep."""
    report = verification.by_number(services(), actor(), number)
    wanted = request.args.get("format")
    if wanted in FORMATS:
        return kept_as(report, wanted, number)
    return _page(report, number)


def kept_as(report: Report, shape: str, name: str) -> Response:
    """The report as a file to keep, in one of `FORMATS`."""
    if shape == "json":
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
        return attached(text, "application/json", f"{name}.report.json")
    if shape == "xml":
        return attached(report_etsi(report), "application/xml", f"{name}.report.xml")
    if shape == "html":
        return attached(report_html.report_html(report, language()), "text/html", f"{name}.report.html")
    pdf = verification.sealed_report(services(), report, language())
    return attached(pdf, "application/pdf", f"{name}.report.pdf")


def _page(report: Report, number: str) -> str:
    links = [ReportLink(_("Check another PDF"), url_for("verification.ask"))]
    for shape, words in (("pdf", _("Report (PDF)")), ("xml", "ETSI XML"), ("json", "JSON"), ("html", "HTML")):
        links.append(ReportLink(words, url_for("verification.by_number", number=number, format=shape)))
    body = report_html.render_body(report, language(), links)
    ours = report.agreement.agreement_no if report.agreement is not None else ""
    standing = verification.standing(services(), actor(), ours) if ours else None
    return render_template("verification/report.html", body=body, number=number, standing=standing)


def attached(content: str | bytes, mimetype: str, name: str) -> Response:
    """A file to keep; what a file of ours is called never comes out as a header or a path."""
    kept = "".join(character if character.isalnum() or character in "-._" else "-" for character in name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept)}"}
    return Response(content, mimetype=mimetype, headers=headers)
