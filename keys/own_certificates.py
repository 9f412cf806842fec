"""A signatory's own certificate, made by another authority: what is accepted, and what is known of its issuer.

Nothing is fetched. Roots and revocation lists that the operator put beside the service are all that is known; an
issuer that is not among them may still be accepted, and is then called unknown everywhere. A certificate of a listed
root is not thereby "qualified": that is judged by the verification, with trusted lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from keys import signer_keys
from keys.algorithms import describe_spki, reason_for
from keys.errors import AlgorithmNotAllowed, AnchorUnreadable
from keys.own_certificate_errors import (
    OwnCertificateNotValidNow,
    OwnCertificateRefused,
    OwnCertificateRevoked,
    OwnCertificateTooWeak,
    OwnCertificateUnknownIssuer,
    OwnCertificateUnreadable,
)
from keys.rehearsals import require_real
from keys.trust.anchors import certificates_in

MAXIMUM_BYTES = 64 * 1024
"""A certificate with its chain; more is refused before parsing."""
MOST_CERTIFICATES = 8

ACCEPTED, UNKNOWN = "accepted-anchor", "unknown-issuer"
_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True, slots=True)
class Authorities:
    """The operator's choice: roots (DER), revocation lists (DER), and whether issuers outside of them are accepted."""

    roots: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    others_too: bool = True


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """An accepted certificate: its facts as they are shown, and `trust` (ACCEPTED or UNKNOWN)."""

    der: bytes
    chain: tuple[bytes, ...]
    name: str
    organisation: str
    email: str
    issuer: str
    key: str
    not_before: datetime
    not_after: datetime
    trust: str
    spki_sha256: str

    @property
    def sha256(self) -> str:
        return sha256(self.der).hexdigest()


def authorities_in(folder: Path | None, *, others_too: bool) -> Authorities:
    """Roots (`*.pem`, `*.crt`, `*.cer`) and revocation lists (`*.crl`) of a folder; raises `AnchorUnreadable`."""
    if folder is None:
        return Authorities(others_too=others_too)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    roots = [one for file in files if file.suffix in (".pem", ".crt", ".cer") for one in certificates_in(file)]
    lists = [_list_in(file) for file in files if file.suffix == ".crl"]
    return Authorities(tuple(roots), tuple(lists), others_too)


def _list_in(file: Path) -> bytes:
    content = file.read_bytes()
    try:
        pem = content.startswith(b"-----BEGIN")
        found = x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
    except ValueError as error:
        raise AnchorUnreadable(name=file.name, reason="it is no revocation list") from error
    return found.public_bytes(serialization.Encoding.DER)


def accept(upload: bytes, authorities: Authorities, now: datetime) -> OwnCertificate:
    """The first certificate of a PEM or DER file, if it may sign here now; the others are taken as its chain.

    Raises `OwnCertificateUnreadable`, `OwnCertificateTooWeak`, `OwnCertificateNotValidNow`, `OwnCertificateRevoked`,
    `OwnCertificateUnknownIssuer`, `RehearsalKeysRefused`, or `OwnCertificateRefused` with the reason.
    """
    if not upload or len(upload) > MAXIMUM_BYTES:
        raise OwnCertificateUnreadable(reason="it is empty or too long")
    try:
        ders = certificates_in(upload)
    except AnchorUnreadable as error:
        raise OwnCertificateUnreadable(reason=str(error.params["reason"])) from error
    if len(ders) > MOST_CERTIFICATES:
        raise OwnCertificateUnreadable(reason="it holds too many certificates")
    certificate, *others = (x509.load_der_x509_certificate(der) for der in ders)
    return _accepted(certificate, others, authorities, now)


def accept_again(der: bytes, chain: Iterable[bytes], authorities: Authorities, now: datetime) -> OwnCertificate:
    """The same for one that was accepted before: it may have expired or been revoked since."""
    others = [x509.load_der_x509_certificate(one) for one in chain]
    return _accepted(x509.load_der_x509_certificate(der), others, authorities, now)


