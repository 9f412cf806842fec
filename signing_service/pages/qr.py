"""The QR code that leads to the public verification page of an agreement."""

from __future__ import annotations

from flask import Blueprint, Response
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from signing_service.door import door, services
from signing_service.permissions import Action

QUIET = 4
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
    matrix = QRCode(None, QRErrorCorrectLevel.M)
    matrix.addData(text)
    matrix.make()
    count = matrix.getModuleCount()  # type: ignore[no-untyped-call]  # reportlab is untyped
    size = count + 2 * QUIET
    dark = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row in range(count)
        for column in range(count)
        if matrix.isDark(row, column)  # type: ignore[no-untyped-call]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fffdf9" d="M0 0h{size}v{size}h-{size}z"/><path fill="#1c2333" d="{dark}"/></svg>'
    )
