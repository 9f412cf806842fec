"""Certificates, revocation lists and OCSP answers of our own authorities, at the addresses our certificates name.

OCSP is asked as RFC 6960 appendix A has it: POST with the request as body, or GET with it in base64 in the path.
A nonce is not answered, because answers are signed ahead (RFC 5019 §4).
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote

from flask import Blueprint, Response, request

from signing_service.door import actor, door, services
from signing_service.errors import N_, InvalidInput, NotFound
from signing_service.operations import status_answers
from signing_service.permissions import Action

CRL, CERTIFICATE = "application/pkix-crl", "application/pkix-cert"
OCSP_REQUEST, OCSP_RESPONSE = "application/ocsp-request", "application/ocsp-response"
REQUEST_MAX = 1024

blueprint = Blueprint("pki", __name__, url_prefix="/pki")


@door(blueprint, "/<name>.crl", Action.PUBLIC)
def issuing_list(name: str) -> Response:
    """What one generation of the issuing authority has revoked."""
    return Response(status_answers.revocation_list(services(), actor(), name), mimetype=CRL)


@door(blueprint, "/root.crl", Action.PUBLIC)
def root_list() -> Response:
    """What the root has revoked."""
    return Response(services().keyring.root_crl(services().clock()), mimetype=CRL)


@door(blueprint, "/<name>.cer", Action.PUBLIC)
def issuing_certificate(name: str) -> Response:
    """The certificate (DER) of one generation of the issuing authority."""
    issuer = services().keyring.issuers.named(name)
    if issuer is None:
        raise NotFound(what=N_("certificate authority"))
    return Response(issuer.authority.certificate_der, mimetype=CERTIFICATE)


@door(blueprint, "/root.cer", Action.PUBLIC)
def root_certificate() -> Response:
    """The root certificate (DER): a hint only; compare its fingerprint with one you got elsewhere."""
    return Response(services().keyring.root_der, mimetype=CERTIFICATE)


@door(blueprint, "/root.pem", Action.PUBLIC)
def root_pem() -> Response:
    """The same as PEM."""
    return Response(services().keyring.root_pem, mimetype="application/x-pem-file")


@door(blueprint, "/ocsp", Action.PUBLIC, methods=("POST",))
def ask() -> Response:
    """Is this certificate revoked? The request is the body."""
    if request.mimetype != OCSP_REQUEST or (request.content_length or 0) > REQUEST_MAX:
        raise InvalidInput(field="body", problem=N_("an OCSP request (application/ocsp-request) is needed"))
    return _reply(request.get_data())


@door(blueprint, "/ocsp/<path:encoded>", Action.PUBLIC)
def look_up(encoded: str) -> Response:
    """The same with the request in base64 in the address, which caches can keep."""
    try:
        asked = base64.b64decode(unquote(encoded), validate=True)
    except (binascii.Error, ValueError):
        asked = b""
    return _reply(asked)


def _reply(asked: bytes) -> Response:
    found = status_answers.reply(services(), actor(), asked)
    response = Response(found.der, mimetype=OCSP_RESPONSE)
    if found.until is not None and request.method == "GET":
        response.cache_control.public = True
        response.cache_control.max_age = max(0, int((found.until - services().clock()).total_seconds()) // 24)
    return response
