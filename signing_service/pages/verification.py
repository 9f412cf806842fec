"""Checking any PDF without signing in: drop a file, or name the number of an agreement of ours.

A PDF that does not pass is a report, never an error. What it says is written by `signing_service.verification`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
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
from signing_service.verification.plain_data import format_time
from signing_service.verification.policy import DEFAULT
from signing_service.verification.report import Report
from signing_service.verification.report_etsi import report_etsi
from signing_service.verification.report_html import Action as ReportLink

FORMATS = ("json", "xml", "html", "pdf")

blueprint = Blueprint("verification", __name__)


@door(blueprint, "/verify", Action.VERIFY)
def ask() -> str:
    """Where to drop the file."""
    return _ask(forgotten="forgotten" in request.args)


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
        return _ask(problem=_("Choose a PDF first. Nothing was checked.")), 422
    name = (upload.filename or "document.pdf").replace("\\", "/").rsplit("/", 1)[-1][:200]
    at, policy = asked_moment(request.form), asked_policy(request.form) or DEFAULT
    report = verification.upload(services(), actor(), data, name, language(), at, policy)
    token = judged_files.keep(services(), actor(), data, report)
    return redirect(url_for("judged_files.report", token=token), 303)


@door(blueprint, "/verify/<path:number>", Action.VERIFY)
def by_number(number: str) -> Response | str:
    """Judge the newest signed PDF of the agreement with this number, `?at=` another time, `?policy=` under other rules;
    `?format=` one of FORMATS gives a file to keep."""
    moment, policy = asked_moment(request.args), asked_policy(request.args)
    report = verification.by_number(services(), actor(), number, moment, policy or DEFAULT)
    wanted = request.args.get("format")
    if wanted in FORMATS:
        return kept_as(report, wanted, number)
    return _page(report, number, moment, policy)


def asked_policy(values: Mapping[str, str]) -> str | None:
    """The policy that a form or an address names, if any; raises InvalidInput."""
    return verification.policy(values["policy"]) if values.get("policy") else None


def asked_moment(values: Mapping[str, str]) -> datetime | None:
    """The time `at`, which a form may have parted into a date and a time; None: there is none. Raises InvalidInput."""
    text = values.get("at") or f"{values.get('date', '')}T{values.get('time', '') or '00:00'}"
    return None if text.startswith("T") else verification.moment(text)


def policy_words() -> dict[str, str]:
    """What each policy is called on a page."""
    return {
        "default": _("Usual rules"),
        "strict": _("Strict: a proved time, and nothing but signing afterwards"),
        "lenient-archive": _("For old files: what is missing is said, and does not decide"),
    }


def asked_again(moment: datetime | None, policy: str | None) -> dict[str, Any]:
    """The conditions of a report that is not as of now and under the usual rules, as parts of an address."""
    conditions = {"at": format_time(moment) if moment is not None else "", "policy": policy or ""}
    return {name: value for name, value in conditions.items() if value}


def _ask(**told: object) -> str:
    return render_template("verification/ask.html", policies=policy_words(), **told)


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


def _page(report: Report, number: str, moment: datetime | None, policy: str | None) -> str:
    asked = asked_again(moment, policy)
    address = url_for("verification.by_number", number=number)
    links = [ReportLink(_("Check another PDF"), url_for("verification.ask"))]
    for shape, words in (("pdf", _("Report (PDF)")), ("xml", "ETSI XML"), ("json", "JSON"), ("html", "HTML")):
        links.append(ReportLink(words, url_for("verification.by_number", number=number, format=shape, **asked)))
    body = report_html.render_body(report, language(), links)
    ours = report.agreement.agreement_no if report.agreement is not None else ""
    standing = verification.standing(services(), actor(), ours) if ours else None
    return render_template(
        "verification/report.html",
        body=body,
        number=number,
        standing=standing,
        report=report,
        moment=moment,
        policy=policy if policy != DEFAULT else None,
        policies=policy_words(),
        again=address,
        back=address if asked else "",
    )


def attached(content: str | bytes, mimetype: str, name: str) -> Response:
    """A file to keep; what a file of ours is called never comes out as a header or a path."""
    kept = "".join(character if character.isalnum() or character in "-._" else "-" for character in name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept)}"}
    return Response(content, mimetype=mimetype, headers=headers)
