"""The JSON door: seats, signatures, ceremonies, documents, log, keys. Thin: parse, one operation, shape the answer."""

from __future__ import annotations

from flask import Flask

from signing_service.api import (
    ceremonies,
    documents,
    log,
    own_certificates,
    pki,
    rehearsals,
    seats,
    signatures,
    tsa,
    verification,
)
from signing_service.security import csrf, limiter

limiter.limit("600 per minute")(tsa.blueprint)  # once: every call would add another count


def register(app: Flask) -> None:
    """Add every blueprint of the JSON and binary interfaces."""
    for module in (seats, rehearsals, signatures, own_certificates, ceremonies, documents, log, pki):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(tsa.blueprint)
    app.register_blueprint(verification.blueprint)
    csrf.exempt(verification.blueprint)  # the same: who asks is nobody in particular
    csrf.exempt(tsa.blueprint)  # a protocol of machines: no cookie is read there
    csrf.exempt(pki.blueprint)  # the same
