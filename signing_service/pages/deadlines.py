"""The last day for signing: a page of its own, and the two fields that freezing and planning show as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.deadlines import Deadline
from agreements.errors import AgreementError
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile
from signing_service.http_errors import said, status_of
from signing_service.operations import agreements, deadlines
from signing_service.operations.deadlines import DeadlineRow
from signing_service.pages.numbers import whole_number
from signing_service.pages.zones import ZONES
from signing_service.permissions import Action

blueprint = Blueprint("deadlines", __name__, url_prefix="/agreements/<agreement_id>/deadline")


@dataclass(frozen=True)
class DeadlineForm:
    """The two fields as typed; `deadline` when they make sense, `problem` when they do not, neither when empty."""

    day: str = ""
    zone: str = ZONES[0]
    deadline: Deadline | None = None
    problem: str = ""

    @property
    def zones(self) -> tuple[str, ...]:
        """What the list offers: ours, and the zone that was set elsewhere."""
        return ZONES if self.zone in ZONES else (self.zone, *ZONES)


def shown(row: DeadlineRow | None) -> DeadlineForm:
    """The fields filled with the deadline there is."""
    return DeadlineForm() if row is None else DeadlineForm(row.day.isoformat(), row.zone)


def read(form: Mapping[str, str]) -> DeadlineForm:
    """The posted fields; an empty day is no deadline."""
    typed = DeadlineForm(form.get("until_day", "").strip(), form.get("until_zone", ZONES[0]).strip())
    if not typed.day:
        return replace(typed, zone=ZONES[0])
    if typed.zone not in ZONES:
        return replace(typed, zone=ZONES[0], problem=_("Choose one of the time zones."))
    try:
        return replace(typed, deadline=Deadline(date.fromisoformat(typed.day), typed.zone))
    except ValueError:
        return replace(typed, problem=_("Enter a day, for example 2026-12-31."))


@door(blueprint, "", Action.DEADLINE_SET)
def form(agreement_id: str) -> str:
    """The last day as it is, to change."""
    view = agreements.read(services(), actor(), agreement_id)
    return render_template("deadlines/set.html", view=view, form=shown(view.deadline))


@door(blueprint, "", Action.DEADLINE_SET, methods=("POST",))
def change(agreement_id: str) -> Response | tuple[str, int]:
    """Set it, or take it away; or show the form again with what is wrong."""
    typed = read(request.form)
    if typed.problem:
        return _again(agreement_id, typed), 422
    row_version = whole_number(request.form.get("row_version", ""))
    try:
        deadlines.change(services(), actor(), agreement_id, typed.deadline, row_version)
    except (AgreementError, ChangedMeanwhile) as refused:
        return _again(agreement_id, replace(typed, problem=said(refused))), status_of(refused)
    flash(_("The last day for signing is set.") if typed.deadline else _("There is no last day for signing any more."))
    return redirect(url_for("agreements.overview", agreement_id=agreement_id), 303)


def _again(agreement_id: str, typed: DeadlineForm) -> str:
    view = agreements.read(services(), actor(), agreement_id)
    return render_template("deadlines/set.html", view=view, form=typed)
