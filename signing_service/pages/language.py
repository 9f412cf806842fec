"""Choosing the language of the pages: one cookie, nothing about the person.

How a language is found for a request (address, cookie, person, browser) is the service's set-up, not done here.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from agreements.languages import LANGUAGES
from signing_service.door import door
from signing_service.language import COOKIE
from signing_service.permissions import Action

A_YEAR = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


def local_path(address: str) -> str:
    """`address` when it is a path of this site, without any `lang`; otherwise the start page.

    Nobody is sent to a foreign host: a scheme, a host, a backslash or a double slash ends at "/".
    """
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and not parts.netloc
    if not inside or any(ord(character) < 32 for character in address):
        return "/"
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return parts.path + (f"?{urlencode(query)}" if query else "")


@door(blueprint, "/language", Action.PUBLIC, methods=("POST",))
def change() -> Response:
    """Keep the chosen language and go back to the page the reader was on."""
    response = redirect(local_path(request.form.get("next", "/")), 303)
    chosen = request.form.get("lang", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
    return response
