"""How a view becomes reachable: one line that names its URL and the action it needs.

`door` registers the view and checks the permission table before it runs. It also offers the two things every view
asks for: the service's parts and the person at the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Blueprint, current_app, g, request

from signing_service.errors import NotPermitted
from signing_service.operations.operation import record_refusal
from signing_service.permissions import ANONYMOUS, Action, Actor, require
from signing_service.services import Services

View = Callable[..., Any]
SERVICES = "signing_service"
ACTION = "signing_action"
LOOKING = ("GET", "HEAD", "OPTIONS")


def services() -> Services:
    """The parts of the running service."""
    return cast(Services, current_app.extensions[SERVICES])


def actor() -> Actor:
    """Who makes this request; set by `signing_service.sessions` before the view runs."""
    return cast(Actor, g.get("actor", ANONYMOUS))


def _require(action: Action) -> None:
    """Refuse what the table does not allow; who tried to change something stays in the log."""
    try:
        require(actor(), action)
    except NotPermitted as refusal:
        if request.method not in LOOKING:
            record_refusal(services(), actor(), action, refusal)
        raise


def door(
    blueprint: Blueprint, rule: str, action: Action, *, methods: tuple[str, ...] = ("GET",), endpoint: str | None = None
) -> Callable[[View], View]:
    """Register a view at `rule`; the permission for `action` is checked before it runs."""

    def register(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            _require(action)
            return view(*args, **kwargs)

        setattr(guarded, ACTION, action)
        blueprint.add_url_rule(rule, endpoint or view.__name__, guarded, methods=list(methods))
        return guarded

    return register
