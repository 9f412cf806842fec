"""The keys of rehearsals: a root of its own and one issuing authority, in a folder of their own.

The root's key signs the one authority and is then thrown away; it is never written. Nothing here is a trust anchor, has
a revocation list or is answered for: a certificate lives one day. The folder may be deleted at any time; the next
rehearsal makes a new one.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from keys import manifests
from keys.errors import KeyringDamaged, KeyringExists, KeyringMissing
from keys.issuing.authority import CertificateAuthority, IssuedCertificate
from keys.issuing.certificates import Content, Pointers, make_certificate
from keys.issuing.profiles import REHEARSAL, REHEARSAL_AUTHORITY, REHEARSAL_ROOT
from keys.issuing.subjects import COMMON_NAME_MAXIMUM, SubjectFacts
from keys.key_folder import create_folder
from keys.passphrases import Secret
from keys.rehearsals import TITLE, is_rehearsal
from keys.software import encrypted_pkcs8, is_key_of, read_key

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
    salt, passphrases = manifests.new_passphrases(master_key)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = make_certificate(
        REHEARSAL_ROOT, Content(_name("root"), root_key.public_key()), issuer=None, issuer_key=root_key, now=now
    )
    made = make_certificate(
        REHEARSAL_AUTHORITY, Content(_name("authority"), key.public_key()), issuer=root, issuer_key=root_key, now=now
    )
    return {
        MANIFEST: manifests.written({}, salt, passphrases, now),
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
    passphrases = manifests.confirmed(manifests.read(folder, MANIFEST), MANIFEST, master_key).passphrases
    root, certificate = _certificate(folder, "root.pem"), _certificate(folder, "issuing.pem")
    try:
        certificate.verify_directly_issued_by(root)
    except Exception as error:  # the library raises several unrelated kinds; each means the same here
        raise KeyringDamaged(reason="issuing.pem was not issued by the root") from error
    key = read_key(folder / "issuing.key", passphrases.for_purpose(PURPOSE))
    if not is_key_of(key, certificate):
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
