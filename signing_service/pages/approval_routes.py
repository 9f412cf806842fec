"""The editor of an agreement's approval route: a form with a row per stage, which works without script.

Buttons add, move and remove rows and show the form again unsaved. What a route may be is decided in `agreements`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.approval_plans import StagePlan
from agreements.approval_routes import RELATIONS, STAGES_MOST
from agreements.errors import InvalidFields
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile
from signing_service.language import language
from signing_service.operations import approval_routes
from signing_service.operations.approval_routes import RouteView
from signing_service.pages.drafts import Trouble, trouble
from signing_service.permissions import Action

PEOPLE = "people"
_STAGE = re.compile(r"stages\.([0-9]{1,3})\.(.+)", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)

blueprint = Blueprint("approval_routes", __name__)


@dataclass(frozen=True)
class StageForm:
    """A stage as typed. `by` and `escalate`: "role:legal", "people", or for the latter nothing."""

    id: str = ""
    name: Mapping[str, str] = field(default_factory=dict)
    mode: str = "all"
    k: str = ""
    by: str = "role:legal"
    people: frozenset[str] = frozenset()
    forbid: frozenset[str] = frozenset({"author", "last_editor"})
    due_after_hours: str = ""
    escalate: str = ""
    added: frozenset[str] = frozenset()


@door(blueprint, "/agreements/<agreement_id>/route", Action.ROUTE_EDIT)
def edit(agreement_id: str) -> str:
    """The route that the next version sent for approval takes."""
    view = approval_routes.read(services(), actor(), agreement_id)
    return _page(view, [form_of(stage) for stage in view.stages])


@door(blueprint, "/agreements/<agreement_id>/route", Action.ROUTE_EDIT, methods=("POST",))
def change(agreement_id: str) -> Response | str | tuple[str, int]:
    """Save, go back to the template, or show the form with a row more, less or elsewhere; the pressed button says."""
    stages = read_form(request.form)
    wish, _colon, place = request.form.get("do", "save").partition(":")
    row_version = int(_number(request.form.get("row_version", "")) or -1)
    if wish == "restore":
        approval_routes.restore(services(), actor(), agreement_id, row_version)
        flash(_("The route of the template is used again."))
        return redirect(url_for("approval_routes.edit", agreement_id=agreement_id), 303)
    if wish != "save":
        view = approval_routes.read(services(), actor(), agreement_id)
        return _page(view, rearranged(stages, wish, place), unsaved=True)
    try:
        approval_routes.save(services(), actor(), agreement_id, [plan_of(stage) for stage in stages], row_version)
    except InvalidFields as refused:
        view = approval_routes.read(services(), actor(), agreement_id)
        return _page(view, stages, [trouble(one, language()) for one in refused.problems], unsaved=True), 422
    except ChangedMeanwhile:
        return _changed_meanwhile(agreement_id)
    flash(_("The route is saved. The next version that is sent for approval takes it."))
    return redirect(url_for("approval_routes.edit", agreement_id=agreement_id), 303)


def read_form(typed: Mapping[str, str]) -> list[StageForm]:
    """The stages as they were typed, in the order of their numbers; one more than there may be is enough to refuse."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in typed.items():
        found = _STAGE.fullmatch(name)
        if found:
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [_stage(rows[number]) for number in sorted(rows)[: STAGES_MOST + 1]]


def _stage(row: Mapping[str, str]) -> StageForm:
    def ticked(prefix: str) -> frozenset[str]:
        return frozenset(name.removeprefix(prefix) for name in row if name.startswith(prefix))

    return StageForm(
        id=row.get("id", ""),
        name={name.removeprefix("name."): text for name, text in row.items() if name.startswith("name.")},
        mode=row.get("mode", ""),
        k=row.get("k", "").strip(),
        by=row.get("by", ""),
        people=ticked("person."),
        forbid=ticked("forbid."),
        due_after_hours=row.get("due_after_hours", "").strip(),
        escalate=row.get("escalate", ""),
        added=ticked("added."),
    )


def rearranged(stages: Sequence[StageForm], wish: str, place: str) -> list[StageForm]:
    """The stages after one button: one more at the end, one removed, or one moved by a place."""
    kept = list(stages)
    if wish == "add":
        return [*kept, StageForm()]
    at = int(_number(place) or len(kept))
    if at >= len(kept):
        return kept
    stage = kept.pop(at)
    if wish == "up":
        kept.insert(max(0, at - 1), stage)
    elif wish == "down":
        kept.insert(at + 1, stage)
    return kept


def form_of(plan: StagePlan) -> StageForm:
    """A stored stage as the form shows it."""
    escalate = PEOPLE if plan.escalate_people else ""
    return StageForm(
        id=plan.id,
        name=plan.name,
        mode=plan.mode,
        k=str(plan.k),
        by=f"role:{plan.role}" if plan.role else PEOPLE,
        people=frozenset(plan.people),
        forbid=frozenset(plan.forbid),
        due_after_hours=str(plan.due_after_hours or ""),
        escalate=f"role:{plan.escalate_role}" if plan.escalate_role else escalate,
        added=frozenset(plan.escalate_people),
    )


def plan_of(form: StageForm) -> StagePlan:
    """What was typed as a stage; what is no number becomes one that is refused at its field."""
    hours = form.due_after_hours
    return StagePlan(
        id=form.id,
        name={lang: " ".join(text.split()) for lang, text in form.name.items()},
        mode=form.mode,
        k=int(_number(form.k) or 0) if form.mode == "k_of_n" else 1,
        role=_role(form.by),
        people=tuple(sorted(form.people)) if form.by == PEOPLE else (),
        forbid=tuple(one for one in RELATIONS if one in form.forbid) + tuple(sorted(form.forbid - set(RELATIONS))),
        due_after_hours=int(_number(hours) or 0) if hours else None,
        escalate_role=_role(form.escalate),
        escalate_people=tuple(sorted(form.added)) if form.escalate == PEOPLE else (),
    )


def _role(choice: str) -> str:
    return choice.removeprefix("role:") if choice.startswith("role:") else ""


def _number(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else ""


def _changed_meanwhile(agreement_id: str) -> tuple[str, int]:
    """Somebody saved first: show theirs, and say that nothing was overwritten."""
    view = approval_routes.read(services(), actor(), agreement_id)
    flash(_("Somebody else saved this route meanwhile. Below stands theirs; yours was not saved."), "attention")
    return _page(view, [form_of(stage) for stage in view.stages]), 409


def _page(
    view: RouteView, stages: Sequence[StageForm], troubles: Sequence[Trouble] = (), *, unsaved: bool = False
) -> str:
    errors: dict[str, list[str]] = {}
    for one in troubles:
        errors.setdefault(one.path, []).append(one.words)
    return render_template(
        "approval_routes/edit.html", view=view, stages=stages, troubles=troubles, errors=errors, unsaved=unsaved
    )
