"""A signatory's place in a rehearsal as JSON: /api/v1/seats/<signatory>/rehearsal, in the shapes of the real seat.

The page's scripts are the same; only the address and what stands behind it differ.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from signing_service.api import schemas
from signing_service.api.boards import rehearsal_json
from signing_service.api.documents import as_attached, as_lasting, page_width, words_json
from signing_service.api.seats import ready_request
from signing_service.api.signatures import outcome_json
from signing_service.door import actor, door, services
from signing_service.language import language
from signing_service.operations import rehearsal_seats, rehearsal_signing
from signing_service.operations.attempts import Outcome
from signing_service.permissions import Action

blueprint = Blueprint("api_rehearsals", __name__, url_prefix="/api/v1/seats/<signatory_id>/rehearsal")


@door(blueprint, "", Action.SEAT_REHEARSE)
def read(signatory_id: str) -> dict[str, Any]:
    """The board of the practice, the sentence in `?language=`."""
    return _board()


@door(blueprint, "/join", Action.SEAT_REHEARSE, methods=("POST",))
def join(signatory_id: str) -> dict[str, Any]:
    """The page is open."""
    schemas.parsed(schemas.Empty())
    rehearsal_seats.here(services(), actor())
    return _board()


@door(blueprint, "/heartbeat", Action.SEAT_REHEARSE, methods=("POST",))
def heartbeat(signatory_id: str) -> dict[str, Any]:
    """Still here."""
    schemas.parsed(schemas.Empty())
    rehearsal_seats.here(services(), actor())
    return {"state": "seen"}


@door(blueprint, "/pages", Action.SEAT_REHEARSE, methods=("POST",))
def pages(signatory_id: str) -> dict[str, Any]:
    """These pages of the copy were on the screen."""
    body = schemas.parsed(schemas.PagesRead())
    rehearsal_seats.pages_read(services(), actor(), body["pages"], body["document_sha256"])
    return _board()


@door(blueprint, "/ready", Action.SEAT_REHEARSE, methods=("POST",))
def ready(signatory_id: str) -> dict[str, Any]:
    """Read, sentence accepted, practice key made: it gets a certificate for practising."""
    wanted = ready_request(schemas.parsed(schemas.Ready()))
    return rehearsal_json(rehearsal_seats.ready(services(), actor(), wanted))


@door(blueprint, "/again", Action.SEAT_REHEARSE, methods=("POST",))
def again(signatory_id: str) -> dict[str, Any]:
    """Begin anew."""
    schemas.parsed(schemas.Empty())
    rehearsal_seats.again(services(), actor())
    return _board()


@door(blueprint, "/signatures", Action.SEAT_REHEARSE, methods=("POST",))
def prepare(signatory_id: str) -> dict[str, Any]:
    """The press: what the practice key is to sign."""
    body = schemas.parsed(schemas.Press())
    found = rehearsal_signing.prepare(services(), actor(), body["document_sha256"], body["command_key"])
    return _outcome(signatory_id, found)


@door(blueprint, "/signatures/practice/prepared", Action.SEAT_REHEARSE)
def prepared(signatory_id: str) -> Response:
    """The copy with its empty gap."""
    return Response(rehearsal_signing.prepared_pdf(services(), actor()), mimetype="application/pdf")


@door(blueprint, "/signatures/practice/value", Action.SEAT_REHEARSE, methods=("POST",))
def complete(signatory_id: str) -> dict[str, Any]:
    """Hand in the value."""
    body = schemas.parsed(schemas.Value())
    return _outcome(signatory_id, rehearsal_signing.complete(services(), actor(), body["value"]))


@door(blueprint, "/commands/<command_key>", Action.SEAT_REHEARSE)
def command(signatory_id: str, command_key: str) -> dict[str, Any]:
    """What became of a command."""
    found = rehearsal_signing.outcome(services(), actor(), command_key)
    return {"state": "unknown"} if found is None else _outcome(signatory_id, found)


@door(blueprint, "/documents/<sha256>.pdf", Action.SEAT_REHEARSE)
def pdf(signatory_id: str, sha256: str) -> Response:
    """The marked copy, named by its hash."""
    return as_lasting(Response(rehearsal_seats.copy(services(), actor(), sha256), mimetype="application/pdf"))


@door(blueprint, "/documents/<sha256>/pages/<int:page>.png", Action.SEAT_REHEARSE)
def page_image(signatory_id: str, sha256: str, page: int) -> Response:
    """One page of it as an image, `?width=` pixels wide."""
    png = rehearsal_seats.page_png(services(), actor(), sha256, page, page_width())
    return as_lasting(Response(png, mimetype="image/png"))


@door(blueprint, "/documents/<sha256>/pages/<int:page>.json", Action.SEAT_REHEARSE)
def page_words(signatory_id: str, sha256: str, page: int) -> Response:
    """The words of one page of it."""
    return words_json(rehearsal_seats.page_words(services(), actor(), sha256, page))


@door(blueprint, "/document.pdf", Action.SEAT_REHEARSE)
def signed(signatory_id: str) -> Response:
    """The copy with one's own practice signature."""
    data = rehearsal_signing.signed_copy(services(), actor())
    return as_attached(Response(data, mimetype="application/pdf"), "rehearsal.pdf")


def _outcome(signatory_id: str, found: Outcome) -> dict[str, Any]:
    answer = outcome_json(f"/api/v1/seats/{signatory_id}/rehearsal", found)
    answer.pop("receipt_url", None)  # there is nothing to prove
    return answer


def _board() -> dict[str, Any]:
    wanted = request.args.get("language") or language()
    return rehearsal_json(rehearsal_seats.board(services(), actor(), wanted))
