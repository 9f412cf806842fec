"""The partner's review as its reviewer sees it: the text clause by clause, what changed, comments, proposals.

Everything works without script. When a session or a form has ended while somebody was writing, what they wrote is shown
back to them.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from agreements.errors import AgreementError
from agreements.field_labels import LANGUAGE_NAMES
from agreements.numerals import article
from agreements.redlines import ClauseChange
from signing_service.door import actor, door, services
from signing_service.errors import NotPermitted, ServiceError, SignInNeeded
from signing_service.http_errors import said, status_of
from signing_service.operations import partner_review
from signing_service.operations.partner_review import ClauseDesk, NewProposal
from signing_service.pages import redlines
from signing_service.pages.comments import typed_comment
from signing_service.pages.versions import columns
from signing_service.permissions import Action

WRITTEN = ("words", "explanation", "title.", "text.")
LONGEST_SHOWN_BACK = 50_000

blueprint = Blueprint("partner_review", __name__, url_prefix="/review/<reviewer_id>")


@door(blueprint, "", Action.REVIEW_TAKE_PART)
def read(reviewer_id: str) -> str:
    """The newest version that was shared, in the reader's language first."""
    return render_template(
        "partner_review/read.html",
        reading=partner_review.read(services(), actor()),
        article=article,
        names=LANGUAGE_NAMES,
    )


@door(blueprint, "/changes", Action.REVIEW_TAKE_PART)
def changes(reviewer_id: str) -> str:
    """What changed since the version that was shared before."""
    room, redline = partner_review.changes(services(), actor())
    return render_template(
        "partner_review/changes.html",
        room=room,
        redline=redline,
        stretches=tuple(redlines.stretches(redline.clauses)),
        value_words=redlines.value_words,
        columns=columns(redline.languages),
        article=article,
    )


@door(blueprint, "/done", Action.REVIEW_TAKE_PART, methods=("POST",))
def done(reviewer_id: str) -> Response:
    """No more remarks on this version."""
    partner_review.done(services(), actor(), request.form.get("version", 0, int))
    flash(_("Thank you. The other side sees that you have no more remarks on this version."))
    return redirect(url_for("partner_review.read", reviewer_id=reviewer_id), 303)


@door(blueprint, "/clauses/<clause_id>", Action.REVIEW_TAKE_PART)
def discuss(reviewer_id: str, clause_id: str) -> str:
    """One clause with its comments, and the form for another."""
    return _discussion(clause_id)


@door(blueprint, "/clauses/<clause_id>", Action.REVIEW_TAKE_PART, methods=("POST",))
def comment(reviewer_id: str, clause_id: str) -> Response | tuple[str, int]:
    """Keep a comment or a reply, or show the form again with what was written."""
    answered = request.form.get("answers", "")
    try:
        if answered:
            partner_review.reply(services(), actor(), answered, request.form.get("words", ""))
        else:
            partner_review.comment(services(), actor(), typed_comment())
    except (AgreementError, ServiceError) as error:
        return _discussion(clause_id, problem=said(error), answered=answered), status_of(error)
    flash(_("Your words are kept and shown to the other side."))
    return redirect(url_for("partner_review.read", reviewer_id=reviewer_id, _anchor=f"clause-{clause_id}"), 303)


@door(blueprint, "/clauses/<clause_id>/proposal", Action.REVIEW_TAKE_PART)
def propose(reviewer_id: str, clause_id: str) -> str:
    """The clause as plain text to be changed."""
    desk = partner_review.clause(services(), actor(), clause_id)
    if not desk.room.may_propose:
        raise NotPermitted(action="proposals.propose")
    return _proposal(desk)


@door(blueprint, "/clauses/<clause_id>/proposal", Action.REVIEW_TAKE_PART, methods=("POST",))
def send(reviewer_id: str, clause_id: str) -> Response | str | tuple[str, int]:
    """Show the redline of what is typed, or send it; whatever is refused, what was typed stands in the form again."""
    desk = partner_review.clause(services(), actor(), clause_id)
    typed = _typed(desk)
    try:
        if request.form.get("do") == "look":
            return _proposal(desk, typed, change=partner_review.preview(services(), actor(), typed))
        partner_review.propose(services(), actor(), typed)
    except (AgreementError, ServiceError) as error:
        return _proposal(desk, typed, problem=said(error)), status_of(error)
    flash(_("Your proposal is sent. Nothing changes until the other side accepts it; you are told by mail."))
    return redirect(url_for("partner_review.read", reviewer_id=reviewer_id, _anchor=f"clause-{clause_id}"), 303)


@blueprint.errorhandler(SignInNeeded)
def ended(_error: SignInNeeded) -> tuple[str, int]:
    """No review is open in this browser any more: say how to come back, and give back what was written."""
    return render_template("partner_review/ended.html", written=_written()), 401


@blueprint.errorhandler(CSRFError)
def too_old(_error: CSRFError) -> tuple[str, int]:
    """The form is older than the browser's session; the same, with the status of such a form."""
    problem = _("This form is too old or came from another page. Go back, reload and send it again.")
    return render_template("partner_review/ended.html", written=_written(), problem=problem), 400


def _written() -> list[str]:
    """What stood in the posted form, to be copied by its writer; another site's form gives nothing back."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    found = [text for name, text in request.form.items() if name.startswith(WRITTEN) and text.strip()]
    return [text[:LONGEST_SHOWN_BACK] for text in found]


def _typed(desk: ClauseDesk) -> NewProposal:
    def in_languages(prefix: str) -> Mapping[str, str]:
        return {lang: request.form.get(f"{prefix}.{lang}", "") for lang in desk.wordings}

    return NewProposal(
        request.form.get("version", 0, int),
        desk.reading.clause.id,
        in_languages("title"),
        in_languages("text"),
        request.form.get("explanation", ""),
        request.form.get("form_key", ""),
    )


def _discussion(clause_id: str, *, problem: str = "", answered: str = "") -> str:
    return render_template(
        "partner_review/discuss.html",
        desk=partner_review.clause(services(), actor(), clause_id),
        problem=problem,
        answered=answered,
        words=request.form.get("words", ""),
        quote=request.form.get("quote", ""),
        article=article,
        names=LANGUAGE_NAMES,
    )


def _proposal(
    desk: ClauseDesk, typed: NewProposal | None = None, *, change: ClauseChange | None = None, problem: str = ""
) -> str:
    titles = typed.titles if typed else {lang: one.title for lang, one in desk.wordings.items()}
    texts = typed.texts if typed else {lang: one.text for lang, one in desk.wordings.items()}
    return render_template(
        "partner_review/propose.html",
        desk=desk,
        titles=titles,
        texts=texts,
        explanation=typed.explanation if typed else "",
        form_key=typed.form_key if typed else desk.form_key,
        version=typed.version if typed else desk.room.version,
        change=change,
        problem=problem,
        article=article,
        names=LANGUAGE_NAMES,
    )
