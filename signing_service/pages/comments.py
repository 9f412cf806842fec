"""Comments for staff: written beside a clause, listed for an agreement, answered, shared with the other side."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.errors import AgreementError
from agreements.numerals import article
from signing_service.door import actor, door, services
from signing_service.errors import N_, NotFound
from signing_service.http_errors import said, status_of
from signing_service.operations import comments, versions
from signing_service.operations.comments import NewComment
from signing_service.pages.versions import columns
from signing_service.permissions import Action

blueprint = Blueprint("comments", __name__, url_prefix="/agreements/<agreement_id>/comments")


@door(blueprint, "", Action.AGREEMENT_READ)
def show(agreement_id: str) -> str:
    """Every comment, the open ones first; `?state=all` shows the settled ones too."""
    return _list(agreement_id)


@door(blueprint, "/new", Action.COMMENT_ADD)
def write(agreement_id: str) -> str:
    """The form for one clause of one version; a selection comes along in the address."""
    new = NewComment(
        request.args.get("version", 0, int),
        request.args.get("clause", ""),
        "",
        request.args.get("quote", "")[:2000],
        request.args.get("language", ""),
        request.args.get("near", 0, int),
    )
    return _form(agreement_id, new)


@door(blueprint, "", Action.COMMENT_ADD, methods=("POST",))
def add(agreement_id: str) -> Response | tuple[str, int]:
    """Keep the comment, or show the form again with what was written."""
    new = typed_comment()
    shared = request.form.get("audience") == "shared"
    try:
        comments.add(services(), actor(), agreement_id, new, blocking="blocking" in request.form, shared=shared)
    except AgreementError as error:
        return _form(agreement_id, new, problem=said(error)), status_of(error)
    flash(_("Your comment is kept."))
    place = f"clause-{new.clause_id}"
    return redirect(url_for("versions.read", agreement_id=agreement_id, number=new.version, _anchor=place), 303)


@door(blueprint, "/<comment_id>/reply", Action.COMMENT_ADD, methods=("POST",))
def reply(agreement_id: str, comment_id: str) -> Response | tuple[str, int]:
    """Answer a comment."""
    words, shared = request.form.get("words", ""), request.form.get("audience") == "shared"
    try:
        comments.reply(services(), actor(), agreement_id, comment_id, words, shared=shared)
    except AgreementError as error:
        return _list(agreement_id, troubled=comment_id, problem=said(error), words=words), status_of(error)
    return _back(agreement_id, comment_id)


@door(blueprint, "/<comment_id>/close", Action.COMMENT_SETTLE, methods=("POST",))
def close(agreement_id: str, comment_id: str) -> Response | tuple[str, int]:
    """Settle a comment."""
    outcome, words = request.form.get("outcome", ""), request.form.get("words", "")
    try:
        comments.close(services(), actor(), agreement_id, comment_id, outcome, words)
    except AgreementError as error:
        return _list(agreement_id, troubled=comment_id, problem=said(error), words=words), status_of(error)
    flash(_("The comment is settled."))
    return redirect(url_for("comments.show", agreement_id=agreement_id), 303)


@door(blueprint, "/<comment_id>/share", Action.COMMENT_SETTLE)
def confirm(agreement_id: str, comment_id: str) -> str:
    """What sharing a comment means, before it is done."""
    row, comment = comments.one(services(), actor(), agreement_id, comment_id)
    return render_template("comments/share.html", row=row, comment_=comment, article=article)


@door(blueprint, "/<comment_id>/share", Action.COMMENT_SETTLE, methods=("POST",))
def share(agreement_id: str, comment_id: str) -> Response:
    """Share it."""
    comments.share(services(), actor(), agreement_id, comment_id)
    flash(_("The reviewers of every party can see this comment now."))
    return _back(agreement_id, comment_id)


def typed_comment() -> NewComment:
    """The comment in the posted form."""
    return NewComment(
        request.form.get("version", 0, int),
        request.form.get("clause_id", ""),
        request.form.get("words", ""),
        request.form.get("quote", ""),
        request.form.get("quote_language", ""),
        request.form.get("near", 0, int),
    )


def _back(agreement_id: str, comment_id: str) -> Response:
    return redirect(url_for("comments.show", agreement_id=agreement_id, _anchor=comment_id), 303)


def _list(agreement_id: str, *, troubled: str = "", problem: str = "", words: str = "") -> str:
    listed = comments.read(services(), actor(), agreement_id)
    settled = sum(1 for one in listed.comments if one.state != "open")
    every = request.args.get("state") == "all"
    shown = tuple(one for one in listed.comments if every or one.state == "open")
    return render_template(
        "comments/list.html",
        listed=listed,
        shown=shown,
        settled=settled,
        every=every,
        article=article,
        troubled=troubled,
        problem=problem,
        words=words,
    )


def _form(agreement_id: str, new: NewComment, problem: str = "") -> str:
    reading = versions.read(services(), actor(), agreement_id, new.version)
    clause = next((one for one in reading.version.clauses if one.id == new.clause_id), None)
    if clause is None:
        raise NotFound(what=N_("article"))
    return render_template(
        "comments/write.html",
        reading=reading,
        clause=clause,
        new=new,
        problem=problem,
        columns=columns(reading.version.languages),
        may=comments.read(services(), actor(), agreement_id).may,
        article=article,
    )
