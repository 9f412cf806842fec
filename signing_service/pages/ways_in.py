"""A way in through a mailed link: its neutral page, the one-time code, and on to what it opens.

Signatories and reviewers come in alike; what each way opens is its own. Opening the page records nothing, because mail
scanners open links too; its script tells the service that a person did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.errors import CodeExpired, CodeTooOften, CodeWrong
from signing_service.http_errors import said, status_of
from signing_service.permissions import Action, Actor
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class WayIn:
    """One way in: its operations, its page, and where an accepted code leads (the session is remembered there)."""

    landing: Callable[[Services, Actor, str], Any]
    opened: Callable[[Services, Actor, str], None]
    send_code: Callable[[Services, Actor, str], None]
    identify: Callable[[Services, Actor, str, str], Any]
    enter: Callable[[Any], str]
    page: str


def doors(blueprint: Blueprint, way: WayIn) -> None:
    """Register the four addresses of a way in on the blueprint, whose prefix carries `<token>`."""

    @door(blueprint, "", Action.INVITATION_OPEN)
    def landing(token: str) -> str:
        """The link's first page: nothing personal, one thing to do."""
        return _page(way, token)

    @door(blueprint, "/opened", Action.INVITATION_OPEN, methods=("POST",))
    def opened(token: str) -> dict[str, str]:
        """Told by the page's script."""
        way.opened(services(), actor(), token)
        return {"state": "opened"}

    @door(blueprint, "/code", Action.INVITATION_OPEN, methods=("POST",))
    def send_code(token: str) -> Response | tuple[str, int]:
        """Mail a code and ask for it."""
        try:
            way.send_code(services(), actor(), token)
        except CodeTooOften as error:
            return _page(way, token, problem=said(error)), status_of(error)
        return redirect(url_for(".landing", token=token), 303)

    @door(blueprint, "", Action.INVITATION_OPEN, methods=("POST",))
    def identify(token: str) -> Response | tuple[str, int]:
        """Accept the code and go on; a wrong one shows the form again with the tries left."""
        code = "".join(request.form.get("code", "").split())
        if not code:
            return _page(way, token, problem=_("Enter the six digits from the mail.")), 422
        try:
            found = way.identify(services(), actor(), token, code)
        except (CodeWrong, CodeExpired) as error:
            return _page(way, token, problem=said(error)), status_of(error)
        return redirect(way.enter(found), 303)


def _page(way: WayIn, token: str, problem: str = "") -> str:
    landing = way.landing(services(), actor(), token)
    return render_template(way.page, landing=landing, token=token, problem=problem)
