"""What a passkey confirmed, checked from bytes alone: no network, no store, no clock (W3C WebAuthn level 3, §7.2).

A passkey cannot make the value of a CMS signature, because it signs authenticatorData ‖ SHA-256(clientDataJSON). It can
confirm one: the challenge it is given is the SHA-256 of the signed attributes, so that its answer names exactly one
signature of one document. The answer proves that whoever used the registered authenticator, and was checked by it,
confirmed these bytes. It does not prove who that person is; that rests on what was checked when it was set up.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from keys.passkey_errors import (
    PasskeyCounterBack,
    PasskeyOfAnother,
    PasskeyOtherContent,
    PasskeyOtherOrigin,
    PasskeyOtherSite,
    PasskeyUnreadable,
    PasskeyUserAbsent,
    PasskeyUserUnverified,
    PasskeyWrongValue,
)

MAXIMUM_BYTES = 8192
"""More than any part of an answer needs; longer ones are refused before they are parsed."""

_USER_PRESENT, _USER_VERIFIED = 0x01, 0x04  # flags, WebAuthn §6.1
_HEAD = 37  # rpIdHash 32, flags 1, signCount 4


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys of this service belong: `rp_id` is a host name, `origin` scheme, host and port of its pages."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A registered credential: its id, its public key (SubjectPublicKeyInfo, DER) and the counter last seen."""

    credential_id: bytes
    public_key_der: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator answered, as it came: every part is evidence and is kept byte for byte."""

    credential_id: bytes
    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes


def site_of(base_url: str) -> Site | None:
    """The site of a public address; None where browsers offer no passkeys: an IP address, or http beyond localhost."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if not host or _is_address(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return Site(host, f"{parts.scheme}://{host}{port}")


def challenge_for(signed_attributes: bytes) -> bytes:
    """What a passkey is asked to sign for one signature: SHA-256 of the DER SET (0x31…) of signed attributes."""
    return sha256(signed_attributes).digest()


def check_assertion(passkey: Passkey, assertion: Assertion, signed_attributes: bytes, site: Site) -> int:
    """The authenticator's new counter, if the passkey confirmed exactly these signed attributes on this site.

    Raises, in this order: `PasskeyUnreadable`, `PasskeyOfAnother`, `PasskeyOtherContent`, `PasskeyOtherOrigin`,
    `PasskeyOtherSite`, `PasskeyUserAbsent`, `PasskeyUserUnverified`, `PasskeyWrongValue`, `PasskeyCounterBack`.
    """
    if not hmac.compare_digest(assertion.credential_id, passkey.credential_id):
        raise PasskeyOfAnother
    check_client_data(assertion.client_data_json, "webauthn.get", challenge_for(signed_attributes), site)
    count = _check_authenticator(assertion.authenticator_data, site)
    verify(passkey.public_key_der, assertion)
    # an authenticator that keeps no counter says 0 for ever (§6.1.1)
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        raise PasskeyCounterBack(before=passkey.sign_count, after=count)
    return count


def check_client_data(client_data_json: bytes, kind: str, challenge: bytes, site: Site) -> None:
    """What the browser says it did (§5.8.1): `kind` is webauthn.get or webauthn.create."""
    found = _client_data(client_data_json)
    if found.get("type") != kind or not hmac.compare_digest(from_base64url(found.get("challenge")), challenge):
        raise PasskeyOtherContent
    if found.get("origin") != site.origin or found.get("crossOrigin", False) is not False:
        raise PasskeyOtherOrigin(found=str(found.get("origin"))[:100], expected=site.origin)


def verify(public_key_der: bytes, assertion: Assertion) -> None:
    """Raise `PasskeyWrongValue` unless the value is by this key over authenticatorData ‖ SHA-256(clientDataJSON)."""
    signed = assertion.authenticator_data + sha256(assertion.client_data_json).digest()
    try:
        key = serialization.load_der_public_key(public_key_der)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(assertion.signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(assertion.signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise PasskeyWrongValue
    except (InvalidSignature, ValueError, UnsupportedAlgorithm) as error:
        raise PasskeyWrongValue from error


def _check_authenticator(data: bytes, site: Site) -> int:
    """The counter of authenticator data (§6.1) for this site, with a user who was present and verified."""
    if not _HEAD <= len(data) <= MAXIMUM_BYTES:
        raise PasskeyUnreadable(reason="its data has the wrong length")
    if not hmac.compare_digest(data[:32], sha256(site.rp_id.encode()).digest()):
        raise PasskeyOtherSite(expected=site.rp_id)
    flags = data[32]
    if not flags & _USER_PRESENT:
        raise PasskeyUserAbsent
    if not flags & _USER_VERIFIED:
        raise PasskeyUserUnverified
    return int.from_bytes(data[33:_HEAD], "big")


def _client_data(client_data_json: bytes) -> dict[str, Any]:
    if len(client_data_json) > MAXIMUM_BYTES:
        raise PasskeyUnreadable(reason="it is far too long")
    try:
        found = json.loads(client_data_json)
    except (ValueError, RecursionError) as error:
        raise PasskeyUnreadable(reason="the browser's part is not JSON") from error
    if not isinstance(found, dict):
        raise PasskeyUnreadable(reason="the browser's part is not an object")
    return found


def from_base64url(text: object) -> bytes:
    """Bytes of base64url without padding; raises `PasskeyUnreadable`."""
    if not isinstance(text, str) or len(text) > 2 * MAXIMUM_BYTES:
        raise PasskeyUnreadable(reason="it is not base64url")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError) as error:
        raise PasskeyUnreadable(reason="it is not base64url") from error


def to_base64url(data: bytes) -> str:
    """base64url without padding (RFC 4648 §5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
