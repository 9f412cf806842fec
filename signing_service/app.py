"""Wiring of the web application: services → errors → security → sessions → doors. No logic."""

from __future__ import annotations

from flask import Flask

from config import Settings
from signing_service import assets, http_errors, language, logs, security, sessions
from signing_service.api import register as register_api
from signing_service.door import SERVICES
from signing_service.live.streams import blueprint as live
from signing_service.pages import register as register_pages
from signing_service.services import Services, build


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """The Flask application of one installation; `services` may be handed in by the worker or a test."""
    logs.configure()
    app = Flask(__name__)
    app.extensions[SERVICES] = services or build(settings)
    sessions.register(app)  # first: limits count per person, and a refusal names its request
    assets.register(app, settings.fonts_dir / "web")
    security.register(app, settings)
    language.register(app)
    http_errors.register(app)
    register_api(app)
    app.register_blueprint(live)
    register_pages(app)
    return app
