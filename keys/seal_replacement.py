"""A new key and certificate for the service's own seal, and the old certificate on the list of whoever issued it.

For a seal whose key may be known to others. The revocation is written first, so that a kill in between leaves a revoked
seal and never an unlisted one. A running service goes on with what it has opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.algorithms import spki_of
from keys.issuing.revocation import build_crl, continued
from keys.key_folder import replace_file
from keys.keyring_contents import SEAL, make_own_certificate
from keys.keyring_files import NOTHING_HELD, KeyringFiles
from keys.passphrases import Secret
from keys.pkcs11 import HardwareKey
from keys.signer_keys import require
from keys.signer_keys import spki_of as any_spki_of
from keys.software import encrypted_pkcs8


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was revoked: serial number and SHA-256 of the SubjectPublicKeyInfo (hex); and the same digest of the new key
    with the end of its certificate, or None where the seal's key is in a token and another has to be taken over."""

    serial: int
    former_spki_sha256: str
    spki_sha256: str | None
    ends: datetime | None


def replace_seal(
    folder: Path,
    master_key: bytes | Secret,
    reason: str,
    now: datetime,
    held: Mapping[str, HardwareKey] = NOTHING_HELD,
) -> Replaced:
    """Revoke the seal's certificate now, for a reason of `RevocationReason`, and make another key. `held`: as opened.

    Raises whatever opening the folder raises.
    """
    files = KeyringFiles.open(folder, master_key, held=held)
    old = x509.load_pem_x509_certificate(files.read(f"{SEAL}.pem"))
    issuers = files.issuers()
    issuer = issuers.of(old.public_bytes(serialization.Encoding.DER)) or issuers.current
    line = (old.serial_number, now, reason)
    lines = continued(stored, (line,)) if (stored := files.revoked_here(issuer.name)) else (line,)
    replace_file(folder, f"{issuer.name}.crl", build_crl(issuer.certificate, issuer.key, lines, now))
    former = sha256(any_spki_of(require(old.public_key()))).hexdigest()
    if SEAL in held:
        return Replaced(old.serial_number, former, None, None)
    key, current = ec.generate_private_key(ec.SECP256R1()), issuers.current
    made = make_own_certificate(
        SEAL, files.facts, key.public_key(), current.certificate, current.key, now, issuer_name=current.name
    )
    before = files.key_files(SEAL)
    name = f"{SEAL}-{made.serial_number:x}"
    replace_file(folder, f"{name}.key", encrypted_pkcs8(key, files.passphrase_for(name)))
    replace_file(folder, f"{SEAL}.pem", made.public_bytes(serialization.Encoding.PEM))
    for file in before:
        (folder / f"{file}.key").unlink(missing_ok=True)
    return Replaced(old.serial_number, former, sha256(spki_of(key.public_key())).hexdigest(), made.not_valid_after_utc)
