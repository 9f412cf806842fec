"""Server-sent events of one ceremony, resumable by `Last-Event-ID` (or `?after=`).

Every stream is the tail of the audit log, so a reload or a lost connection loses nothing. A comment every few seconds
keeps proxies from closing the line and lets the server notice a reader that went away.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from flask import Blueprint, Response, request

from signing_service.door import actor, door, services
from signing_service.errors import ServiceError
from signing_service.live.tail import Tail
from signing_service.operations import events
from signing_service.permissions import Action, Actor
from signing_service.services import Services

blueprint = Blueprint("live", __name__, url_prefix="/live")

HEARTBEAT_SECONDS = 10.0
LIFE_SECONDS = 600.0
MAX_INDEX = 2**53
LONGEST_INDEX = 15


@door(blueprint, "/ceremonies/<ceremony_id>/events", Action.CEREMONY_HOST)
def host(ceremony_id: str) -> Response:
    """What the host sees."""
    return _stream(ceremony_id)


@door(blueprint, "/seats/<signatory_id>/events", Action.SEAT_TAKE)
def seat(signatory_id: str) -> Response:
    """What a signatory sees."""
    return _stream(events.my_ceremony(services(), actor()))


@door(blueprint, "/stage/<ceremony_id>/<token>/events", Action.CEREMONY_WATCH)
def stage(ceremony_id: str, token: str) -> Response:
    """What the audience sees."""
    return _stream(ceremony_id)


def _stream(ceremony_id: str) -> Response:
    after = _after(request.headers.get("Last-Event-ID") or request.args.get("after") or "")
    parts, who = services(), actor()
    events.after(parts, who, ceremony_id, MAX_INDEX)  # refuse before the stream begins, not inside it
    response = Response(_lines(parts, who, ceremony_id, after), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _after(text: str) -> int:
    """The event number to continue after: beyond the log means from its end, anything else from the beginning."""
    if not (text.isascii() and text.isdigit()):
        return -1
    return int(text) if len(text) <= LONGEST_INDEX else MAX_INDEX


def _lines(parts: Services, who: Actor, ceremony_id: str, index: int) -> Iterator[str]:
    """The stream itself. Ends by itself after ten minutes; the browser reconnects where it was."""
    tail = Tail.of(parts)
    ends = time.monotonic() + LIFE_SECONDS
    yield "retry: 1000\n\n"
    while time.monotonic() < ends and not tail.stopping:
        seen = tail.generation
        try:
            found, index = events.after(parts, who, ceremony_id, index)
        except ServiceError:  # the link was withdrawn meanwhile; the browser learns why when it comes back
            return
        for event in found:
            body = json.dumps({"type": event.type, "at": event.at, "data": event.data}, ensure_ascii=False)
            yield f"id: {event.index}\nevent: log\ndata: {body}\n\n"
        if not tail.wait(seen, HEARTBEAT_SECONDS):
            yield ": still here\n\n"
