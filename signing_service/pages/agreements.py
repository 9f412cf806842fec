"""One agreement: where it stands, what comes next, who decided, who signs; and the form that plans its ceremony."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.course_errors import DeadlineInvalid
from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.http_errors import said
from signing_service.moments import spoken
from signing_service.operations import agreements, ceremonies, levels, successors
from signing_service.pages import deadlines
from signing_service.pages.approval_picture import draw
from signing_service.pages.deadlines import DeadlineForm
from signing_service.pages.zones import ZONES
from signing_service.permissions import Action

blueprint = Blueprint("agreements", __name__)


@dataclass(frozen=True)
class PlanForm:
    """The plan of a ceremony as typed, with what is wrong in it."""

    title: Mapping[str, str]
    day: str
    time: str
    zone: str
    problems: Mapping[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None
    until: DeadlineForm = field(default_factory=DeadlineForm)
    drawings: bool = True


@door(blueprint, "/agreements/<agreement_id>", Action.AGREEMENT_READ)
def overview(agreement_id: str) -> str:
    """State, next action, approvals, versions, signatories, revisions, downloads."""
    view = agreements.read(services(), actor(), agreement_id)
    picture = draw(view.review) if view.review is not None else None
    chain = successors.chain(services(), actor(), agreement_id)
    proof = levels.time_proof(services(), actor(), agreement_id)
    return render_template(
        "agreements/overview.html", view=view, chain=chain, zoned=spoken, picture=picture, proof=proof
    )


@door(blueprint, "/agreements/<agreement_id>/ceremony", Action.CEREMONY_PLAN)
def plan_form(agreement_id: str) -> str:
    """The form, filled with what can be known beforehand."""
    view = agreements.read(services(), actor(), agreement_id)
    form = PlanForm(title=dict(view.row.title), day="", time="", zone=ZONES[0])
    return render_template("agreements/plan.html", view=view, form=form, zones=ZONES)


@door(blueprint, "/agreements/<agreement_id>/ceremony", Action.CEREMONY_PLAN, methods=("POST",))
def plan(agreement_id: str) -> Response | tuple[str, int]:
    """Plan the ceremony and send the invitations; or show the form again with everything that was typed."""
    form = _read_plan(services().clock())
    if form.problems or form.starts_at is None:
        return _plan_again(agreement_id, form)
    try:
        ceremony_id = ceremonies.plan(
            services(),
            actor(),
            agreement_id,
            title=form.title,
            starts_at=form.starts_at,
            zone=form.zone,
            deadline=form.until.deadline,
            drawings=form.drawings,
        )
    except InvalidInput as refused:  # the day, beside a last day for signing that was set before
        return _plan_again(agreement_id, replace(form, problems={"day": _(str(refused.params["problem"]))}))
    except DeadlineInvalid as refused:
        words = said(refused)
        return _plan_again(
            agreement_id, replace(form, until=replace(form.until, problem=words), problems={"until_day": words})
        )
    flash(_("The ceremony is planned and the invitations are on their way."))
    return redirect(url_for("ceremonies.console", ceremony_id=ceremony_id), 303)


def _plan_again(agreement_id: str, form: PlanForm) -> tuple[str, int]:
    view = agreements.read(services(), actor(), agreement_id)
    return render_template("agreements/plan.html", view=view, form=form, zones=ZONES), 422


def _read_plan(now: datetime) -> PlanForm:
    """The posted form; every problem is collected, so that one answer names them all."""
    typed = {name: request.form.get(name, "").strip() for name in ("title_zh", "title_en", "day", "time", "zone")}
    problems: dict[str, str] = {}
    for name in ("title_zh", "title_en"):
        if not typed[name]:
            problems[name] = _("Write the title that the stage shows.")
    if typed["zone"] not in ZONES:
        problems["zone"] = _("Choose one of the time zones.")
    starts_at = None
    try:
        local = datetime.strptime(f"{typed['day']} {typed['time'][:5]}", "%Y-%m-%d %H:%M")
    except ValueError:
        problems["day"] = _("Enter day and time, for example 2026-12-21 and 16:30.")
    else:
        if "zone" not in problems:
            starts_at = local.replace(tzinfo=ZoneInfo(typed["zone"])).astimezone(UTC)
            if starts_at <= now:
                problems["day"] = _("This moment is past. Choose a later one.")
    until = deadlines.read(request.form)
    if until.problem:
        problems["until_day"] = until.problem
    return PlanForm(
        title={"zh-Hans": typed["title_zh"], "en": typed["title_en"]},
        day=typed["day"],
        time=typed["time"],
        zone=typed["zone"],
        problems=problems,
        starts_at=starts_at,
        until=until,
        drawings="drawings" in request.form,
    )
