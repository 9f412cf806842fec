"""Ending an agreement: the page that says what withdrawing means, and the one where two people declare it void."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.endings import REASON_MAX
from agreements.errors import AgreementError
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile, InvalidInput
from signing_service.http_errors import said, status_of
from signing_service.operations import agreements, endings
from signing_service.pages.numbers import whole_number
from signing_service.permissions import Action

#: Refusals that are told on the form itself, where the words somebody typed are still there.
Refused = AgreementError | ChangedMeanwhile | InvalidInput
REFUSED = (AgreementError, ChangedMeanwhile, InvalidInput)

blueprint = Blueprint("endings", __name__, url_prefix="/agreements/<agreement_id>")


@door(blueprint, "/withdraw", Action.AGREEMENT_WITHDRAW)
def withdrawal(agreement_id: str) -> str:
    """What withdrawing means, and the reason."""
    return _page("endings/withdraw.html", agreement_id)


@door(blueprint, "/withdraw", Action.AGREEMENT_WITHDRAW, methods=("POST",))
def withdraw(agreement_id: str) -> Response | tuple[str, int]:
    """Withdraw, or say why not and keep the words."""
    reason, row_version = _typed()
    try:
        endings.withdraw(services(), actor(), agreement_id, reason, row_version)
    except REFUSED as refused:
        return _refused("endings/withdraw.html", agreement_id, refused)
    flash(_("The agreement is withdrawn. Everybody who was invited gets a mail."))
    return _overview(agreement_id)


@door(blueprint, "/void", Action.AGREEMENT_VOID_CONFIRM)
def void(agreement_id: str) -> str:
    """Asking for it, or the decision of the second person."""
    return _page("endings/void.html", agreement_id)


@door(blueprint, "/void", Action.AGREEMENT_VOID, methods=("POST",))
def ask_void(agreement_id: str) -> Response | tuple[str, int]:
    """Ask a second person."""
    reason, row_version = _typed()
    try:
        endings.ask_void(services(), actor(), agreement_id, reason, row_version)
    except REFUSED as refused:
        return _refused("endings/void.html", agreement_id, refused)
    flash(_("A second person is asked to confirm. Until then nothing changes."))
    return _overview(agreement_id)


@door(blueprint, "/void/confirm", Action.AGREEMENT_VOID_CONFIRM, methods=("POST",))
def confirm_void(agreement_id: str) -> Response | tuple[str, int]:
    """Be the second person."""
    try:
        endings.confirm_void(services(), actor(), agreement_id, request.form.get("ending", ""))
    except REFUSED as refused:
        return _refused("endings/void.html", agreement_id, refused)
    flash(_("The agreement is void. All parties get a mail."))
    return _overview(agreement_id)


@door(blueprint, "/void/drop", Action.AGREEMENT_VOID_CONFIRM, methods=("POST",))
def drop_void(agreement_id: str) -> Response | tuple[str, int]:
    """Say no, or take the question back."""
    try:
        endings.drop_void(services(), actor(), agreement_id, request.form.get("ending", ""))
    except REFUSED as refused:
        return _refused("endings/void.html", agreement_id, refused)
    flash(_("The agreement goes on. The declaration was dropped."))
    return _overview(agreement_id)


def _typed() -> tuple[str, int]:
    return request.form.get("reason", ""), whole_number(request.form.get("row_version", ""))


def _refused(template: str, agreement_id: str, refused: Refused) -> tuple[str, int]:
    words = _(str(refused.params["problem"])) if isinstance(refused, InvalidInput) else said(refused)
    return _page(template, agreement_id, words, field=isinstance(refused, InvalidInput)), status_of(refused)


def _page(template: str, agreement_id: str, problem: str = "", *, field: bool = False) -> str:
    view = agreements.read(services(), actor(), agreement_id)
    reason = request.form.get("reason", "")[: REASON_MAX * 2]
    return render_template(template, view=view, problem=problem, at_field=field, reason=reason)


def _overview(agreement_id: str) -> Response:
    return redirect(url_for("agreements.overview", agreement_id=agreement_id), 303)
