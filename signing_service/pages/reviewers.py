"""The reviewers of the parties for legal staff: inviting them, letting them read a version, ending their links."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.errors import AgreementError
from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.http_errors import said, status_of
from signing_service.operations import reviewers
from signing_service.permissions import Action

USUAL_DAYS = 14

blueprint = Blueprint("reviewers", __name__, url_prefix="/agreements/<agreement_id>/reviewers")


@door(blueprint, "", Action.REVIEWER_INVITE)
def show(agreement_id: str) -> str:
    """Who reviews for which party, and the form to invite somebody."""
    return _page(agreement_id)


@door(blueprint, "", Action.REVIEWER_INVITE, methods=("POST",))
def invite(agreement_id: str) -> Response | tuple[str, int]:
    """Send the invitation, or show the form again with everything that was typed."""
    invited = reviewers.Invited(
        name=request.form.get("name", ""),
        email=request.form.get("email", "").strip(),
        language=request.form.get("language", ""),
        party=request.form.get("party", -1, int),
        version=request.form.get("version", 0, int),
        days=request.form.get("days", 0, int),
        may_propose=request.form.get("may") == "propose",
    )
    try:
        reviewers.invite(services(), actor(), agreement_id, invited)
    except InvalidInput as error:
        problems = {str(error.params["field"]): _(str(error.params["problem"]))}
        return _page(agreement_id, invited, problems), status_of(error)
    except AgreementError as error:  # the name
        return _page(agreement_id, invited, {"name": said(error)}), status_of(error)
    flash(_("The invitation is on its way."))
    return redirect(url_for("reviewers.show", agreement_id=agreement_id), 303)


@door(blueprint, "/version", Action.REVIEWER_INVITE, methods=("POST",))
def share(agreement_id: str) -> Response:
    """Let a reviewer read another version."""
    number = request.form.get("version", 0, int)
    reviewers.share(services(), actor(), agreement_id, request.form.get("reviewer", ""), number)
    flash(_("Version %(n)s can be read now; the reviewer is told by mail.", n=number))
    return redirect(url_for("reviewers.show", agreement_id=agreement_id), 303)


@door(blueprint, "/link", Action.REVIEWER_INVITE, methods=("POST",))
def reissue(agreement_id: str) -> Response:
    """Mail a new link; every older one ends."""
    reviewers.reissue(services(), actor(), agreement_id, request.form.get("reviewer", ""), USUAL_DAYS)
    flash(_("A new link is on its way; the old one has ended."))
    return redirect(url_for("reviewers.show", agreement_id=agreement_id), 303)


@door(blueprint, "/end", Action.REVIEWER_INVITE, methods=("POST",))
def revoke(agreement_id: str) -> Response:
    """End the links of a reviewer."""
    reviewers.revoke(services(), actor(), agreement_id, request.form.get("reviewer", ""))
    flash(_("The link has ended. What the reviewer said stays."))
    return redirect(url_for("reviewers.show", agreement_id=agreement_id), 303)


def _page(agreement_id: str, invited: reviewers.Invited | None = None, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "reviewers/show.html",
        listed=reviewers.read(services(), actor(), agreement_id),
        invited=invited,
        problems=problems or {},
        usual_days=USUAL_DAYS,
    )
