"""Verification as JSON: one PDF in, one report out. Nothing is kept, and no cookie is read."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from signing_service.door import door, services
from signing_service.language import language
from signing_service.operations import verification
from signing_service.permissions import ANONYMOUS, Action
from signing_service.security import per_megabyte
from signing_service.verification.policy import DEFAULT
from signing_service.verification.report_etsi import report_etsi

blueprint = Blueprint("api_verification", __name__, url_prefix="/api/v1")


@door(blueprint, "/verification", Action.VERIFY, methods=("POST",))
@per_megabyte
def check() -> Response:
    """Judge the PDF that is the body, or the part `file` of a form.

    `?at=` another time, `?policy=` other rules, `?format=etsi` XML.
    """
    upload = request.files.get("file")
    data = upload.read() if upload is not None else request.get_data()
    name = (upload.filename if upload is not None else request.args.get("name")) or "document.pdf"
    name = name.replace("\\", "/").rsplit("/", 1)[-1][:200]
    at = verification.moment(request.args["at"]) if "at" in request.args else None
    policy = verification.policy(request.args.get("policy", DEFAULT))
    report = verification.upload(services(), ANONYMOUS, data, name, language(), at, policy)
    if request.args.get("format") == "etsi":
        return Response(report_etsi(report), mimetype="application/xml")
    return Response(json.dumps(report.to_json(), ensure_ascii=False), mimetype="application/json")
