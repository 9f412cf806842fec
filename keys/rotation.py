"""A new generation of the issuing authority: with a fresh key under our root, or brought from outside with its chain.

Nothing is taken away: the older generations keep their keys, because their lists and OCSP answers go on for as long as
somebody may judge a signature. The key is written before the certificate that makes the generation count, so that a
kill in between changes nothing. A running service goes on with what it has opened until it is started again.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.algorithms import describe_spki, reason_for, spki_of
from keys.errors import AlgorithmNotAllowed, ImportRefused, RootKeyOffline
from keys.issuers import name_of_generation
from keys.issuing.profiles import SIGNATORY
from keys.key_folder import replace_file
from keys.keyring_contents import ISSUING, ROOT, SEAL, make_own_certificate, title_of_generation
from keys.keyring_files import KeyringFiles
from keys.passphrases import Secret
from keys.rehearsals import require_real
from keys.software import encrypted_pkcs8

LONGEST_CHAIN = 6


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came into use: the generation's name, the SHA-256 of its SubjectPublicKeyInfo (hex), when it ends; and the
    same digest of the generation that no longer issues."""

    name: str
    spki_sha256: str
    ends: datetime
    former_spki_sha256: str


def rotate_issuing(folder: Path, master_key: bytes | Secret, now: datetime) -> Rotated:
    """A fresh issuing key under our root, and the seal's certificate from it. Raises `RootKeyOffline`."""
    files = KeyringFiles.open(folder, master_key)
    if not files.has_root_key:
        raise RootKeyOffline
    key = ec.generate_private_key(ec.SECP256R1())
    name = name_of_generation(len(files.issuers().all) + 1)
    root = files.certificates()[ROOT]
    made = make_own_certificate(
        ISSUING, files.facts, key.public_key(), root, files.key_of(ROOT), now, title=title_of_generation(name)
    )
    return _added(folder, master_key, files, name, key, (made,), now)


def import_issuing(
    folder: Path,
    master_key: bytes | Secret,
    *,
    chain_pem: bytes,
    key_pem: bytes,
    passphrase: bytes | None,
    now: datetime,
) -> Rotated:
    """An existing authority as the new generation: its certificate, those above it and its root, and its key.

    `chain_pem` holds the issuing certificate first and the root last. Raises `ImportRefused` saying what is wrong, or
    `AlgorithmNotAllowed` or `RehearsalKeysRefused`; nothing is changed then.
    """
    files = KeyringFiles.open(folder, master_key)
    chain = _chain(chain_pem)
    key = _key(key_pem, passphrase)
    held = chain[0].public_key()
    if not isinstance(held, ec.EllipticCurvePublicKey) or spki_of(held) != spki_of(key.public_key()):
        raise ImportRefused(reason="the key does not belong to the first certificate")
    _require_linked(chain)
    _require_authority(chain, now)
    if any(one.certificate.subject == chain[0].subject for one in files.issuers().all):
        raise ImportRefused(reason="there is an issuing authority of this name already")
    name = name_of_generation(len(files.issuers().all) + 1)
    return _added(folder, master_key, files, name, key, chain, now)


def _added(
    folder: Path,
    master_key: bytes | Secret,
    files: KeyringFiles,
    name: str,
    key: ec.EllipticCurvePrivateKey,
    chain: tuple[x509.Certificate, ...],
    now: datetime,
) -> Rotated:
    former = files.issuers().current.key.public_key()
    pem = serialization.Encoding.PEM
    seal = make_own_certificate(
        SEAL, files.facts, files.key_of(SEAL).public_key(), chain[0], key, now, issuer_name=name
    )
    replace_file(folder, f"{name}.key", encrypted_pkcs8(key, files.passphrase_for(name)))
    replace_file(folder, f"{name}.pem", b"".join(one.public_bytes(pem) for one in chain))
    replace_file(folder, f"{SEAL}.pem", seal.public_bytes(pem))
    KeyringFiles.open(folder, master_key).certificates()  # as the next start will read it
    return Rotated(name, _spki_sha256(key.public_key()), chain[0].not_valid_after_utc, _spki_sha256(former))


def _spki_sha256(key: ec.EllipticCurvePublicKey) -> str:
    return sha256(spki_of(key)).hexdigest()


def _chain(content: bytes) -> tuple[x509.Certificate, ...]:
    try:
        chain = tuple(x509.load_pem_x509_certificates(content))
    except ValueError as error:
        raise ImportRefused(reason="the chain is not PEM of certificates") from error
    if not 2 <= len(chain) <= LONGEST_CHAIN:
        raise ImportRefused(reason="the chain must hold the issuing certificate first and the root last")
    return chain


def _key(content: bytes, passphrase: bytes | None) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(content, passphrase)
    except TypeError as error:
        words = "the key is encrypted; its passphrase is needed" if passphrase is None else "the key is not encrypted"
        raise ImportRefused(reason=words) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ImportRefused(reason="the key cannot be read; the passphrase may be wrong") from error
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    name = describe_spki(public)
    raise AlgorithmNotAllowed(algorithm=name, reason=reason_for(name))


def _require_linked(chain: tuple[x509.Certificate, ...]) -> None:
    root = chain[-1]
    for lower, upper in zip(chain, (*chain[1:], root), strict=True):
        try:
            lower.verify_directly_issued_by(upper)
        except (ValueError, TypeError, InvalidSignature) as error:
            words = "the last certificate is not a root" if lower is root else "a certificate is not by the next one"
            raise ImportRefused(reason=words) from error


def _require_authority(chain: tuple[x509.Certificate, ...], now: datetime) -> None:
    require_real(one.public_bytes(serialization.Encoding.DER) for one in chain)
    for number, certificate in enumerate(chain):
        try:
            basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
            usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
            certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        except (x509.ExtensionNotFound, ValueError) as error:
            words = "a certificate lacks basic constraints, key usage or its key's identifier"
            raise ImportRefused(reason=words) from error
        if not basic.ca or not usage.key_cert_sign or not usage.crl_sign:
            raise ImportRefused(reason="a certificate of the chain may not issue certificates and lists")
        if basic.path_length is not None and basic.path_length < max(0, number - 1):
            raise ImportRefused(reason="a certificate of the chain does not allow so long a path")
        last = certificate.not_valid_after_utc - (SIGNATORY.life if number == 0 else now - now)
        if not certificate.not_valid_before_utc <= now <= last:
            raise ImportRefused(reason="a certificate of the chain is not valid now, or not for long enough")
