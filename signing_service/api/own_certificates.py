"""A seat that signs with its own certificate and program: look at the certificate, be ready, take away, bring back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from keys.own_certificates import ACCEPTED
from signing_service.api import schemas
from signing_service.api.boards import seat_json
from signing_service.api.signatures import outcome_json
from signing_service.door import actor, door, services
from signing_service.moments import iso
from signing_service.operations import own_certificates, signatures
from signing_service.permissions import Action

blueprint = Blueprint("api_own_certificates", __name__, url_prefix="/api/v1/seats/<signatory_id>")


@door(blueprint, "/own/certificate", Action.SEAT_TAKE, methods=("POST",))
def look(signatory_id: str) -> dict[str, Any]:
    """What a certificate file says; nothing is stored."""
    found = own_certificates.look(services(), actor(), schemas.parsed(schemas.OwnCertificate())["certificate"])
    certificate = found.certificate
    return {
        "sha256": certificate.sha256,
        "name": certificate.name,
        "organisation": certificate.organisation,
        "email": certificate.email,
        "issuer": certificate.issuer,
        "key": certificate.key,
        "not_before": iso(certificate.not_before),
        "not_after": iso(certificate.not_after),
        "listed": certificate.trust == ACCEPTED,
        "same_name": found.same_name,
        "same_organisation": found.same_organisation,
    }


@door(blueprint, "/own/ready", Action.SEAT_TAKE, methods=("POST",))
def ready(signatory_id: str) -> dict[str, Any]:
    """Read, consented, the name in the certificate confirmed: it is bound to the seat."""
    body = schemas.parsed(schemas.OwnReady())
    wanted = own_certificates.OwnReady(
        upload=body["certificate"],
        confirmed_sha256=body["confirmed_sha256"],
        consent_text_id=body["consent"]["text_id"],
        consent_language=body["consent"]["language"],
        consent_sha256=body["consent"]["sha256"],
        document_sha256=body["document_sha256"],
    )
    return seat_json(own_certificates.ready(services(), actor(), wanted))


@door(blueprint, "/signatures/<attempt_id>/to-sign/<part>", Action.SIGN)
def take(signatory_id: str, attempt_id: str, part: str) -> Response:
    """What a program of one's own may sign: `document.pdf`, `prepared.pdf`, `bytes.bin` or `attributes.der`."""
    data = own_certificates.to_sign(services(), actor(), attempt_id, part)
    kind = "application/pdf" if part.endswith(".pdf") else "application/octet-stream"
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{part}"'
    return response


@door(blueprint, "/signatures/<attempt_id>/answer", Action.SIGN, methods=("POST",))
def answer(signatory_id: str, attempt_id: str) -> dict[str, Any]:
    """Bring back the value, the CMS object or the PDF, as the bytes they are."""
    return outcome_json(signatory_id, signatures.complete(services(), actor(), attempt_id, request.get_data()))
