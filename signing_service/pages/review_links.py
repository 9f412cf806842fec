"""A reviewer's way in: the link's neutral page, the one-time code, and on to the text.

Opening the page records nothing, because mail scanners open links too; its script tells the service that a person did.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service import sessions
from signing_service.door import actor, door, services
from signing_service.errors import CodeExpired, CodeTooOften, CodeWrong
from signing_service.http_errors import said, status_of
from signing_service.operations import review_links
from signing_service.permissions import Action

blueprint = Blueprint("review_links", __name__, url_prefix="/r/<token>")


@door(blueprint, "", Action.INVITATION_OPEN)
def landing(token: str) -> str:
    """The link's first page: nothing personal, one thing to do."""
    return _page(token)


@door(blueprint, "/opened", Action.INVITATION_OPEN, methods=("POST",))
def opened(token: str) -> dict[str, str]:
    """Told by the page's script."""
    review_links.opened(services(), actor(), token)
    return {"state": "opened"}


@door(blueprint, "/code", Action.INVITATION_OPEN, methods=("POST",))
def send_code(token: str) -> Response | tuple[str, int]:
    """Mail a code and ask for it."""
    try:
        review_links.send_code(services(), actor(), token)
    except CodeTooOften as error:
        return _page(token, problem=said(error)), status_of(error)
    return redirect(url_for("review_links.landing", token=token), 303)


@door(blueprint, "", Action.INVITATION_OPEN, methods=("POST",))
def identify(token: str) -> Response | tuple[str, int]:
    """Accept the code and open the text; a wrong one shows the form again with the tries left."""
    code = "".join(request.form.get("code", "").split())
    if not code:
        return _page(token, problem=_("Enter the six digits from the mail.")), 422
    try:
        found = review_links.identify(services(), actor(), token, code)
    except (CodeWrong, CodeExpired) as error:
        return _page(token, problem=said(error)), status_of(error)
    sessions.remember_review(found.reviewer_id, found.token)
    return redirect(url_for("partner_review.read", reviewer_id=found.reviewer_id), 303)


def _page(token: str, problem: str = "") -> str:
    landing = review_links.landing(services(), actor(), token)
    return render_template("partner_review/landing.html", landing=landing, token=token, problem=problem)
