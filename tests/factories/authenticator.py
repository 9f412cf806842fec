"""A software authenticator for tests: it makes passkeys, answers as WebAuthn level 3 describes, and lies on demand."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from keys.algorithms import spki_of
from keys.passkeys import Assertion, Passkey, Site, challenge_for, from_base64url, to_base64url
from signing_service.operations import passkeys
from tests.factories.case import Seat

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
SITE = Site("sign.example.org", "https://sign.example.org")


@dataclass
class Authenticator:
    """One device with one P-256 credential."""

    site: Site = SITE
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: token_bytes(16))
    count: int = 0

    @property
    def passkey(self) -> Passkey:
        """As the service remembers it."""
        return Passkey(self.credential_id, spki_of(self.key.public_key()), self.count)

    def register(self, challenge: bytes, flags: int = PRESENT | VERIFIED) -> tuple[bytes, bytes]:
        """(attestation object with format none, client data) for a creation."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(cose)
        data = self._data(flags | ATTESTED, self.site.rp_id, self.count) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return attestation, client_data("webauthn.create", challenge, self.site.origin)

    def confirm(self, signed_attributes: bytes, **lies: Any) -> Assertion:
        """The answer to the challenge of these attributes; `lies` change one fact each."""
        self.count = lies.get("count", self.count + 1)
        flags = lies.get("flags", PRESENT | VERIFIED)
        data = self._data(flags, lies.get("rp_id", self.site.rp_id), self.count)
        client = client_data(
            lies.get("type", "webauthn.get"),
            challenge_for(signed_attributes),
            lies.get("origin", self.site.origin),
            **lies.get("more", {}),
        )
        value = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return Assertion(self.credential_id, data, client, value)

    @staticmethod
    def _data(flags: int, rp_id: str, count: int) -> bytes:
        return sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, count)


def client_data(kind: str, challenge: bytes, origin: str, **more: Any) -> bytes:
    """clientDataJSON as browsers write it."""
    facts = {"type": kind, "challenge": to_base64url(challenge), "origin": origin, "crossOrigin": False}
    return json.dumps({**facts, **more}, separators=(",", ":")).encode()


def set_up(seat: Seat, site: Site, device: Authenticator | None = None) -> Authenticator:
    """Set up a passkey at the seat; the device that holds it."""
    device = device or Authenticator(site, count=3)
    options = passkeys.offer(seat.services, seat.actor)
    attestation, client = device.register(from_base64url(options["challenge"]))
    passkeys.register(seat.services, seat.actor, passkeys.NewPasskey(device.credential_id, attestation, client))
    return device
