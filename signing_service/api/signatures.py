"""The signing path as JSON: press → signed attributes → value → stored signature."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, request

from keys.passkeys import Assertion
from signing_service.api import schemas
from signing_service.door import actor, door, services
from signing_service.moments import iso
from signing_service.operations import passkey_answers, signatures
from signing_service.permissions import Action

blueprint = Blueprint("api_signatures", __name__, url_prefix="/api/v1/seats/<signatory_id>")


@door(blueprint, "/signatures", Action.SIGN, methods=("POST",))
def prepare(signatory_id: str) -> dict[str, Any]:
    """Ask to sign; the answer is a place in the queue, the attributes to sign, or the signature already stored."""
    body = schemas.parsed(schemas.Press())
    found = signatures.prepare(services(), actor(), body["document_sha256"], body["command_key"])
    return outcome_json(api_of(signatory_id), found)


@door(blueprint, "/signatures/<attempt_id>/prepared", Action.SIGN)
def prepared(signatory_id: str, attempt_id: str) -> Response:
    """The prepared PDF with its empty gap; with `Range: bytes=N-` only what follows the N bytes a browser has."""
    # no range, or one of another form: the whole, as RFC 9110 (14.2) allows
    wanted = request.range.ranges if request.range is not None and request.range.units == "bytes" else ()
    if len(wanted) != 1 or wanted[0][0] < 0 or wanted[0][1] is not None:
        whole = signatures.prepared_pdf(services(), actor(), attempt_id)
        return Response(whole, mimetype="application/pdf", headers={"Accept-Ranges": "bytes"})
    begin = wanted[0][0]
    part = signatures.prepared_after(services(), actor(), attempt_id, begin)
    if not part.data:
        return Response(status=416, headers={"Content-Range": f"bytes */{part.length}"})
    place = f"bytes {begin}-{part.length - 1}/{part.length}"
    return Response(part.data, status=206, mimetype="application/pdf", headers={"Content-Range": place})


@door(blueprint, "/signatures/<attempt_id>/value", Action.SIGN, methods=("POST",))
def complete(signatory_id: str, attempt_id: str) -> dict[str, Any]:
    """Hand in the value."""
    body = schemas.parsed(schemas.Value())
    answer = body["value"]
    if body["passkey"] is not None:
        answer = passkey_answers.answer_of(answer, Assertion(**body["passkey"]))
    return outcome_json(api_of(signatory_id), signatures.complete(services(), actor(), attempt_id, answer))


@door(blueprint, "/commands/<command_key>", Action.SIGN)
def command(signatory_id: str, command_key: str) -> dict[str, Any]:
    """What became of a command."""
    found = signatures.outcome(services(), actor(), command_key)
    return {"state": "unknown"} if found is None else outcome_json(api_of(signatory_id), found)


def api_of(signatory_id: str) -> str:
    """Where a seat is asked."""
    return f"/api/v1/seats/{signatory_id}"


def outcome_json(api: str, found: signatures.Outcome) -> dict[str, Any]:
    """The stage of a signature as browsers read it; `api` is where the seat is asked."""
    match found:
        case signatures.Waiting():
            retry_ms = round(1000 * services().pace.ask_again_in(found.before_you))
            return {"state": "waiting", "before_you": found.before_you, "retry_ms": retry_ms}
        case signatures.Ready():
            return {
                "state": "prepared",
                "attempt_id": found.attempt_id,
                "signed_attributes": b64encode(found.signed_attributes).decode(),
                "byte_range": list(found.byte_range),
                "prepared_url": f"{api}/signatures/{found.attempt_id}/prepared",
                "value_url": f"{api}/signatures/{found.attempt_id}/value",
                "to_sign_url": f"{api}/signatures/{found.attempt_id}/to-sign/",
                "answer_url": f"{api}/signatures/{found.attempt_id}/answer",
                "base_sha256": found.base_sha256,
                "expires_at": iso(found.expires_at),
            }
        case signatures.Signed():
            return {
                "state": "signed",
                "revision": found.revision,
                "document_sha256": found.document_sha256,
                "signed_at": iso(found.signed_at),
                "log_index": found.log_index,
                "receipt_url": f"{api}/receipt",
            }
