"""The bytes of a time stamp token (RFC 3161 §2.4.2 inside CMS, RFC 5652), from parts prepared once per authority."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec

from keys.algorithms import ECDSA_SHA256
from keys.encoded import encoded
from keys.timestamping.der import (
    generalized_time,
    identifier,
    integer,
    octets,
    sequence,
    set_of,
    tagged,
)

SERIAL_BITS = 127
"""Random serial numbers: unique without a counter, at most 16 octets (RFC 3161 allows 160 bits)."""

_SIGNED_DATA = identifier("1.2.840.113549.1.7.2")
_TST_INFO = identifier("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE = identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = identifier("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = identifier("1.2.840.113549.1.9.16.2.47")
_SHA256 = sequence(identifier("2.16.840.1.101.3.4.2.1"))  # parameters absent, RFC 5754 §2
_ECDSA_WITH_SHA256 = sequence(identifier("1.2.840.10045.4.3.2"))
_CONTEXT_0, _CONTEXT_0_PRIMITIVE = 0xA0, 0x80
_ATTRIBUTE_CONTENT_TYPE = sequence(_CONTENT_TYPE, set_of(_TST_INFO))
_VERSION_1, _VERSION_3 = integer(1), integer(3)


def sha256_imprint(digest: bytes) -> bytes:
    """A MessageImprint in DER over a SHA-256 digest of 32 bytes."""
    return sequence(_SHA256, octets(digest))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far the clock may be from UTC."""

    seconds: int = 1
    milliseconds: int = 0

    def der(self) -> bytes:
        parts = [integer(self.seconds)] if self.seconds else []
        if self.milliseconds:
            body = integer(self.milliseconds)
            parts.append(bytes((_CONTEXT_0_PRIMITIVE,)) + body[1:])  # [0] IMPLICIT INTEGER
        return sequence(*parts)


class TokenWriter:
    """Writes the tokens of one authority: one key, one certificate, one policy."""

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        certificate_der: bytes,
        chain_der: tuple[bytes, ...],
        *,
        policy: str,
        accuracy: Accuracy,
    ) -> None:
        self._key = key
        self._policy = identifier(policy)
        self._accuracy = accuracy.der()
        certificate = asn1_x509.Certificate.load(certificate_der)
        issuer, serial = encoded(certificate.issuer), integer(certificate.serial_number)
        self._signer = sequence(issuer, serial)
        self._certificates = set_of(certificate_der, *chain_der, tag=_CONTEXT_0)
        # ESSCertIDv2 with SHA-256 as default, and issuerSerial (RFC 5035 §4)
        named = sequence(sequence(tagged(0xA4, issuer)), serial)
        cert_id = sequence(octets(sha256(certificate_der).digest()), named)
        self._attribute_certificate = sequence(_SIGNING_CERTIFICATE_V2, set_of(sequence(sequence(cert_id))))

    def write(self, imprint_der: bytes, *, at: datetime, nonce: int | None, with_certificates: bool) -> bytes:
        """A ContentInfo in DER. `imprint_der` is the request's MessageImprint, unchanged; `at` is aware and in UTC."""
        info = sequence(
            _VERSION_1,
            self._policy,
            imprint_der,
            integer(secrets.randbits(SERIAL_BITS)),
            generalized_time(at),
            self._accuracy,
            integer(nonce) if nonce is not None else b"",
        )
        attributes = (
            _ATTRIBUTE_CONTENT_TYPE,
            sequence(_MESSAGE_DIGEST, set_of(octets(sha256(info).digest()))),
            self._attribute_certificate,
        )
        value = self._key.sign(set_of(*attributes), ECDSA_SHA256)
        signer_info = sequence(
            _VERSION_1,
            self._signer,
            _SHA256,
            set_of(*attributes, tag=_CONTEXT_0),
            _ECDSA_WITH_SHA256,
            octets(value),
        )
        content = sequence(_TST_INFO, tagged(_CONTEXT_0, octets(info)))
        certificates = self._certificates if with_certificates else b""
        signed = sequence(_VERSION_3, set_of(_SHA256), content, certificates, set_of(signer_info))
        return sequence(_SIGNED_DATA, tagged(_CONTEXT_0, signed))
