"""Asking for approval and deciding. Both are bound to the hash of the version that was on the screen."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.approvals import VOID_REASONS
from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.moments import spoken
from signing_service.operations import approvals
from signing_service.permissions import Action

WORDS_NEEDED = frozenset({"request_changes", "reject"})

blueprint = Blueprint("approvals", __name__)


@blueprint.app_context_processor
def reasons() -> dict[str, Callable[..., str]]:
    """`void_words(reason)`: why a decision does not count; `minute(moment)`: a deadline, in UTC."""

    def void_words(reason: str) -> str:
        return _(VOID_REASONS[reason]) if reason in VOID_REASONS else reason

    return {"void_words": void_words, "minute": spoken}


@door(blueprint, "/agreements/<agreement_id>/submit", Action.REVIEW_SUBMIT, methods=("POST",))
def submit(agreement_id: str) -> Response:
    """Send the newest version through its approval steps."""
    approvals.submit(services(), actor(), agreement_id, request.form.get("version_sha256", ""))
    flash(_("Sent for approval. Whoever is asked first gets a mail."))
    return redirect(url_for("agreements.overview", agreement_id=agreement_id), 303)


@door(blueprint, "/agreements/<agreement_id>/decision", Action.APPROVAL_DECIDE, methods=("POST",))
def decide(agreement_id: str) -> Response:
    """Approve, request changes or reject; the latter two need words."""
    verdict, text = request.form.get("verdict", ""), request.form.get("text", "").strip()
    if verdict in WORDS_NEEDED and not text:
        raise InvalidInput(field=_("Your words"), problem=_("say what should change, or why not"))
    sha256, behalf = request.form.get("version_sha256", ""), request.form.get("on_behalf_of", "")
    approvals.decide(services(), actor(), agreement_id, verdict, sha256, text, behalf)
    done = {
        "approve": _("Your approval is recorded, bound to the hash of this version."),
        "request_changes": _("Your request is recorded; the author is told."),
        "reject": _("Your rejection is recorded."),
    }
    flash(done.get(verdict, _("Your decision is recorded.")))
    return redirect(url_for("agreements.overview", agreement_id=agreement_id), 303)
