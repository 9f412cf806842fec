"""Ceremonies as JSON: the host's board and commands, the stage's board."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from signing_service.api import schemas
from signing_service.api.boards import host_json, stage_json
from signing_service.door import actor, door, services
from signing_service.operations import boards, ceremonies
from signing_service.permissions import Action

blueprint = Blueprint("api_ceremonies", __name__, url_prefix="/api/v1")


@door(blueprint, "/ceremonies/<ceremony_id>/board", Action.CEREMONY_HOST)
def board(ceremony_id: str) -> dict[str, Any]:
    """The host's board."""
    return host_json(boards.host(services(), actor(), ceremony_id))


@door(blueprint, "/ceremonies/<ceremony_id>/commands", Action.CEREMONY_HOST, methods=("POST",))
def command(ceremony_id: str) -> dict[str, Any]:
    """Carry out one command and show the board after it."""
    body = schemas.parsed(schemas.HostCommand())
    ceremonies.conduct_ceremony(
        services(), actor(), ceremony_id, body["command"], body["expected_version"], body["reason"]
    )
    return host_json(boards.host(services(), actor(), ceremony_id))


@door(blueprint, "/stage/<ceremony_id>/<token>/board", Action.CEREMONY_WATCH)
def stage(ceremony_id: str, token: str) -> dict[str, Any]:
    """The stage's board."""
    return stage_json(boards.stage(services(), actor(), ceremony_id), token)
