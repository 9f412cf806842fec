"""The directory as a table: a preview of what a file would add, confirming it, and taking the directory home.

Between preview and confirmation the bytes of the file stay in the page; the service keeps nothing of it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from agreements.errors import TableUnreadable
from agreements.organisation_tables import MAX_BYTES, CellProblem, written
from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.language import language
from signing_service.operations import organisation_tables
from signing_service.permissions import Action

blueprint = Blueprint("organisation_tables", __name__)
SHOWN = 200  # mistakes on the page; more are counted


@door(blueprint, "/organisations/import", Action.ORGANISATION_EDIT)
def ask() -> str:
    """Where to choose the file."""
    return _ask()


@door(blueprint, "/organisations/import", Action.ORGANISATION_EDIT, methods=("POST",))
def preview() -> str | tuple[str, int]:
    """What the file would add, or what is wrong in which row and column. Nothing is stored."""
    upload = request.files.get("file")
    data = upload.stream.read(MAX_BYTES + 1) if upload is not None else b""
    if not data:
        return _ask(_("Choose a table first. Nothing was stored.")), 422
    return _preview(data)


@door(blueprint, "/organisations/import/confirmed", Action.ORGANISATION_EDIT, methods=("POST",))
def take_in() -> Response | str | tuple[str, int]:
    """Enter what the preview showed, all of it or nothing; it is read and checked anew."""
    try:
        data = b64decode(request.form.get("table", ""), validate=True)
    except ValueError:
        data = b""
    try:
        count = organisation_tables.take_in(services(), actor(), data)
    except (TableUnreadable, InvalidInput):
        return _preview(data)  # says what is wrong, for example a number that somebody entered meanwhile
    flash(
        ngettext("One organisation is in the directory now.", "%(num)s organisations are in the directory now.", count)
    )
    return redirect(url_for("organisations.show_all"), 303)


@door(blueprint, "/organisations/empty.csv", Action.ORGANISATION_EDIT)
def empty() -> Response:
    """A table with its header only."""
    return _file(written(()), "organisations-empty.csv")


@door(blueprint, "/organisations/export", Action.ORGANISATION_EDIT, methods=("POST",))
def take_out() -> Response:
    """The directory as a table; the log keeps who took it."""
    return _file(organisation_tables.take_out(services(), actor()), "organisations.csv")


def _ask(problem: str = "") -> str:
    return render_template("organisations/import.html", problem=problem, found=None)


def _preview(data: bytes) -> str | tuple[str, int]:
    try:
        found = organisation_tables.preview(services(), actor(), data)
    except TableUnreadable as refused:
        reason = _(refused.reason).format(**refused.reason_params)
        return _ask(_(refused.message).format(reason=reason)), 422
    problems = [(one.row, one.column, _words(one)) for one in found.problems]
    page = render_template(
        "organisations/import.html",
        problem="",
        found=found,
        problems=problems[:SHOWN],
        count=len(problems),
        table=b64encode(data).decode(),
    )
    return (page, 422) if problems else page


def _words(one: CellProblem) -> str:
    return one.problem.words(language(), _(one.problem.message))


def _file(data: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype="text/csv", headers=headers)
