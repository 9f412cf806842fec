"""Bytes of strangers, sealed with a key that only the holder of the address has.

The key is derived from the token in the address (HKDF-SHA256, RFC 5869), and of the token only its SHA-256 is stored.
So the operator, a backup or a stolen database cannot read what was handed in; whoever has the address can.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class EnvelopeBroken(Exception):
    """The bytes were not sealed with this token and purpose, or were changed since."""


def close(token: str, purpose: str, content: bytes) -> bytes:
    """Seal `content` (AES-256-GCM); `purpose` is bound to it, so that envelopes cannot be exchanged."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(token)).encrypt(nonce, content, purpose.encode())


def open_(token: str, purpose: str, envelope: bytes) -> bytes:
    """What was sealed; raises EnvelopeBroken."""
    try:
        return AESGCM(_key(token)).decrypt(envelope[:NONCE_BYTES], envelope[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise EnvelopeBroken from error


def _key(token: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"signing-service/envelope/1").derive(token.encode())
