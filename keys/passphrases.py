"""Secrets as a type of their own, and the passphrases of key files derived from the service's master key.

A `Secret` never prints, pickles, hashes or compares byte by byte; only `reveal()` gives its bytes. The master key comes
from outside (environment, secret store) and is never written anywhere by this package.
"""

import hmac
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from keys.errors import MasterKeyTooShort

MINIMUM_MASTER_KEY_BYTES = 32
"""The same floor that production demands of every secret."""

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**15, 8, 1
"""32 MiB and about 0.1 s: once per start, so that a master key made up by a person is costly to guess (RFC 7914)."""

SALT_BYTES = 16


class Secret:
    """Bytes that must not appear in a log, a traceback or an error page."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """The bytes themselves. Every call of this is a place to look at in a review."""
        return self._value

    def __repr__(self) -> str:
        return "<Secret>"

    def __str__(self) -> str:
        return "<Secret>"

    def __format__(self, spec: str) -> str:
        return "<Secret>"

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]  # a secret is no key of a dictionary

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def as_secret(value: bytes | Secret) -> Secret:
    """Wrap bare bytes; a `Secret` passes unchanged."""
    return value if isinstance(value, Secret) else Secret(value)


class Passphrases:
    """The passphrases under one master key and one salt: scrypt once, then HKDF-Expand (RFC 5869) per purpose.

    Raises `MasterKeyTooShort` when the master key has fewer than `MINIMUM_MASTER_KEY_BYTES` bytes.
    """

    def __init__(self, master_key: bytes | Secret, salt: bytes) -> None:
        secret = as_secret(master_key)
        if len(secret) < MINIMUM_MASTER_KEY_BYTES:
            raise MasterKeyTooShort(length=len(secret), minimum=MINIMUM_MASTER_KEY_BYTES)
        scrypt = Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
        self._stretched = Secret(scrypt.derive(secret.reveal()))

    def for_purpose(self, purpose: str) -> Secret:
        """A passphrase of 64 hex characters for one purpose, e.g. the name of a key file."""
        expand = HKDFExpand(algorithm=SHA256(), length=32, info=b"keys/passphrases v1: " + purpose.encode())
        return Secret(expand.derive(self._stretched.reveal()).hex().encode())

    def check_value(self) -> str:
        """A value that tells whether the master key is the right one, and nothing else about it."""
        return self.for_purpose("check value").reveal().decode()[:32]
