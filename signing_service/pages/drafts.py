"""Starting an agreement from a template, and its draft: a form drawn from the template's fields.

What was typed is kept whatever happens: an incomplete draft is saved as it is, and a refused version shows every
problem at its field. Which fields there are and what is wrong with them is decided in `agreements`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.drafts import hidden
from agreements.errors import InvalidFields
from agreements.formats import countries
from agreements.languages import choose
from agreements.numerals import article, party_role
from agreements.problems import FieldProblem
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile, InvalidInput
from signing_service.language import clock_time, language
from signing_service.operations import drafts, organisations, versions
from signing_service.pages import organisation_rows
from signing_service.pages.draft_rows import with_row, without_row
from signing_service.pages.numbers import whole_number
from signing_service.pages.versions import columns
from signing_service.permissions import Action

blueprint = Blueprint("drafts", __name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem as the form shows it: at the field with `path`, and in the summary with where it is."""

    path: str
    where: str
    words: str


@door(blueprint, "/agreements/new", Action.AGREEMENT_START)
def choose_template() -> str:
    """The templates and the agreements one can begin with."""
    return render_template(
        "drafts/choose.html",
        templates=drafts.templates(services(), actor()),
        beginnings=drafts.beginnings(services(), actor()),
    )


@door(blueprint, "/agreements/new", Action.AGREEMENT_START, methods=("POST",))
def start() -> Response:
    """A fresh draft from the chosen template, or one that begins like an agreement there is."""
    if like := request.form.get("like", ""):
        agreement_id = drafts.start_like(services(), actor(), like)
    else:
        template_id, shown = request.form.get("template_id", ""), request.form.get("template_sha256")
        agreement_id = drafts.start(services(), actor(), template_id, shown, request.form.getlist("references"))
    return redirect(url_for("drafts.edit", agreement_id=agreement_id), 303)


@door(blueprint, "/agreements/<agreement_id>/draft", Action.DRAFT_EDIT)
def edit(agreement_id: str) -> str:
    """The form as it was saved."""
    return _page(drafts.read(services(), actor(), agreement_id, language()))


@door(blueprint, "/agreements/<agreement_id>/draft", Action.DRAFT_EDIT, methods=("POST",))
def change(agreement_id: str) -> Response | str | tuple[str, int]:
    """Save, save a version, or show the form again with a row more or less; the pressed button says which."""
    typed = request.form.to_dict()
    wish, _colon, path = typed.pop("do", "save").partition(":")
    if wish in ("add", "remove"):
        kept = without_row(typed, path) if wish == "remove" else typed
        view = drafts.read(services(), actor(), agreement_id, language(), kept)
        return _page(view, more=path if wish == "add" else "", unsaved=True)
    if wish in organisation_rows.WISHES:
        typed, problems = organisation_rows.carried_out(agreement_id, typed, wish, path)
        view = drafts.read(services(), actor(), agreement_id, language(), typed)
        said = organisation_rows.refused() if problems else ""
        troubles = [trouble(one, language()) for one in problems]
        return _page(view, troubles=troubles, said=said, unsaved=True), 422 if problems else 200
    try:
        saved = drafts.save(services(), actor(), agreement_id, typed, whole_number(typed.get("row_version", "")))
    except ChangedMeanwhile:
        return _changed_meanwhile(agreement_id, typed)
    if wish == "version":
        return _save_version(agreement_id, saved)
    flash(_("The draft is saved."))
    return redirect(url_for("drafts.edit", agreement_id=agreement_id), 303)


@door(blueprint, "/agreements/<agreement_id>/draft/preview", Action.DRAFT_EDIT, methods=("POST",))
def preview(agreement_id: str) -> str:
    """What the form comes to as it is typed now, as a piece of the page."""
    now = drafts.preview(services(), actor(), agreement_id, request.form.to_dict(), language())
    row_version = request.form.get("row_version", "")
    return render_template("drafts/now.html", agreement_id=agreement_id, row_version=row_version, **_now(now))


@door(blueprint, "/agreements/<agreement_id>/draft/autosave", Action.DRAFT_EDIT, methods=("POST",))
def autosave(agreement_id: str) -> tuple[dict[str, Any], int]:
    """Save what is typed, for the page's script. A lost race answers with every field that differs, both ways."""
    typed = request.form.to_dict()
    try:
        saved = drafts.save(services(), actor(), agreement_id, typed, whole_number(typed.get("row_version", "")))
    except ChangedMeanwhile:
        view = drafts.read(services(), actor(), agreement_id, language())
        found = drafts.differences(services(), actor(), agreement_id, typed, language())
        differences = [asdict(one) for one in found]
        return {"row_version": view.row_version, "who": view.saved_by_name, "differences": differences}, 409
    return {"row_version": saved, "saved_at": clock_time(services().clock())}, 200


def _save_version(agreement_id: str, row_version: int) -> Response | tuple[str, int]:
    """The draft is saved already; make it a version, or show what is wrong with it."""
    try:
        version = versions.save(services(), actor(), agreement_id, row_version)
    except InvalidFields as refused:
        troubles = [trouble(problem, language()) for problem in refused.problems]
    except InvalidInput as refused:
        path = str(refused.params["field"])
        troubles = [Trouble(path, "", _(str(refused.params["problem"])))]
    else:
        flash(
            _(
                "Version %(n)s is saved. It cannot change any more; send it for approval when you are content.",
                n=version.number,
            )
        )
        return redirect(url_for("versions.read", agreement_id=agreement_id, number=version.number), 303)
    view = drafts.read(services(), actor(), agreement_id, language())
    return _page(view, troubles=troubles), 422


def _changed_meanwhile(agreement_id: str, typed: Mapping[str, str]) -> tuple[str, int]:
    """Somebody saved first: show what this person typed, and say what saving again would do."""
    view = drafts.read(services(), actor(), agreement_id, language(), typed)
    flash(
        _(
            "%(who)s saved this draft while you were writing. Nothing of yours is lost: it stands below, unsaved. "
            "Saving again puts it in place of theirs.",
            who=view.saved_by_name,
        ),
        "attention",
    )
    return _page(view, unsaved=True), 409


def trouble(problem: FieldProblem, lang: str) -> Trouble:
    """A field problem in the reader's words."""
    return Trouble(problem.path, choose(problem.label, lang), problem.words(lang, _(problem.message)))


def _page(
    view: drafts.DraftView,
    *,
    troubles: Sequence[Trouble] = (),
    said: str = "",
    more: str = "",
    unsaved: bool = False,
) -> str:
    by_path: dict[str, list[str]] = {}
    for one in troubles:
        by_path.setdefault(one.path, []).append(one.words)
    groups = view.now.groups
    return render_template(
        "drafts/edit.html",
        view=view,
        groups=with_row(groups, more) if more else groups,
        troubles=troubles,
        said=said,
        known=organisations.choices(services(), actor()),
        errors=by_path,
        unsaved=unsaved,
        added=more,
        party_role=party_role,
        countries=countries(language()),
        agreement_id=view.agreement.id,
        row_version=view.row_version,
        **_now(view.now),
    )


def _now(now: drafts.DraftNow) -> dict[str, Any]:
    """What the piece of the page that follows the typing is drawn with."""
    return {
        "now": now,
        "columns": columns(now.languages),
        "hidden_fields": " ".join(hidden(now.groups)),
        "stale_fields": {f"{one.path}.{one.lang}": one for left in now.completeness.left if (one := left.stale)},
        "problem_words": lambda problem: trouble(problem, language()).words,
        "article": article,
    }
