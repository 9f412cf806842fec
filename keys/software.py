"""Keys in encrypted PKCS#8 files, and the service's own seal made with one.

The file is written once, readable by its owner only, and read once per start; the key object then stays in memory.
This is the embedded default. A signatory's key is never kept this way.
"""

import os
import stat
from pathlib import Path
from typing import TypeGuard

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from keys.algorithms import ECDSA_SHA256, spki_of
from keys.custody import CustodyKind
from keys.errors import KeyFileExposed, KeyFileUnreadable
from keys.passphrases import Secret

SoftwareKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

OWNER_ONLY = 0o600


def write_file(path: Path, content: bytes) -> None:
    """Write a new file with mode 600 and wait until it is on the disk. Never overwrites (`FileExistsError`)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def encrypted_pkcs8(key: SoftwareKey, passphrase: Secret) -> bytes:
    """PEM `ENCRYPTED PRIVATE KEY` (PBES2, AES-256-CBC); the passphrase is strong, so the rounds do not matter."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.reveal()),
    )


def read_key(path: Path, passphrase: Secret) -> SoftwareKey:
    """The private key in an encrypted file.

    Raises `KeyFileExposed` when others may read the file, `KeyFileUnreadable` when it is missing, damaged, not
    encrypted under this passphrase or of a kind that is not used here.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = path.read_bytes()
    except OSError as error:
        raise KeyFileUnreadable(name=path.name, reason="the file is missing or closed to this service") from error
    if mode & 0o077:
        raise KeyFileExposed(name=path.name, mode=f"{mode:o}")
    try:
        key = serialization.load_pem_private_key(content, passphrase.reveal())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileUnreadable(name=path.name, reason="damaged, or encrypted under another passphrase") from error
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise KeyFileUnreadable(name=path.name, reason="neither a P-256 nor an Ed25519 key")


def is_key_of(key: SoftwareKey, certificate: x509.Certificate) -> TypeGuard[ec.EllipticCurvePrivateKey]:
    """Whether a key and a certificate belong together, both on a curve."""
    held = certificate.public_key()
    return (
        isinstance(key, ec.EllipticCurvePrivateKey)
        and isinstance(held, ec.EllipticCurvePublicKey)
        and spki_of(key.public_key()) == spki_of(held)
    )


class SoftwareSeal:
    """The service's own seal: a custodian whose key is an encrypted file. Safe to share between threads."""

    kind = CustodyKind.SOFTWARE_SEAL

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate_der: bytes, chain_der: tuple[bytes, ...]) -> None:
        self._key = key
        self.certificate_der = certificate_der
        self.chain_der = chain_der

    def sign(self, signed_attributes: bytes) -> bytes:
        """ECDSA over SHA-256 of the DER SET of signed attributes; DER value of at most 72 bytes."""
        return self._key.sign(signed_attributes, ECDSA_SHA256)

    def __repr__(self) -> str:
        return "<SoftwareSeal>"