def _accepted(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], authorities: Authorities, now: datetime
) -> OwnCertificate:
    require_real(_der(one) for one in (certificate, *others))
    _require_strong(certificate)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise OwnCertificateNotValidNow(
            not_before=f"{certificate.not_valid_before_utc:%Y-%m-%d}",
            not_after=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
        )
    _require_signing(certificate)
    roots = [x509.load_der_x509_certificate(root) for root in authorities.roots]
    chain, trusted = _path(certificate, others, roots, now)
    _require_unrevoked(certificate, [*chain, *others, *roots], authorities.revocation_lists)
    issuer = _named(certificate.issuer)
    if not (trusted or authorities.others_too):
        raise OwnCertificateUnknownIssuer(issuer=issuer)
    key = signer_keys.require(certificate.public_key())
    spki = signer_keys.spki_of(key)
    return OwnCertificate(
        der=_der(certificate),
        chain=tuple(_der(one) for one in chain if one.subject != one.issuer),
        name=_first(certificate.subject, NameOID.COMMON_NAME),
        organisation=_first(certificate.subject, NameOID.ORGANIZATION_NAME),
        email=_email(certificate),
        issuer=issuer,
        key=describe_spki(spki),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        trust=ACCEPTED if trusted else UNKNOWN,
        spki_sha256=sha256(spki).hexdigest(),
    )


def _require_strong(certificate: x509.Certificate) -> None:
    try:
        signer_keys.require(certificate.public_key())
        digest = certificate.signature_hash_algorithm
    except AlgorithmNotAllowed as error:
        raise OwnCertificateTooWeak(**error.params) from error
    except (UnsupportedAlgorithm, ValueError) as error:
        raise OwnCertificateTooWeak(algorithm="its key or signature", reason=reason_for("")) from error
    if not isinstance(digest, _STRONG):
        name = digest.name.upper().replace("SHA1", "SHA-1") if digest is not None else "no digest"
        raise OwnCertificateTooWeak(algorithm=name, reason=reason_for(name))


def _require_signing(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise OwnCertificateRefused(reason="its key usage does not allow signatures")
    except x509.ExtensionNotFound:
        pass
    try:
        if certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise OwnCertificateRefused(reason="it is the certificate of an authority, not of a person")
    except x509.ExtensionNotFound:
        pass
    if not _first(certificate.subject, NameOID.COMMON_NAME):
        raise OwnCertificateRefused(reason="it names nobody")


def _path(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    now: datetime,
) -> tuple[list[x509.Certificate], bool]:
    """The issuers that can be linked by signature, nearest first, and whether they end at one of the roots."""
    chain: list[x509.Certificate] = []
    current = certificate
    while len(chain) < MOST_CERTIFICATES:
        if any(_issued(current, root, now) for root in roots):
            return chain, True
        above = next((one for one in others if one not in chain and _issued(current, one, now)), None)
        if above is None or above.subject == above.issuer:
            return chain, False
        chain.append(above)
        current = above
    return chain, False


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bool:
    if not issuer.not_valid_before_utc <= now <= issuer.not_valid_after_utc:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
        return bool(issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False


def _require_unrevoked(
    certificate: x509.Certificate, issuers: Sequence[x509.Certificate], lists: Sequence[bytes]
) -> None:
    for encoded in lists:
        found = x509.load_der_x509_crl(encoded)
        if found.issuer != certificate.issuer:
            continue
        entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
        named = [one for one in issuers if one.subject == found.issuer]
        # the operator put the list there: it counts too where the issuer's certificate is not at hand
        if entry is not None and (not named or any(_signed(found, one) for one in named)):
            raise OwnCertificateRevoked(at=f"{entry.revocation_date_utc:%Y-%m-%d}")


def _signed(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # kinds that cannot sign raise TypeError
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next((str(one.value) for one in name.get_attributes_for_oid(oid)), "")


def _named(name: x509.Name) -> str:
    parts = [_first(name, NameOID.COMMON_NAME), _first(name, NameOID.ORGANIZATION_NAME)]
    return " · ".join(dict.fromkeys(part for part in parts if part)) or name.rfc4514_string()


def _email(certificate: x509.Certificate) -> str:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return next(iter(names.get_values_for_type(x509.RFC822Name)), "")
    except x509.ExtensionNotFound:
        return _first(certificate.subject, NameOID.EMAIL_ADDRESS)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
