"""The public face of the audit log: checkpoint and hash tiles (C2SP tlog-tiles); hashes only, nothing personal."""

from __future__ import annotations

from flask import Blueprint, Response

from signing_service.door import actor, door, services
from signing_service.operations import audit_log
from signing_service.permissions import Action

blueprint = Blueprint("log", __name__, url_prefix="/log")


@door(blueprint, "/checkpoint", Action.PUBLIC)
def checkpoint() -> Response:
    """The newest signed checkpoint."""
    response = Response(audit_log.checkpoint(services(), actor()), mimetype="text/plain")
    response.headers["Cache-Control"] = "max-age=2"
    return response


@door(blueprint, "/vkey", Action.PUBLIC)
def verifier_key() -> Response:
    """The C2SP verifier key: a hint only; get it out of band before you rely on it."""
    return Response(f"{audit_log.verifier_key(services())}\n", mimetype="text/plain")


@door(blueprint, "/tile/<path:path>", Action.PUBLIC)
def tile(path: str) -> Response:
    """One hash tile."""
    return Response(audit_log.tile(services(), actor(), path), mimetype="application/octet-stream")


@door(blueprint, "/proof/<int:index>", Action.AUDIT_READ)
def proof(index: int) -> Response:
    """The inclusion proof of one entry."""
    return Response(audit_log.proof(services(), actor(), index), mimetype="text/plain")


@door(blueprint, "/entries", Action.AUDIT_READ)
def entries() -> Response:
    """Every entry, one a line, exactly its bytes: what a checkpoint is about."""
    lines = audit_log.export_lines(services(), actor())
    return Response(b"".join(line + b"\n" for line in lines), mimetype="application/jsonl")
