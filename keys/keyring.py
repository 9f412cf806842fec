"""The service's own keys: one folder with the root, the issuing authority, the seal, the time stamp authority and the
key of the log, each in its own encrypted file.

Made once and whole, opened at every start. The root's key file may be taken away afterwards and kept offline;
everything but a new list of the root's revocations goes on working. Signatories' keys are never here.
"""

import hmac
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from keys.algorithms import spki_of
from keys.clock import Clock, system_clock
from keys.errors import (
    DemoKeysInProduction,
    KeyringDamaged,
    KeyringExists,
    KeyringMissing,
    RootKeyOffline,
    WrongMasterKey,
)
from keys.issuing.authority import CertificateAuthority
from keys.issuing.revocation import ROOT_CRL_LIFE
from keys.key_folder import create_folder
from keys.keyring_contents import (
    FORMAT,
    ISSUING,
    LOG,
    MANIFEST,
    ROOT,
    ROOT_CRL,
    SEAL,
    TIMESTAMP,
    KeyringFacts,
    manifest_mac,
    new_files,
    pointers,
)
from keys.passphrases import Passphrases, Secret
from keys.software import SoftwareKey, SoftwareSeal, read_key
from keys.timestamping.authority import BuiltInAuthority
from keys.timestamping.sources import InProcessAuthority
from keys.trust.anchors import TrustAnchors


class Keyring:
    """An opened folder of keys. Every key is read once; the object may be shared between threads.

    `issuing` issues to signatories, `seal` is the service's custodian, `timestamp_authority` answers `/tsa`, `log_key`
    signs checkpoints, `root_authority` is None when the root's key is offline.
    """

    issuing: CertificateAuthority
    seal: SoftwareSeal
    timestamp_authority: BuiltInAuthority
    log_key: ed25519.Ed25519PrivateKey
    root_authority: CertificateAuthority | None

    @classmethod
    def create(
        cls,
        folder: Path,
        master_key: bytes | Secret,
        facts: KeyringFacts,
        now: datetime,
        *,
        clock: Clock = system_clock,
    ) -> "Keyring":
        """Make the folder, whole or not at all, and open it.

        Raises `KeyringExists`, `MasterKeyTooShort` or `InvalidSubject`; then nothing is left behind.
        """
        create_folder(folder, new_files(facts, master_key, now))
        return cls.open(folder, master_key, clock=clock)

    @classmethod
    def open_or_create(
        cls,
        folder: Path,
        master_key: bytes | Secret,
        facts: KeyringFacts,
        now: datetime,
        *,
        clock: Clock = system_clock,
        production: bool = False,
    ) -> "Keyring":
        """Open the folder, or make it on the very first start. Two processes starting at once end with one folder."""
        try:
            return cls.open(folder, master_key, clock=clock, production=production)
        except KeyringMissing:
            with suppress(KeyringExists):  # another process was first
                create_folder(folder, new_files(facts, master_key, now))
        return cls.open(folder, master_key, clock=clock, production=production)

    @classmethod
    def open(
        cls,
        folder: Path,
        master_key: bytes | Secret,
        *,
        clock: Clock = system_clock,
        production: bool = False,
    ) -> "Keyring":
        """Open a folder made by `create`.

        Raises `KeyringMissing`, `WrongMasterKey`, `KeyFileExposed`, `KeyFileUnreadable`, `KeyringDamaged`, and in
        `production` `DemoKeysInProduction`.
        """
        manifest = _read_manifest(folder)
        if production and manifest["demo"]:
            raise DemoKeysInProduction
        passphrases = Passphrases(master_key, bytes.fromhex(manifest["salt"]))
        if passphrases.check_value() != manifest["check"]:
            raise WrongMasterKey
        if not hmac.compare_digest(manifest_mac(manifest, passphrases), str(manifest["mac"])):
            raise KeyringDamaged(reason=f"{MANIFEST} was changed by hand")
        return cls(_Folder(folder, passphrases), manifest, clock)

    def __init__(self, folder: "_Folder", manifest: dict[str, Any], clock: Clock) -> None:
        self.facts = KeyringFacts(**{name: manifest[name] for name in KeyringFacts.__dataclass_fields__})
        root, issuing = folder.certificate(ROOT), folder.certificate(ISSUING)
        seal, stamp = folder.certificate(SEAL), folder.certificate(TIMESTAMP)
        _require_issued(issuing, root, ISSUING)
        _require_issued(seal, issuing, SEAL)
        _require_issued(stamp, root, TIMESTAMP)
        base = self.facts.base_url
        self.root_pem = root.public_bytes(serialization.Encoding.PEM)
        self.root_der = root.public_bytes(serialization.Encoding.DER)
        self._stored_root_crl = folder.read(ROOT_CRL)
        self.root_authority = None
        if folder.has(f"{ROOT}.key"):
            self.root_authority = CertificateAuthority(root, folder.key_of(ROOT, root), pointers=pointers(base, ROOT))
        self.issuing = CertificateAuthority(issuing, folder.key_of(ISSUING, issuing), pointers=pointers(base, ISSUING))
        issuing_der = issuing.public_bytes(serialization.Encoding.DER)
        seal_der = seal.public_bytes(serialization.Encoding.DER)
        self.seal = SoftwareSeal(folder.key_of(SEAL, seal), seal_der, (issuing_der,))
        stamp_der = stamp.public_bytes(serialization.Encoding.DER)
        self.timestamp_authority = BuiltInAuthority(folder.key_of(TIMESTAMP, stamp), stamp_der, (), clock=clock)
        self.log_key = folder.log_key()

    @property
    def issuing_der(self) -> bytes:
        """The issuing authority's certificate."""
        return self.issuing.certificate_der

    @property
    def timestamp_source(self) -> InProcessAuthority:
        """The built-in authority as a source of tokens."""
        return InProcessAuthority(self.timestamp_authority)

    def trust_anchors(self) -> TrustAnchors:
        """Our root, for both purposes. Others decide for themselves whether they trust it."""
        return TrustAnchors.from_pem(self.root_der)

    def issuing_crl(self, revoked: Sequence[tuple[int, datetime, str]], now: datetime) -> bytes:
        """The issuing authority's revocation list: signatories and the seal."""
        return self.issuing.build_crl(revoked, now)

    def root_crl(self, now: datetime, revoked: Sequence[tuple[int, datetime, str]] = ()) -> bytes:
        """The root's list: the issuing and the time stamp authority. With the key offline the stored list is given;
        a list with entries then raises `RootKeyOffline`."""
        if self.root_authority is not None:
            return self.root_authority.build_crl(revoked, now, life=ROOT_CRL_LIFE)
        if revoked:
            raise RootKeyOffline
        return self._stored_root_crl

    def crls(self, revoked: Sequence[tuple[int, datetime, str]], now: datetime) -> tuple[bytes, bytes]:
        """Both lists, issuing first: what closing a document embeds."""
        return self.issuing_crl(revoked, now), self.root_crl(now)

    def __repr__(self) -> str:
        return "<Keyring>"


