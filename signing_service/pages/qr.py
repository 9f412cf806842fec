"""The QR code that leads to the public verification page of an agreement."""

from __future__ import annotations

from flask import Blueprint, Response

from agreements.rendering import qr_code
from signing_service.door import door, services
from signing_service.permissions import Action

DAY_SECONDS = 86400

blueprint = Blueprint("qr", __name__)


@door(blueprint, "/qr/<path:number>.svg", Action.PUBLIC)
def code(number: str) -> Response:
    """An SVG of dark modules on a light ground, with the quiet zone of ISO/IEC 18004."""
    svg = drawing(f"{services().settings.base_url}/verify/{number[:80]}")
    response = Response(svg, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    return response


def drawing(text: str) -> str:
    """The code as SVG, one unit a module."""
    rows, quiet = qr_code.modules(text), qr_code.QUIET
    size = len(rows) + 2 * quiet
    dark = "".join(
        f"M{column + quiet} {row + quiet}h{width}v{height}h-{width}z"
        for column, row, width, height in qr_code.boxes(rows)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fffdf9" d="M0 0h{size}v{size}h-{size}z"/><path fill="#1c2333" d="{dark}"/></svg>'
    )
