"""The built-in time stamp authority (RFC 3161 §3.4). It proves order, not independence."""

from __future__ import annotations

from flask import Blueprint, Response, request

from signing_service.door import door, services
from signing_service.errors import N_, InvalidInput
from signing_service.permissions import Action

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
REQUEST_MAX = 8192

blueprint = Blueprint("tsa", __name__, url_prefix="/tsa")


@door(blueprint, "", Action.PUBLIC, methods=("POST",))
def stamp() -> Response:
    """Answer one TimeStampReq."""
    if request.mimetype != QUERY or (request.content_length or 0) > REQUEST_MAX:
        raise InvalidInput(field="body", problem=N_("a time stamp request (application/timestamp-query) is needed"))
    return Response(services().keyring.timestamp_authority.answer(request.get_data()), mimetype=REPLY)