class _Folder:
    """Reads the files of one folder, with errors that name the file and nothing else."""

    def __init__(self, folder: Path, passphrases: Passphrases) -> None:
        self._folder = folder
        self._passphrases = passphrases

    def has(self, name: str) -> bool:
        return (self._folder / name).exists()

    def read(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise KeyringDamaged(reason=f"{name} is missing") from error

    def certificate(self, name: str) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate(self.read(f"{name}.pem"))
        except ValueError as error:
            raise KeyringDamaged(reason=f"{name}.pem is no certificate") from error

    def key_of(self, name: str, certificate: x509.Certificate) -> ec.EllipticCurvePrivateKey:
        key = self._key(name)
        held = certificate.public_key()
        if (
            not isinstance(key, ec.EllipticCurvePrivateKey)
            or not isinstance(held, ec.EllipticCurvePublicKey)
            or spki_of(key.public_key()) != spki_of(held)
        ):
            raise KeyringDamaged(reason=f"{name}.key and {name}.pem do not belong together")
        return key

    def log_key(self) -> ed25519.Ed25519PrivateKey:
        key = self._key(LOG)
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise KeyringDamaged(reason="log.key is no Ed25519 key")
        return key

    def _key(self, name: str) -> SoftwareKey:
        return read_key(self._folder / f"{name}.key", self._passphrases.for_purpose(name))


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.exists():
        if folder.exists() and any(folder.iterdir()):
            raise KeyringDamaged(reason=f"{MANIFEST} is missing")
        raise KeyringMissing
    try:
        manifest = json.loads(path.read_bytes())
        complete = {"salt", "check", "mac", *KeyringFacts.__dataclass_fields__} <= manifest.keys()
        bytes.fromhex(manifest["salt"])
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise KeyringDamaged(reason=f"{MANIFEST} cannot be read") from error
    if manifest.get("format") != FORMAT or not complete:
        raise KeyringDamaged(reason=f"{MANIFEST} has another format")
    return dict(manifest)


def _require_issued(certificate: x509.Certificate, issuer: x509.Certificate, name: str) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception as error:  # the library raises several unrelated kinds; each means the same here
        raise KeyringDamaged(reason=f"{name}.pem was not issued by the authority above it") from error
