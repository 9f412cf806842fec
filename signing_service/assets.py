"""Style sheets, scripts, pictures and type faces: the same for everybody, named by their content, kept by browsers.

An address made by `url_for` carries the beginning of the file's SHA-256, so that what a browser keeps for a year is
asked for anew exactly when it has changed. No session is read for them: `Vary: Cookie` would make browsers ask again.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, session
from werkzeug.security import safe_join

FONT = "assets.font"
ENDPOINTS = ("static", "bootstrap.static", FONT)
KEPT = "public, max-age=31536000, immutable"
MARK_LENGTH = 12


def is_asset() -> bool:
    """Whether the request is for something that is the same for everybody."""
    return request.endpoint in ENDPOINTS


def register(app: Flask, fonts: Path) -> None:
    """Mark the addresses of assets with their content, and let browsers keep what was asked for by its mark.

    `fonts` is the folder of the type faces.
    """

    def folder_of(endpoint: str) -> str | None:
        if endpoint == FONT:
            return str(fonts)
        return app.static_folder if endpoint == "static" else app.blueprints["bootstrap"].static_folder

    @app.url_defaults
    def marked(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint not in ENDPOINTS or "v" in values:
            return
        name = safe_join(folder_of(endpoint) or "", values["path" if endpoint == FONT else "filename"])
        if name is not None and Path(name).is_file():
            values["v"] = _mark(Path(name), Path(name).stat().st_mtime_ns)

    @app.after_request
    def kept(response: Response) -> Response:
        if is_asset():
            session.accessed = False
            if request.args.get("v") and response.status_code in (200, 206, 304):
                response.headers["Cache-Control"] = KEPT
        return response


@lru_cache(maxsize=512)
def _mark(file: Path, _changed_ns: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:MARK_LENGTH]
