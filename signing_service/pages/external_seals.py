"""PDFs sealed on another platform: what is kept, adding one, taking it home, comparing a hash."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput, TooLarge
from signing_service.http_errors import said, status_of
from signing_service.operations import agreements, external_seals
from signing_service.operations.external_seals import MOST_BYTES, Offered
from signing_service.permissions import RULES, Action
from signing_service.sealed_file_errors import SealedFileRefused

blueprint = Blueprint("external_seals", __name__, url_prefix="/agreements/<agreement_id>/external-seals")

#: Even a browser that opened such a file inside a page of ours would run nothing of it.
SEALED_OFF = "default-src 'none'; sandbox"


@door(blueprint, "", Action.AGREEMENT_READ)
def show(agreement_id: str) -> str:
    """What is kept; `?compare=` says which of them has that SHA-256."""
    return _page(agreement_id)


@door(blueprint, "", Action.EXTERNAL_SEAL_KEEP, methods=("POST",))
def add(agreement_id: str) -> Response | tuple[str, int]:
    """Keep one more file, or show what is wrong with it."""
    upload = request.files.get("file")
    data = upload.stream.read(MOST_BYTES + 1) if upload is not None else b""
    if upload is None or not data:
        return _page(agreement_id, _("Choose a PDF first; nothing was stored.")), 422
    offered = Offered(
        data,
        upload.filename or "",
        request.form.get("note", ""),
        request.form.get("signatory", ""),
        request.form.get("stated_sha256", ""),
    )
    try:
        external_seals.add(services(), actor(), agreement_id, offered)
    except (SealedFileRefused, TooLarge, InvalidInput) as refused:
        return _page(agreement_id, said(refused)), status_of(refused)
    flash(_("The file is kept, byte for byte. Its seal was not verified here."))
    return redirect(url_for("external_seals.show", agreement_id=agreement_id), 303)


@door(blueprint, "/<seal_id>/withdraw", Action.EXTERNAL_SEAL_KEEP, methods=("POST",))
def withdraw(agreement_id: str, seal_id: str) -> Response | tuple[str, int]:
    """The file no longer counts."""
    try:
        external_seals.withdraw(services(), actor(), agreement_id, seal_id, request.form.get("words", ""))
    except InvalidInput as refused:
        return _page(agreement_id, said(refused)), status_of(refused)
    flash(_("The file no longer counts; it stays in the record."))
    return redirect(url_for("external_seals.show", agreement_id=agreement_id), 303)


@door(blueprint, "/<seal_id>.pdf", Action.AGREEMENT_READ)
def download(agreement_id: str, seal_id: str) -> Response:
    """The bytes as they came; never displayed in a page."""
    data, name = external_seals.read(services(), actor(), agreement_id, seal_id)
    response = send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = SEALED_OFF
    return response


def _page(agreement_id: str, problem: str = "") -> str:
    view = agreements.read(services(), actor(), agreement_id)
    seals = external_seals.of_agreement(services(), actor(), agreement_id)
    compared = "".join(request.args.get("compare", "").split()).casefold()
    may_keep = any(predicate(actor()) for predicate in RULES[Action.EXTERNAL_SEAL_KEEP])
    return render_template(
        "external_seals/show.html", view=view, seals=seals, problem=problem, compared=compared, may_keep=may_keep
    )
