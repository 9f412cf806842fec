"""Cookies as the service signs them: a browser that was here before and comes back."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

SECRET = "s" * 48
CSRF = "c" * 40


def browser_session(content: dict[str, Any]) -> tuple[str, str]:
    """The session cookie holding `content`, and the CSRF token that belongs to it."""
    app = Flask(__name__)
    app.secret_key = SECRET
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = serializer.dumps({**content, "csrf_token": CSRF})
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(CSRF)
    return str(cookie), str(token)
