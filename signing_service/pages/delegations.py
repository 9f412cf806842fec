"""Delegating one's approvals for some days: whom one asked, who asked oneself, and the form for a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.operations import delegations
from signing_service.pages.zones import ZONES
from signing_service.permissions import Action

blueprint = Blueprint("delegations", __name__)


@dataclass(frozen=True)
class DelegationForm:
    """A delegation as typed, with what is wrong in it."""

    delegate: str = ""
    begins_on: str = ""
    ends_on: str = ""
    zone: str = ZONES[0]
    problems: Mapping[str, str] = field(default_factory=dict)


@door(blueprint, "/delegations", Action.DELEGATE)
def mine() -> str:
    """What one delegated and what was delegated to oneself."""
    return _page(DelegationForm())


@door(blueprint, "/delegations", Action.DELEGATE, methods=("POST",))
def give() -> Response | tuple[str, int]:
    """Delegate, or show the form again with everything that was typed."""
    names = ("delegate", "begins_on", "ends_on", "zone")
    typed = {name: request.form.get(name, "").strip()[:80] for name in names}
    problems: dict[str, str] = {}
    days = {name: _day(typed[name], name, problems) for name in ("begins_on", "ends_on")}
    if typed["zone"] not in ZONES:
        problems["zone"] = _("Choose one of the time zones.")
    if not problems:
        try:
            delegations.give(services(), actor(), typed["delegate"], days["begins_on"], days["ends_on"], typed["zone"])
        except InvalidInput as refused:
            problems[str(refused.params["field"])] = _(str(refused.params["problem"]))
    if problems:
        return _page(DelegationForm(**typed, problems=problems)), 422
    flash(_("Delegated. Your colleague gets a mail; you can still decide yourself, and revoke it at any time."))
    return redirect(url_for("delegations.mine"), 303)


@door(blueprint, "/delegations/<delegation_id>/revoke", Action.DELEGATE, methods=("POST",))
def revoke(delegation_id: str) -> Response:
    """End one's own delegation now."""
    delegations.revoke(services(), actor(), delegation_id)
    flash(_("The delegation is revoked. What was decided by it before stays decided."))
    return redirect(url_for("delegations.mine"), 303)


def _page(form: DelegationForm) -> str:
    view = delegations.mine(services(), actor())
    return render_template("delegations/mine.html", view=view, form=form, zones=ZONES)


def _day(text: str, name: str, problems: dict[str, str]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[name] = _("Enter a day, for example 2026-12-21.")
        return date.min
