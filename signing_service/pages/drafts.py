"""Starting an agreement from a template, and its draft: a form drawn from the template's fields.

What was typed is kept whatever happens: an incomplete draft is saved as it is, and a refused version shows every
problem at its field. Which fields there are and what is wrong with them is decided in `agreements`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.drafts import BLANK_ROW, FormField, FormGroup
from agreements.errors import InvalidFields
from agreements.languages import choose
from agreements.numerals import party_role
from agreements.problems import FieldProblem
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile, InvalidInput
from signing_service.language import language
from signing_service.operations import drafts, versions
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
    """The templates one can begin with."""
    return render_template("drafts/choose.html", templates=drafts.templates(services(), actor()))


@door(blueprint, "/agreements/new", Action.AGREEMENT_START, methods=("POST",))
def start() -> Response:
    """A fresh draft from the chosen template."""
    template_id, shown = request.form.get("template_id", ""), request.form.get("template_sha256")
    agreement_id = drafts.start(services(), actor(), template_id, shown)
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
    if wish in ("add", "remove", "look"):
        kept = without_row(typed, path) if wish == "remove" else typed
        view = drafts.read(services(), actor(), agreement_id, language(), kept)
        return _page(view, more=path if wish == "add" else "", unsaved=wish != "look")
    try:
        saved = drafts.save(services(), actor(), agreement_id, typed, _number(typed.get("row_version", "")))
    except ChangedMeanwhile:
        return _changed_meanwhile(agreement_id, typed)
    if wish == "version":
        return _save_version(agreement_id, saved)
    flash(_("The draft is saved."))
    return redirect(url_for("drafts.edit", agreement_id=agreement_id), 303)


def without_row(typed: Mapping[str, str], path: str) -> dict[str, str]:
    """The fields without those of one row; the others close up when they are read."""
    return {name: value for name, value in typed.items() if not (path and f"{name}.".startswith(f"{path}."))}


def with_row(groups: Sequence[FormGroup], path: str) -> tuple[FormGroup, ...]:
    """The form with one more empty row at the end of the list called `path`."""
    return tuple(replace(group, fields=tuple(_grown(field, path) for field in group.fields)) for group in groups)


def _grown(field: FormField, path: str) -> FormField:
    if field.path == path and field.blank is not None:
        return replace(field, rows=(*field.rows, numbered(field.blank, path, len(field.rows))))
    if not path.startswith(f"{field.path}."):
        return field
    return replace(
        field,
        fields=tuple(_grown(part, path) for part in field.fields),
        rows=tuple(_grown(row, path) for row in field.rows),
    )


def numbered(field: FormField, path: str, number: int) -> FormField:
    """A blank row of the list `path` with its number in every name inside it; inner blanks stay blank."""
    before, after = f"{path}.{BLANK_ROW}", f"{path}.{number}"
    return replace(
        field,
        path=after + field.path.removeprefix(before),
        fields=tuple(numbered(part, path, number) for part in field.fields),
        rows=tuple(numbered(row, path, number) for row in field.rows),
        blank=numbered(field.blank, path, number) if field.blank is not None else None,
    )


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


def _page(view: drafts.DraftView, *, troubles: Sequence[Trouble] = (), more: str = "", unsaved: bool = False) -> str:
    by_path: dict[str, list[str]] = {}
    for one in troubles:
        by_path.setdefault(one.path, []).append(one.words)
    return render_template(
        "drafts/edit.html",
        view=view,
        groups=with_row(view.groups, more) if more else view.groups,
        troubles=troubles,
        errors=by_path,
        unsaved=unsaved,
        added=more,
        party_role=party_role,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
