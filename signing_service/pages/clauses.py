"""The clauses of a draft: how they depart from the template, other wordings for one, its text, clauses to add.

What was typed is kept whatever happens: a refused text comes back with its mistakes by language and line, and so does
one that somebody else's save overtook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.clause_errors import ClauseRefused, ClauseUnchanged
from agreements.errors import AgreementError
from agreements.languages import CHINESE, LANGUAGES
from agreements.numerals import article
from agreements.problems import TemplateProblem
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile, InvalidInput
from signing_service.http_errors import said, status_of
from signing_service.language import language
from signing_service.operations import clause_editor, clauses, deviations
from signing_service.operations.clause_editor import EditorView, OffersView
from signing_service.operations.clauses import Place
from signing_service.pages.numbers import row_version
from signing_service.permissions import Action

EXCERPT = 60

blueprint = Blueprint("clauses", __name__)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of a text: in which language, on which line, what is wrong and what stands there."""

    lang: str
    line: int | None
    words: str
    excerpt: str = ""


@door(blueprint, "/agreements/<agreement_id>/clauses", Action.AGREEMENT_READ)
def show(agreement_id: str) -> str:
    """The deviation view: every clause, with its redline where it is not standard."""
    return _overview(agreement_id)


@door(blueprint, "/agreements/<agreement_id>/clauses/<clause_id>/restore", Action.DRAFT_EDIT, methods=("POST",))
def restore(agreement_id: str, clause_id: str) -> Response | tuple[str, int]:
    """Back to the standard; an added clause goes away."""
    try:
        clauses.restore(services(), actor(), agreement_id, clause_id, row_version(request.form))
    except ChangedMeanwhile:
        _say_meanwhile()
        return _overview(agreement_id), 409
    flash(_("Done. The draft is saved."))
    return redirect(url_for("clauses.show", agreement_id=agreement_id), 303)


@door(blueprint, "/agreements/<agreement_id>/clauses/<clause_id>/wordings", Action.DRAFT_EDIT)
def wordings(agreement_id: str, clause_id: str) -> str:
    """The wordings of the library for a clause, each with what it would change."""
    return _offers(agreement_id, Place(clause_id))


@door(blueprint, "/agreements/<agreement_id>/clauses/<clause_id>/wordings", Action.DRAFT_EDIT, methods=("POST",))
def choose(agreement_id: str, clause_id: str) -> Response | tuple[str, int]:
    """Take the chosen wording."""
    return _choose(agreement_id, Place(clause_id))


@door(blueprint, "/agreements/<agreement_id>/clauses/<clause_id>/text", Action.DRAFT_EDIT)
def text(agreement_id: str, clause_id: str) -> str:
    """The text of a clause in every language, to be edited."""
    return _editor(agreement_id, Place(clause_id))


@door(blueprint, "/agreements/<agreement_id>/clauses/<clause_id>/text", Action.DRAFT_EDIT, methods=("POST",))
def write(agreement_id: str, clause_id: str) -> Response | str | tuple[str, int]:
    """Save the text, or only show how it would read; the pressed button says which."""
    return _write(agreement_id, Place(clause_id))


@door(blueprint, "/agreements/<agreement_id>/added-clauses", Action.DRAFT_EDIT)
def additions(agreement_id: str) -> str:
    """The wordings of the library that can be added after a clause."""
    return _offers(agreement_id, _after())


@door(blueprint, "/agreements/<agreement_id>/added-clauses", Action.DRAFT_EDIT, methods=("POST",))
def add(agreement_id: str) -> Response | tuple[str, int]:
    """Add the chosen wording as a clause."""
    return _choose(agreement_id, _after())


@door(blueprint, "/agreements/<agreement_id>/added-clauses/text", Action.DRAFT_EDIT)
def new_text(agreement_id: str) -> str:
    """A clause to be written in own words."""
    return _editor(agreement_id, _after())


@door(blueprint, "/agreements/<agreement_id>/added-clauses/text", Action.DRAFT_EDIT, methods=("POST",))
def write_new(agreement_id: str) -> Response | str | tuple[str, int]:
    """Add the clause in own words, or only show how it would read."""
    return _write(agreement_id, _after())


def _after() -> Place:
    return Place(after=request.args.get("after", ""))


