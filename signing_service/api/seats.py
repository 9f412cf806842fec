"""A signatory's seat as JSON: /api/v1/seats/<signatory>."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from signing_service.api import schemas
from signing_service.api.boards import seat_json
from signing_service.door import actor, door, services
from signing_service.language import language
from signing_service.operations import boards, drawings, passkeys, refusals, seats
from signing_service.pades.drawing import plain
from signing_service.permissions import Action

blueprint = Blueprint("api_seats", __name__, url_prefix="/api/v1/seats/<signatory_id>")


@door(blueprint, "", Action.SEAT_TAKE)
def read(signatory_id: str) -> dict[str, Any]:
    """The whole board of this seat, the consent sentence in `?language=`."""
    return _board()


@door(blueprint, "/join", Action.SEAT_TAKE, methods=("POST",))
def join(signatory_id: str) -> dict[str, Any]:
    """The page is open."""
    schemas.parsed(schemas.Empty())
    seats.join(services(), actor())
    return _board()


@door(blueprint, "/heartbeat", Action.SEAT_TAKE, methods=("POST",))
def heartbeat(signatory_id: str) -> dict[str, Any]:
    """Still here."""
    schemas.parsed(schemas.Empty())
    seats.heartbeat(services(), actor())
    return {"state": "seen"}


@door(blueprint, "/pages", Action.SEAT_TAKE, methods=("POST",))
def pages(signatory_id: str) -> dict[str, Any]:
    """These pages were on the screen."""
    body = schemas.parsed(schemas.PagesRead())
    seats.pages_read(services(), actor(), body["pages"], body["document_sha256"])
    return _board()


@door(blueprint, "/ready", Action.SEAT_TAKE, methods=("POST",))
def ready(signatory_id: str) -> dict[str, Any]:
    """Read, consented, key made: the certificate is issued."""
    wanted = ready_request(schemas.parsed(schemas.Ready()))
    return seat_json(seats.ready(services(), actor(), wanted))


def ready_request(body: dict[str, Any]) -> seats.ReadyRequest:
    """What was sent, as operations take it."""
    return seats.ReadyRequest(
        csr_der=body["csr"],
        challenge_signature=body["challenge_signature"],
        consent_text_id=body["consent"]["text_id"],
        consent_language=body["consent"]["language"],
        consent_sha256=body["consent"]["sha256"],
        document_sha256=body["document_sha256"],
    )


@door(blueprint, "/passkey/options", Action.SEAT_TAKE, methods=("POST",))
def passkey_options(signatory_id: str) -> dict[str, Any]:
    """A fresh challenge and what the browser needs to make a passkey."""
    schemas.parsed(schemas.Empty())
    return passkeys.offer(services(), actor())


@door(blueprint, "/passkey", Action.SEAT_TAKE, methods=("POST",))
def passkey(signatory_id: str) -> dict[str, Any]:
    """Set up the passkey that was made; it then has to confirm the signature."""
    body = schemas.parsed(schemas.NewPasskey())
    made = passkeys.NewPasskey(body["credential_id"], body["attestation_object"], body["client_data_json"])
    passkeys.register(services(), actor(), made)
    return _board()


@door(blueprint, "/drawing", Action.SEAT_TAKE)
def drawing(signatory_id: str) -> dict[str, Any]:
    """What the signatory drew, for their own eyes."""
    found = drawings.mine(services(), actor())
    return {"strokes": plain(found) if found is not None else []}


@door(blueprint, "/drawing", Action.SEAT_TAKE, methods=("POST",))
def draw(signatory_id: str) -> dict[str, Any]:
    """Keep a drawing for the stamp, or take it back."""
    strokes = schemas.parsed(schemas.Drawing())["strokes"]
    if strokes == []:
        drawings.clear(services(), actor())
    else:
        drawings.keep(services(), actor(), strokes)
    return _board()


@door(blueprint, "/decline", Action.SEAT_TAKE, methods=("POST",))
def decline(signatory_id: str) -> dict[str, Any]:
    """Refuse to sign."""
    refusals.decline(services(), actor(), schemas.parsed(schemas.Decline())["reason"])
    return _board()


def _board() -> dict[str, Any]:
    wanted = request.args.get("language") or language()
    return seat_json(boards.seat(services(), actor(), wanted))
