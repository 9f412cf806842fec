"""One passkey confirmation as a file that an outsider checks without us: JSON, every part exactly as it came.

`check` is given the signed attributes by the caller, who takes them out of the signed PDF. The attributes inside the
file only serve readers that have no PDF at hand.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, fields
from typing import Any

from cryptography.hazmat.primitives import serialization

from keys.passkey_errors import PasskeyUnreadable
from keys.passkeys import Assertion, Passkey, Site, check_assertion

SCHEMA = "signing-service/passkey/1"
MAXIMUM_FILE = 256 * 1024
_BYTES = bytes


@dataclass(frozen=True, slots=True)
class PasskeyEvidence:
    """All there is about one confirmation.

    `sign_count_before` is the counter that was known when it was given; `registered_at` (RFC 3339, UTC) and the two
    `registration_…` parts tell how the passkey was set up; the attestation may name the make of the authenticator.
    """

    field: str
    rp_id: str
    origin: str
    credential_id: bytes
    public_key_der: bytes
    sign_count_before: int
    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes
    signed_attributes: bytes
    registered_at: str
    registration_authenticator: str
    registration_attestation: bytes
    registration_client_data_json: bytes

    @property
    def public_key_pem(self) -> bytes:
        """The passkey's public key as openssl reads it."""
        key = serialization.load_der_public_key(self.public_key_der)
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def to_json(self) -> bytes:
        """The file; bytes stand in base64."""
        plain = {name: b64encode(v).decode() if isinstance(v, _BYTES) else v for name, v in asdict(self).items()}
        return json.dumps({"schema": SCHEMA, **plain}, indent=2, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_json(cls, content: bytes) -> "PasskeyEvidence":
        """The evidence out of a file; raises `PasskeyUnreadable`."""
        if len(content) > MAXIMUM_FILE:
            raise PasskeyUnreadable(reason="the file is far too long")
        try:
            found = json.loads(content)
            if found["schema"] != SCHEMA:
                raise PasskeyUnreadable(reason="the file has another schema")
            return cls(**{one.name: _read(found[one.name], one.type) for one in fields(cls)})
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise PasskeyUnreadable(reason="the file is no evidence of a passkey") from error

    def check(self, signed_attributes: bytes) -> int:
        """The counter after it, if this passkey confirmed exactly these attributes; raises as `check_assertion`."""
        passkey = Passkey(self.credential_id, self.public_key_der, self.sign_count_before)
        given = Assertion(self.credential_id, self.authenticator_data, self.client_data_json, self.signature)
        return check_assertion(passkey, given, signed_attributes, Site(self.rp_id, self.origin))


def _read(value: Any, kind: object) -> Any:
    if kind is bytes:
        return b64decode(value, validate=True)
    if type(value) is not kind:
        raise ValueError("a member of another kind")
    return value
