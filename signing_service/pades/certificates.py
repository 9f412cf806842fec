"""What a signature needs to know about the signer's certificate, and whether its key made a given value.

No path building and no revocation: whether a certificate deserves trust is judged by `verification`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

import keys.errors
from keys import signer_keys
from signing_service.pades.errors import UnsupportedKey, UnusableCertificate, WrongValue

#: Certificates read by a process and kept: the same bytes always say the same.
KEPT = 1024


@dataclass(frozen=True, slots=True)
class Signer:
    """The signer as the certificate names them, and their public key."""

    common_name: str
    public_key: signer_keys.PublicKey


@dataclass(frozen=True, slots=True)
class _Life:
    """From when to when a certificate is valid, and whether its key usage allows signatures."""

    begins: datetime
    ends: datetime
    may_sign: bool


@lru_cache(maxsize=KEPT)
def signer(certificate_der: bytes) -> Signer:
    """Read the certificate. Raises `UnusableCertificate` or `UnsupportedKey` (a kind or size that is not accepted)."""
    return _signer(_load(certificate_der))


def usable(certificate_der: bytes, at: datetime) -> Signer:
    """The same, and `at` lies in the validity and the key usage allows signatures (RFC 5280, 4.2.1.3)."""
    life = _life(certificate_der)
    if not life.begins <= at <= life.ends:
        raise UnusableCertificate(reason="not valid at this time")
    if not life.may_sign:
        raise UnusableCertificate(reason="key usage does not allow signatures")
    return signer(certificate_der)


def read_ahead(certificate_der: bytes) -> None:
    """Have at hand what `signer` and `usable` say. Raises like `signer`."""
    _life(certificate_der)
    signer(certificate_der)


@lru_cache(maxsize=KEPT)
def _life(certificate_der: bytes) -> _Life:
    certificate = _load(certificate_der)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    except ValueError as error:
        raise UnusableCertificate(reason="unreadable extension") from error
    may_sign = usage is None or usage.digital_signature or usage.content_commitment
    return _Life(certificate.not_valid_before_utc, certificate.not_valid_after_utc, may_sign)


def check_value(public_key: signer_keys.PublicKey, value: bytes, signed: bytes) -> None:
    """Raise `WrongValue` unless `value` (DER of r and s, or the RSA value) is the key's over SHA-256 of `signed`."""
    try:
        signer_keys.verify(public_key, value, signed)
    except keys.errors.WrongValue as error:
        raise WrongValue() from error


def _load(certificate_der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(certificate_der)
    except ValueError as error:
        raise UnusableCertificate(reason="unreadable") from error


def _signer(certificate: x509.Certificate) -> Signer:
    try:
        key = certificate.public_key()
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableCertificate(reason="unreadable") from error
    try:
        accepted = signer_keys.require(key)
    except keys.errors.AlgorithmNotAllowed as error:
        raise UnsupportedKey(kind=error.params["algorithm"]) from error
    return Signer(str(names[0].value) if names else "", accepted)
