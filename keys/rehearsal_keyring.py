"""The keys of rehearsals: a root of its own and one issuing authority, in a folder of their own.

The root's key signs the one authority and is then thrown away; it is never written. Nothing here is a trust anchor, has
a revocation list or is answered for: a certificate lives one day. The folder may be deleted at any time; the next
rehearsal makes a new one.
"""

import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from keys.algorithms import spki_of
from keys.clock import in_utc
from keys.errors import KeyringDamaged, KeyringExists, KeyringMissing, WrongMasterKey
from keys.issuing.authority import CertificateAuthority, IssuedCertificate
from keys.issuing.certificates import Content, Pointers, make_certificate
from keys.issuing.profiles import REHEARSAL, REHEARSAL_AUTHORITY, REHEARSAL_ROOT
from keys.issuing.subjects import COMMON_NAME_MAXIMUM, SubjectFacts
from keys.key_folder import create_folder
from keys.keyring_contents import manifest_mac
from keys.passphrases import SALT_BYTES, Passphrases, Secret
from keys.rehearsals import TITLE, is_rehearsal
from keys.software import encrypted_pkcs8, read_key

FORMAT = 1
MANIFEST = "rehearsal.json"
PURPOSE = "rehearsal"
_NOWHERE = Pointers("", "")
"""No list and no certificate of these is published; the profiles write no pointers."""


class RehearsalKeyring:
    """The folder, opened or made when the first rehearsal needs it. Safe to share between threads."""

    def __init__(self, folder: Path, master_key: bytes | Secret) -> None:
        self._folder = folder
        self._master_key = master_key
        self._lock = Lock()
        self._opened: CertificateAuthority | None = None

    def authority(self, now: datetime) -> CertificateAuthority:
        """The authority that certifies keys of rehearsals, and nothing else.

        Raises `WrongMasterKey`, `KeyringDamaged`, `KeyFileExposed` or `KeyFileUnreadable`.
        """
        with self._lock:
            if self._opened is None:
                try:
                    self._opened = _open(self._folder, self._master_key)
                except KeyringMissing:
                    with suppress(KeyringExists):  # another process was first
                        create_folder(self._folder, new_files(self._master_key, now))
                    self._opened = _open(self._folder, self._master_key)
            return self._opened

    def issue(self, csr_der: bytes, *, name: str, country: str, rehearsal_id: str, now: datetime) -> IssuedCertificate:
        """A certificate for one day, after proof of possession; raises as `CertificateAuthority.issue`.

        `name` is added to the title where both fit into a common name; it is verified by nobody.
        """
        titled = f"{TITLE} · {name}"
        subject = SubjectFacts(
            display_name=titled if len(titled) <= COMMON_NAME_MAXIMUM else TITLE,
            organisation=TITLE,
            email="",
            serial_number=rehearsal_id,
            country=country,
        )
        return self.authority(now).issue(csr_der, subject, REHEARSAL, invitation_id=rehearsal_id, now=now)

    def __repr__(self) -> str:
        return "<RehearsalKeyring>"


def new_files(master_key: bytes | Secret, now: datetime) -> dict[str, bytes]:
    """Every file of a new folder by name. Raises `MasterKeyTooShort`."""
    salt = token_bytes(SALT_BYTES)
    passphrases = Passphrases(master_key, salt)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = make_certificate(
        REHEARSAL_ROOT, Content(_name("root"), root_key.public_key()), issuer=None, issuer_key=root_key, now=now
    )
    made = make_certificate(
        REHEARSAL_AUTHORITY, Content(_name("authority"), key.public_key()), issuer=root, issuer_key=root_key, now=now
    )
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": in_utc(now).isoformat(timespec="seconds"),
        "salt": salt.hex(),
        "check": passphrases.check_value(),
    }
    manifest["mac"] = manifest_mac(manifest, passphrases)
    return {
        MANIFEST: json.dumps(manifest, indent=2).encode() + b"\n",
        "root.pem": root.public_bytes(Encoding.PEM),
        "issuing.pem": made.public_bytes(Encoding.PEM),
        "issuing.key": encrypted_pkcs8(key, passphrases.for_purpose(PURPOSE)),
    }


def _name(part: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, TITLE),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{TITLE} · {part}", _validate=False),  # counted in characters
        ]
    )


def _open(folder: Path, master_key: bytes | Secret) -> CertificateAuthority:
    manifest = _manifest(folder)
    passphrases = Passphrases(master_key, bytes.fromhex(manifest["salt"]))
    if passphrases.check_value() != manifest["check"]:
        raise WrongMasterKey
    if not hmac.compare_digest(manifest_mac(manifest, passphrases), str(manifest["mac"])):
        raise KeyringDamaged(reason=f"{MANIFEST} was changed by hand")
    root, certificate = _certificate(folder, "root.pem"), _certificate(folder, "issuing.pem")
    try:
        certificate.verify_directly_issued_by(root)
    except Exception as error:  # the library raises several unrelated kinds; each means the same here
        raise KeyringDamaged(reason="issuing.pem was not issued by the root") from error
    key, held = read_key(folder / "issuing.key", passphrases.for_purpose(PURPOSE)), certificate.public_key()
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or not isinstance(held, ec.EllipticCurvePublicKey)
        or spki_of(key.public_key()) != spki_of(held)
    ):
        raise KeyringDamaged(reason="issuing.key and issuing.pem do not belong together")
    return CertificateAuthority(certificate, key, pointers=_NOWHERE)


def _certificate(folder: Path, name: str) -> x509.Certificate:
    try:
        found = x509.load_pem_x509_certificate((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        raise KeyringDamaged(reason=f"{name} is missing or no certificate") from error
    if not is_rehearsal(found.public_bytes(Encoding.DER)):
        raise KeyringDamaged(reason=f"{name} is no certificate of rehearsals")
    return found


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST
    if not path.exists():
        if folder.exists() and any(folder.iterdir()):
            raise KeyringDamaged(reason=f"{MANIFEST} is missing")
        raise KeyringMissing
    try:
        manifest = json.loads(path.read_bytes())
        bytes.fromhex(manifest["salt"])
        complete = {"check", "mac"} <= manifest.keys() and manifest["format"] == FORMAT
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise KeyringDamaged(reason=f"{MANIFEST} cannot be read") from error
    if not complete:
        raise KeyringDamaged(reason=f"{MANIFEST} has another format")
    return dict(manifest)
