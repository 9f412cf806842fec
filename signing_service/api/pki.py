"""Certificates and revocation lists of our own authorities, at the addresses our certificates name."""

from __future__ import annotations

from flask import Blueprint, Response

from signing_service.door import actor, door, services
from signing_service.operations.closing import revocation_lists
from signing_service.permissions import Action

CRL, CERTIFICATE = "application/pkix-crl", "application/pkix-cert"

blueprint = Blueprint("pki", __name__, url_prefix="/pki")


@door(blueprint, "/issuing.crl", Action.PUBLIC)
def issuing_list() -> Response:
    """What the issuing authority has revoked."""
    return Response(revocation_lists(services(), actor())[0], mimetype=CRL)


@door(blueprint, "/root.crl", Action.PUBLIC)
def root_list() -> Response:
    """What the root has revoked."""
    return Response(revocation_lists(services(), actor())[1], mimetype=CRL)


@door(blueprint, "/issuing.cer", Action.PUBLIC)
def issuing_certificate() -> Response:
    """The issuing authority's certificate (DER)."""
    return Response(services().keyring.issuing_der, mimetype=CERTIFICATE)


@door(blueprint, "/root.cer", Action.PUBLIC)
def root_certificate() -> Response:
    """The root certificate (DER): a hint only; compare its fingerprint with one you got elsewhere."""
    return Response(services().keyring.root_der, mimetype=CERTIFICATE)


@door(blueprint, "/root.pem", Action.PUBLIC)
def root_pem() -> Response:
    """The same as PEM."""
    return Response(services().keyring.root_pem, mimetype="application/x-pem-file")
