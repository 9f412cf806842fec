"""How a view becomes reachable: one line that names its URL and the action it needs.

`door` registers the view and checks the permission table before it runs. It also offers the two things every view
asks for: the service's parts and the person at the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Blueprint, current_app, g

from signing_service.permissions import ANONYMOUS, Action, Actor, require
from signing_service.services import Services

View = Callable[..., Any]
SERVICES = "signing_service"
ACTION = "signing_action"


def services() -> Services:
    """The parts of the running service."""
    return cast(Services, current_app.extensions[SERVICES])


def actor() -> Actor:
    """Who makes this request; set by `signing_service.sessions` before the view runs."""
    return cast(Actor, g.get("actor", ANONYMOUS))


def door(
    blueprint: Blueprint, rule: str, action: Action, *, methods: tuple[str, ...] = ("GET",), endpoint: str | None = None
) -> Callable[[View], View]:
    """Register a view at `rule`; the permission for `action` is checked before it runs."""

    def register(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(actor(), action)
            return view(*args, **kwargs)

        setattr(guarded, ACTION, action)
        blueprint.add_url_rule(rule, endpoint or view.__name__, guarded, methods=list(methods))
        return guarded

    return register