def _overview(agreement_id: str) -> str:
    view = deviations.read(services(), actor(), agreement_id)
    columns = in_order(view.languages)
    return render_template("clauses/show.html", view=view, columns=columns, article=article, said=said)


def in_order(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages side by side, Chinese on the left."""
    return tuple(sorted(languages, key=lambda lang: lang != CHINESE))


def _offers(agreement_id: str, place: Place, *, chosen: str = "", reason: str = "", problem: str = "") -> str:
    view: OffersView = clause_editor.offers(services(), actor(), agreement_id, place)
    return render_template(
        "clauses/wordings.html",
        view=view,
        columns=in_order(view.languages),
        chosen=chosen,
        reason=reason,
        problem=problem,
        article=article,
        said=said,
    )


def _choose(agreement_id: str, place: Place) -> Response | tuple[str, int]:
    chosen, reason = request.form.get("wording", ""), request.form.get("reason", "")
    library_id, _at, sha256 = chosen.partition("@")
    try:
        found = clauses.choose(
            services(), actor(), agreement_id, place, library_id, sha256, reason, row_version(request.form)
        )
    except ChangedMeanwhile:
        _say_meanwhile()
        return _offers(agreement_id, place, chosen=chosen, reason=reason), 409
    except ClauseUnchanged:
        flash(_("The clause says this already. Nothing was changed."), "attention")
        return redirect(url_for("clauses.show", agreement_id=agreement_id), 303)
    except (InvalidInput, AgreementError) as refused:
        if status_of(refused) in (403, 404):
            raise
        shown = _offers(agreement_id, place, chosen=chosen, reason=reason, problem=said(refused))
        return shown, status_of(refused)
    return _saved(agreement_id, found)


def _write(agreement_id: str, place: Place) -> Response | str | tuple[str, int]:
    typed = {lang: request.form.get(f"text.{lang}", "") for lang in LANGUAGES}
    reason = request.form.get("reason", "")
    if request.form.get("do") == "look":
        return _editor(agreement_id, place, typed=typed, reason=reason)
    try:
        found = clauses.write(services(), actor(), agreement_id, place, typed, reason, row_version(request.form))
    except ChangedMeanwhile:
        _say_meanwhile()
        return _editor(agreement_id, place, typed=typed, reason=reason), 409
    except ClauseUnchanged:
        flash(_("The clause says this already. Nothing was changed."), "attention")
        return redirect(url_for("clauses.show", agreement_id=agreement_id), 303)
    except (InvalidInput, AgreementError) as refused:
        if status_of(refused) in (403, 404):
            raise
        problem = "" if isinstance(refused, ClauseRefused) else said(refused)
        return _editor(agreement_id, place, typed=typed, reason=reason, problem=problem), status_of(refused)
    return _saved(agreement_id, found)


def _editor(
    agreement_id: str,
    place: Place,
    *,
    typed: Mapping[str, str] | None = None,
    reason: str | None = None,
    problem: str = "",
) -> str:
    view: EditorView = clause_editor.editor(
        services(), actor(), agreement_id, place, language(), _("Articles"), typed, reason
    )
    return render_template(
        "clauses/text.html",
        view=view,
        columns=in_order(view.languages),
        mistakes=[mistake(one, view.sources) for one in view.mistakes],
        problem=problem or (said(view.problem) if view.problem and not view.mistakes else ""),
        unsaved=typed is not None,
        article=article,
    )


def mistake(problem: TemplateProblem, sources: Mapping[str, str]) -> Mistake:
    """A mistake of a clause's text in the reader's language, with what stands on the line."""
    lang = problem.file.split(".")[-2]
    lines = sources.get(lang, "").split("\n")
    excerpt = lines[problem.line - 1].strip()[:EXCERPT] if problem.line and problem.line <= len(lines) else ""
    return Mistake(lang, problem.line, _(problem.message).format(**problem.params), excerpt)


def _saved(agreement_id: str, clause_id: str) -> Response:
    flash(_("The clause is in the draft. Save a version when the draft is complete."))
    return redirect(url_for("clauses.show", agreement_id=agreement_id, _anchor=f"clause-{clause_id}"), 303)


def _say_meanwhile() -> None:
    flash(
        _(
            "Somebody saved this draft meanwhile. Nothing of yours is lost and nothing is saved yet: "
            "look and do it again."
        ),
        "attention",
    )
