"""Proposals of reviewers for staff: each as a redline against the draft, taken over, turned down, or edited first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.clause_choices import languages_of as language_of
from agreements.clause_errors import ClauseRefused
from agreements.errors import AgreementError
from agreements.field_labels import LANGUAGE_NAMES
from agreements.numerals import article
from agreements.problems import TemplateProblem
from agreements.redlines import ClauseChange
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile
from signing_service.http_errors import said, status_of
from signing_service.operations import proposals
from signing_service.pages.versions import columns
from signing_service.permissions import Action

blueprint = Blueprint("proposals", __name__, url_prefix="/agreements/<agreement_id>/proposals")


@door(blueprint, "", Action.AGREEMENT_READ)
def show(agreement_id: str) -> str:
    """Every proposal, the open ones first."""
    return _list(agreement_id)


@door(blueprint, "/<proposal_id>", Action.PROPOSAL_DECIDE)
def amend(agreement_id: str, proposal_id: str) -> str:
    """The proposed clause as clause text, to be edited before it is taken over."""
    return _editor(agreement_id, proposal_id)


@door(blueprint, "/<proposal_id>/accept", Action.PROPOSAL_DECIDE, methods=("POST",))
def accept(agreement_id: str, proposal_id: str) -> Response | tuple[str, int]:
    """Take a proposal over, as it is or as it was edited; what cannot be taken is shown with every mistake."""
    seen, words = request.form.get("seen_sha256", ""), request.form.get("words", "")
    sources = {name.removeprefix("source."): text for name, text in request.form.items() if name.startswith("source.")}
    try:
        proposals.accept(services(), actor(), agreement_id, proposal_id, seen, words, sources or None)
    except ClauseRefused as error:
        return _editor(agreement_id, proposal_id, sources, words, error.problems, said(error)), status_of(error)
    except (AgreementError, ChangedMeanwhile) as error:
        if sources:
            return _editor(agreement_id, proposal_id, sources, words, (), said(error)), status_of(error)
        return _list(agreement_id, proposal_id, said(error), words), status_of(error)
    flash(_("Accepted into the draft; the reviewer is told. Save a version when you are content."))
    return redirect(url_for("proposals.show", agreement_id=agreement_id), 303)


@door(blueprint, "/<proposal_id>/reject", Action.PROPOSAL_DECIDE, methods=("POST",))
def reject(agreement_id: str, proposal_id: str) -> Response | tuple[str, int]:
    """Turn a proposal down, with words."""
    words = request.form.get("words", "")
    try:
        proposals.reject(services(), actor(), agreement_id, proposal_id, words)
    except AgreementError as error:
        return _list(agreement_id, proposal_id, said(error), words), status_of(error)
    flash(_("Rejected; the reviewer is told."))
    return redirect(url_for("proposals.show", agreement_id=agreement_id), 303)


@door(blueprint, "/<proposal_id>/share", Action.PROPOSAL_DECIDE, methods=("POST",))
def share(agreement_id: str, proposal_id: str) -> Response:
    """Let the reviewers of the other parties see it."""
    proposals.share(services(), actor(), agreement_id, proposal_id)
    flash(_("The reviewers of every party can see this proposal now."))
    return redirect(url_for("proposals.show", agreement_id=agreement_id, _anchor=proposal_id), 303)


def _list(agreement_id: str, troubled: str = "", problem: str = "", words: str = "") -> str:
    listed = proposals.read(services(), actor(), agreement_id)
    return render_template(
        "proposals/list.html",
        listed=listed,
        columns=columns(compared(one.change for one in listed.proposals)),
        article=article,
        names=LANGUAGE_NAMES,
        troubled=troubled,
        problem=problem,
        words=words,
        mistake=mistake,
    )


def _editor(
    agreement_id: str,
    proposal_id: str,
    sources: Mapping[str, str] | None = None,
    words: str = "",
    problems: tuple[TemplateProblem, ...] | None = None,
    problem: str = "",
) -> str:
    row, found = proposals.one(services(), actor(), agreement_id, proposal_id)
    return render_template(
        "proposals/amend.html",
        row=row,
        proposal=found,
        sources=sources or found.sources or {},
        words=words,
        problems=found.problems if problems is None else problems,
        problem=problem,
        columns=columns(compared([found.change])),
        article=article,
        names=LANGUAGE_NAMES,
        mistake=mistake,
        language_of=language_of,
    )


def mistake(problem: TemplateProblem) -> str:
    """A mistake of a clause text in the reader's language, with the line."""
    told = {name: _(value) if isinstance(value, str) and value else value for name, value in problem.params.items()}
    words = str(_(problem.message)).format(**told)
    return _("line %(n)s: %(words)s", n=problem.line, words=words) if problem.line else words


def compared(changes: Iterable[ClauseChange]) -> tuple[str, ...]:
    """The languages the compared texts are written in."""
    return tuple(dict.fromkeys(lang for change in changes for lang in change.title))
