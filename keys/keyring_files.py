"""Reads the folder of keys, and believes nothing in it before the master key has confirmed it.

Errors name the file and nothing else: no path of the server, no content.
"""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from keys import manifests
from keys.errors import DemoKeysInProduction, KeyringDamaged
from keys.issuers import Issuer, Issuers, name_of_generation
from keys.issuing.authority import CertificateAuthority
from keys.keyring_contents import (
    ISSUER_OF,
    ISSUING,
    LOG,
    MANIFEST,
    ROOT,
    SEAL,
    KeyringFacts,
    pointers,
)
from keys.passphrases import Secret
from keys.pkcs11 import HardwareEcKey, HardwareKey
from keys.software import SoftwareKey, is_key_of, read_key

NOTHING_HELD: Mapping[str, HardwareKey] = MappingProxyType({})


class KeyringFiles:
    """One folder of keys under its master key."""

    @classmethod
    def open(
        cls,
        folder: Path,
        master_key: bytes | Secret,
        *,
        production: bool = False,
        held: Mapping[str, HardwareKey] = NOTHING_HELD,
    ) -> "KeyringFiles":
        """`held`: the keys that are in a hardware module instead of a file, by name.

        Raises `KeyringMissing`, `KeyringDamaged`, `WrongMasterKey` or, in production, `DemoKeysInProduction`.
        """
        manifest = manifests.read(folder, MANIFEST, KeyringFacts.__dataclass_fields__)
        if production and manifest["demo"]:
            raise DemoKeysInProduction
        return cls(folder, manifests.confirmed(manifest, MANIFEST, master_key), held)

    def __init__(
        self,
        folder: Path,
        opened: manifests.Opened,
        held: Mapping[str, HardwareKey] = NOTHING_HELD,
    ) -> None:
        self.facts = KeyringFacts(**{name: opened.facts[name] for name in KeyringFacts.__dataclass_fields__})
        self._folder = folder
        self._passphrases = opened.passphrases
        self._held = held

    @property
    def has_root_key(self) -> bool:
        """False when the root's key is kept offline."""
        return (self._folder / f"{ROOT}.key").exists()

    def read(self, name: str) -> bytes:
        """The content of one file; raises `KeyringDamaged` when it is missing."""
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise KeyringDamaged(reason=f"{name} is missing") from error

    def certificates(self) -> dict[str, x509.Certificate]:
        """All certificates by name, each checked to be issued by the one above; `issuing` is the newest."""
        found = {name: self._certificate(name) for name in (ROOT, *ISSUER_OF)}
        issuers = self.issuers()
        for name, issuer in ISSUER_OF.items():
            if issuer == ISSUING:
                if not any(one.issued(found[name]) for one in issuers.all):
                    raise KeyringDamaged(reason=f"{name}.pem was not issued by the authority above it")
            elif name != ISSUING:
                _require_issued(found[name], found[issuer], name)
        return {**found, ISSUING: issuers.current.certificate}

    def issuers(self) -> Issuers:
        """The generations of the issuing authority, oldest first, each checked to come from its root."""
        generations = [self._issuer(ISSUING)]
        while (self._folder / f"{name_of_generation(len(generations) + 1)}.pem").exists():
            generations.append(self._issuer(name_of_generation(len(generations) + 1)))
        return Issuers(generations)

    def _issuer(self, name: str) -> Issuer:
        """A file of one certificate stands under our root; a longer one is an imported chain that ends with its own."""
        own_root = self._certificate(ROOT)
        certificate, *above = self._chain(name)
        root = above[-1] if above else own_root
        for lower, upper in pairwise((certificate, *above) if above else (certificate, own_root)):
            _require_issued(lower, upper, name)
        key, chain = self.key_of(name), tuple(above[:-1])
        where = pointers(self.facts.base_url, name)
        authority = CertificateAuthority(certificate, key, pointers=where, chain=chain)
        return Issuer(name, authority, key, root, chain)

    def _chain(self, name: str) -> list[x509.Certificate]:
        try:
            return x509.load_pem_x509_certificates(self.read(f"{name}.pem"))
        except ValueError as error:
            raise KeyringDamaged(reason=f"{name}.pem is no certificate") from error

    def key_of(self, name: str) -> ec.EllipticCurvePrivateKey:
        """The private key that belongs to the certificate of this name, from its file or in the token.

        Raises `HardwareCertificateDiffers` when the token's is another.
        """
        if name in self._held:
            self._held[name].require_certificate(self._certificate(name).public_bytes(Encoding.DER))
            return HardwareEcKey(self._held[name])
        certificate = self._certificate(name)
        for key in map(self._key, self.key_files(name)):
            if is_key_of(key, certificate):
                return key
        raise KeyringDamaged(reason=f"{name}.key and {name}.pem do not belong together")

    def key_files(self, name: str) -> tuple[str, ...]:
        """The names of the key files; a seal that was replaced has one with the serial number of its certificate."""
        replaced = sorted(path.stem for path in self._folder.glob(f"{SEAL}-*.key")) if name == SEAL else []
        return (*replaced, name) if not replaced or (self._folder / f"{name}.key").exists() else tuple(replaced)

    def revoked_here(self, name: str) -> bytes | None:
        """The stored list of one generation with what was revoked of the service's own; None when nothing was."""
        path = self._folder / f"{name}.crl"
        return path.read_bytes() if path.exists() else None

    def passphrase_for(self, name: str) -> Secret:
        """The passphrase of one key file."""
        return self._passphrases.for_purpose(name)

    def log_key(self) -> ed25519.Ed25519PrivateKey:
        """The key that signs the log's checkpoints."""
        key = self._key(LOG)
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise KeyringDamaged(reason=f"{LOG}.key is no Ed25519 key")
        return key

    def _certificate(self, name: str) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate(self.read(f"{name}.pem"))
        except ValueError as error:
            raise KeyringDamaged(reason=f"{name}.pem is no certificate") from error

    def _key(self, name: str) -> SoftwareKey:
        return read_key(self._folder / f"{name}.key", self._passphrases.for_purpose(name))


def _require_issued(certificate: x509.Certificate, issuer: x509.Certificate, name: str) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception as error:  # the library raises several unrelated kinds; each means the same here
        raise KeyringDamaged(reason=f"{name}.pem was not issued by the authority above it") from error
