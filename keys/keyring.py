"""The service's own keys: one folder with the root, the issuing authority, the seal, the time stamp authority and the
key of the log, each in its own encrypted file.

Made once and whole, opened at every start. The root's key file may be taken away afterwards and kept offline;
everything but a new list of the root's revocations goes on working. Signatories' keys are never here.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from keys.clock import Clock, system_clock
from keys.custody import Custodian
from keys.errors import KeyringExists, KeyringMissing, RootKeyOffline
from keys.issuing.authority import CertificateAuthority
from keys.issuing.revocation import ROOT_CRL_LIFE, continued, entries_of
from keys.key_folder import create_folder
from keys.keyring_contents import ROOT, ROOT_CRL, SEAL, TIMESTAMP, KeyringFacts, new_files, pointers
from keys.keyring_files import NOTHING_HELD, KeyringFiles
from keys.passphrases import Secret
from keys.pkcs11 import HardwareKey, HardwareSeal
from keys.software import SoftwareSeal
from keys.timestamping.authority import BuiltInAuthority
from keys.timestamping.sources import InProcessAuthority
from keys.trust.anchors import TrustAnchors


class Keyring:
    """An opened folder of keys. Every key is read once; the object may be shared between threads.

    `issuing` issues to signatories, `seal` is the service's custodian, `timestamp_authority` answers `/tsa`, `log_key`
    signs checkpoints, `root_authority` is None when the root's key is offline.
    """

    issuing: CertificateAuthority
    seal: Custodian
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
        held: Mapping[str, HardwareKey] = NOTHING_HELD,
    ) -> "Keyring":
        """Open the folder, or make it on the very first start. Two processes starting at once end with one folder.

        `held`: the keys of `issuing` or `seal` that are in a hardware module instead of a file."""
        try:
            return cls.open(folder, master_key, clock=clock, production=production, held=held)
        except KeyringMissing:
            with suppress(KeyringExists):  # another process was first
                create_folder(folder, new_files(facts, master_key, now))
        return cls.open(folder, master_key, clock=clock, production=production, held=held)

    @classmethod
    def open(
        cls,
        folder: Path,
        master_key: bytes | Secret,
        *,
        clock: Clock = system_clock,
        production: bool = False,
        held: Mapping[str, HardwareKey] = NOTHING_HELD,
    ) -> "Keyring":
        """Open a folder made by `create`.

        Raises `KeyringMissing`, `WrongMasterKey`, `KeyFileExposed`, `KeyFileUnreadable`, `KeyringDamaged`, and in
        `production` `DemoKeysInProduction`.
        """
        return cls(KeyringFiles.open(folder, master_key, production=production, held=held), clock, held)

    def __init__(self, files: KeyringFiles, clock: Clock, held: Mapping[str, HardwareKey] = NOTHING_HELD) -> None:
        self.facts = files.facts
        self._certificates = files.certificates()
        root = self._certificates[ROOT]
        self.issuers = files.issuers()
        seal, stamp = self._certificates[SEAL], self._certificates[TIMESTAMP]
        base = self.facts.base_url
        self.root_pem = root.public_bytes(serialization.Encoding.PEM)
        self.root_der = _der(root)
        self._stored_root_crl = files.read(ROOT_CRL)
        self._revoked_here = {
            one.name: entries_of(stored)
            for one in self.issuers.all
            if (stored := files.revoked_here(one.name)) is not None
        }
        self.root_authority = None
        if files.has_root_key:
            self.root_authority = CertificateAuthority(root, files.key_of(ROOT), pointers=pointers(base, ROOT))
        self.issuing = self.issuers.current.authority
        sealed_by = self.issuers.of(_der(seal)) or self.issuers.current
        self.seal = _seal(files, _der(seal), sealed_by.certificates_der, held)
        self.timestamp_authority = BuiltInAuthority(files.key_of(TIMESTAMP), _der(stamp), (), clock=clock)
        self.log_key = files.log_key()

    @property
    def issuing_der(self) -> bytes:
        """The issuing authority's certificate."""
        return self.issuing.certificate_der

    def certificate_of(self, name: str) -> bytes:
        """The certificate in use (DER) of `issuing`, `seal` or `timestamp`."""
        if name == SEAL:
            return self.seal.certificate_der
        return self.timestamp_authority.certificate_der if name == TIMESTAMP else self.issuing_der

    @property
    def timestamp_source(self) -> InProcessAuthority:
        """The built-in authority as a source of tokens."""
        return InProcessAuthority(self.timestamp_authority)

    def trust_anchors(self) -> TrustAnchors:
        """Our roots, for both purposes. Others decide for themselves whether they trust them."""
        return TrustAnchors.from_pem(self.roots_der)

    @property
    def roots_der(self) -> tuple[bytes, ...]:
        """Our own root, and those of imported authorities."""
        return tuple(dict.fromkeys((self.root_der, *self.issuers.roots_der)))

    def issuing_crl(self, revoked: Sequence[tuple[int, datetime, str]], now: datetime) -> bytes:
        """The issuing authority's revocation list: signatories and the seal."""
        return self.issuing.build_crl((*revoked, *self.revoked_here(self.issuers.current.name)), now)

    def root_crl(self, now: datetime, revoked: Sequence[tuple[int, datetime, str]] = ()) -> bytes:
        """The root's list: what the stored list says, and `revoked`. With the key offline it is the stored list itself;
        new entries then raise `RootKeyOffline`."""
        if self.root_authority is not None:
            lines = continued(self._stored_root_crl, revoked)
            return self.root_authority.build_crl(lines, now, life=ROOT_CRL_LIFE)
        if revoked:
            raise RootKeyOffline
        return self._stored_root_crl

    def crls(
        self,
        revoked: Sequence[tuple[int, datetime, str]],
        now: datetime,
        issuer_of: Mapping[int, str] = MappingProxyType({}),
    ) -> tuple[bytes, ...]:
        """All lists, that of the newest issuing authority first, the root's last: what closing a document embeds.

        `issuer_of`: serial number → name of the generation that issued it, once there is more than one.
        """
        own = [(line, name) for name, lines in self._revoked_here.items() for line in lines]
        names = {**issuer_of, **{line.serial: name for line, name in own}}
        return (*self.issuers.crls((*revoked, *(line for line, _ in own)), now, names), self.root_crl(now))

    def revoked_here(self, name: str) -> tuple[tuple[int, datetime, str], ...]:
        """What that generation revoked of the service's own certificates: serial, time, reason."""
        return self._revoked_here.get(name, ())

    def ends(self) -> dict[str, datetime]:
        """When each certificate, and the root's stored list, runs out: what a health check looks at."""
        ends = {name: certificate.not_valid_after_utc for name, certificate in self._certificates.items()}
        next_list = x509.load_der_x509_crl(self._stored_root_crl).next_update_utc
        if next_list is not None and self.root_authority is None:
            ends[ROOT_CRL] = next_list
        return ends

    def __repr__(self) -> str:
        return "<Keyring>"


def _seal(
    files: KeyringFiles, certificate_der: bytes, chain_der: tuple[bytes, ...], held: Mapping[str, HardwareKey]
) -> Custodian:
    if SEAL in held:
        return HardwareSeal(held[SEAL], certificate_der, chain_der)
    return SoftwareSeal(files.key_of(SEAL), certificate_der, chain_der)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
