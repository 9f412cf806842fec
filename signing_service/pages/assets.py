"""Type faces served from this host: pages must load where no foreign network is reachable."""

from __future__ import annotations

from flask import Blueprint, Response, send_from_directory

from signing_service.door import door, services
from signing_service.permissions import Action

YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("assets", __name__)


@door(blueprint, "/fonts/<path:path>", Action.PUBLIC)
def font(path: str) -> Response:
    """One style sheet or font file out of the font folder; nothing above that folder can be named."""
    return send_from_directory(services().settings.fonts_dir / "web", path, max_age=YEAR_SECONDS)
