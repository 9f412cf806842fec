"""Answers of the online certificate status protocol (RFC 6960), signed before anybody asks (RFC 5019).

The issuing key signs only the responder's certificate; the answers are signed by the responder's own key, which is made
at the start of a process, lives in memory and is named in a short-lived certificate with id-pkix-ocsp-nocheck. Which
certificate is revoked, and where answers are kept, is decided elsewhere. A nonce is never answered (RFC 5019 §4).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from keys.algorithms import spki_of
from keys.clock import in_utc
from keys.errors import OcspRequestUnreadable
from keys.issuing.certificates import Content, make_certificate
from keys.issuing.profiles import OCSP_RESPONDER
from keys.issuing.revocation import flag_of

ANSWER_LIFE = timedelta(hours=24)
"""Readers may keep an answer this long; a revocation therefore reaches everybody within a day, us at once."""

REFRESH_BEFORE = timedelta(hours=12)
"""An answer with less life left than this is made anew."""

MAXIMUM_REQUEST_BYTES = 1024
"""A request about one certificate has about 100 bytes."""

DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    # no security rests on it: it only names the issuer, and most programs still ask so (RFC 6960 §4.3)
    "sha1": hashes.SHA1(),  # noqa: S303  see above
}
"""The digests by which a certificate may be named in a request."""


class CertificateId(NamedTuple):
    """How a request names one certificate (CertID, RFC 6960 §4.1.1); `digest` is a name of `DIGESTS`."""

    digest: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of one certificate; `reason` is a word of `RevocationReason`."""

    serial: int
    revoked_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One signed answer in DER, and the span in which it may be believed."""

    der: bytes
    this_update: datetime
    next_update: datetime


def asked(request_der: bytes) -> CertificateId:
    """The one certificate a request asks about. Raises `OcspRequestUnreadable`, also for several at once."""
    if len(request_der) > MAXIMUM_REQUEST_BYTES:
        raise OcspRequestUnreadable
    try:
        request = ocsp.load_der_ocsp_request(request_der)
        digest = request.hash_algorithm.name
        found = CertificateId(digest, request.issuer_name_hash, request.issuer_key_hash, request.serial_number)
    except (ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm) as error:
        raise OcspRequestUnreadable from error
    if digest not in DIGESTS:
        raise OcspRequestUnreadable
    return found


def refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    """An unsigned answer that only says why there is none (RFC 6960 §2.3)."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(serialization.Encoding.DER)


def malformed() -> bytes:
    """The request could not be read."""
    return refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)


def unauthorized() -> bytes:
    """We are not the one to ask about this certificate, or never issued it (RFC 5019 §2.2.3)."""
    return refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)


def serial_of(certificate_der: bytes) -> int:
    """The serial number of a certificate in DER."""
    return x509.load_der_x509_certificate(certificate_der).serial_number


def name_of_certificate(issuer: x509.Certificate, serial: int, digest: str) -> CertificateId:
    """The CertID of a certificate of this issuer."""
    algorithm = DIGESTS[digest]
    bits = issuer.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return CertificateId(digest, _hash(algorithm, issuer.subject.public_bytes()), _hash(algorithm, bits), serial)


def _hash(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    state = hashes.Hash(algorithm)
    state.update(data)
    return state.finalize()


class Responder:
    """A delegated responder of one issuer (RFC 6960 §4.2.2.2). Thread-safe."""

    def __init__(
        self, issuer: x509.Certificate, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> None:
        self.issuer = issuer
        self.certificate = certificate
        self._key = key

    @classmethod
    def delegated(cls, issuer: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey, now: datetime) -> "Responder":
        """A new key and its short-lived certificate, signed by the issuer."""
        key = ec.generate_private_key(ec.SECP256R1())
        kept = [a for a in issuer.subject if a.oid in (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME)]
        name = x509.Name([*kept, x509.NameAttribute(NameOID.COMMON_NAME, "OCSP responder")])
        content = Content(name, key.public_key())
        made = make_certificate(OCSP_RESPONDER, content, issuer=issuer, issuer_key=issuer_key, now=now)
        return cls(issuer, made, key)

    @property
    def certificate_der(self) -> bytes:
        """The responder's certificate."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def spki_sha256(self) -> str:
        """Lower-case hex over its SubjectPublicKeyInfo."""
        return sha256(spki_of(self._key.public_key())).hexdigest()

    def lasts(self, now: datetime) -> bool:
        """Its certificate outlives an answer made now."""
        return in_utc(now) + ANSWER_LIFE < self.certificate.not_valid_after_utc

    def answer(self, status: Status, digest: str, now: datetime) -> Answer:
        """The signed answer about one certificate of the issuer, named by `digest`."""
        start = in_utc(now).replace(microsecond=0)
        end = start + ANSWER_LIFE
        name = name_of_certificate(self.issuer, status.serial, digest)
        revoked = status.revoked_at is not None
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=name.issuer_name_hash,
            issuer_key_hash=name.issuer_key_hash,
            serial_number=status.serial,
            algorithm=DIGESTS[digest],
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=start,
            next_update=end,
            revocation_time=in_utc(status.revoked_at).replace(microsecond=0) if status.revoked_at else None,
            revocation_reason=flag_of(status.reason) if revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        made = builder.certificates([self.certificate]).sign(self._key, hashes.SHA256())
        return Answer(made.public_bytes(serialization.Encoding.DER), start, end)

    def __repr__(self) -> str:
        return f"<Responder of {self.issuer.subject.rfc4514_string()}>"
