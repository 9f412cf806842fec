"""What the log says of the service's own keys: made, certified anew, moved into the hardware module, no longer used."""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys.rotation import Rotated
from keys.seal_replacement import Replaced
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.signatures import CertificateRevoked, KeyCertified, KeyCreated, KeyRetired
from signing_service.operations.operation import Act, command
from signing_service.permissions import Action

TOKEN = "token"  # noqa: S105 - a purpose
HARDWARE = "pkcs11"


@command(Action.OPERATE)
def rotated(act: Act, made: Rotated) -> None:
    """The issuing key was rotated or imported."""
    act.record(Recorded.KEY_CREATED, KeyCreated("issuing", made.spki_sha256, "software"))
    act.record(Recorded.KEY_RETIRED, KeyRetired("issuing", made.former_spki_sha256, "rotated"))


@command(Action.OPERATE)
def made_in_token(act: Act, spki_der: bytes) -> None:
    """A key pair was made in the hardware module."""
    act.record(Recorded.KEY_CREATED, KeyCreated(TOKEN, _sha256(spki_der), HARDWARE))


@command(Action.OPERATE)
def certified(act: Act, purpose: str, certificate_der: bytes) -> None:
    """A key has a new certificate: `issuing`, `seal` or `timestamp` of the service, or `token`."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    ends = certificate.not_valid_after_utc
    act.record(Recorded.KEY_CERTIFIED, KeyCertified(purpose, _spki_sha256(certificate), _sha256(certificate_der), ends))


@command(Action.OPERATE)
def moved_to_token(act: Act, purpose: str, spki_der: bytes, former_certificate_der: bytes) -> None:
    """The service's own key of that purpose is one of the hardware module from now on."""
    former = _spki_sha256(x509.load_der_x509_certificate(former_certificate_der))
    act.record(Recorded.KEY_CREATED, KeyCreated(purpose, _sha256(spki_der), HARDWARE))
    act.record(Recorded.KEY_RETIRED, KeyRetired(purpose, former, "moved-to-token"))


@command(Action.OPERATE)
def seal_replaced(act: Act, made: Replaced, reason: str) -> None:
    """The seal's certificate was revoked, and there is another key, unless one of the token has to be taken over."""
    act.record(Recorded.CERTIFICATE_REVOKED, CertificateRevoked(f"{made.serial:x}", reason))
    act.record(Recorded.KEY_RETIRED, KeyRetired("seal", made.former_spki_sha256, reason))
    if made.spki_sha256 is not None:
        act.record(Recorded.KEY_CREATED, KeyCreated("seal", made.spki_sha256, "software"))


def _spki_sha256(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    return _sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
