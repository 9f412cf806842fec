"""Keys that were made in a signatory's browser: what the browser must prove, and what is accepted from it.

The private key never comes here. A PKCS#10 request proves that the browser holds it (RFC 2986); later a raw value of
64 bytes arrives, is checked over the stored signed attributes and turned into the DER form that CMS wants. Who the
person is, is not decided here: nothing of the request but its public key is ever used.
"""

import hmac

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import AttributeOID

from keys.algorithms import (
    ECDSA_SHA256,
    P256_COORDINATE_BYTES,
    P256_ORDER,
    reason_for,
    require_p256,
    verify_value,
)
from keys.errors import (
    AlgorithmNotAllowed,
    MalformedRequest,
    NoProofOfPossession,
    UnexpectedContent,
    WrongChallenge,
    WrongValue,
    WrongValueLength,
)

MAXIMUM_REQUEST_BYTES = 4096
"""A P-256 request with a challenge has about 250 bytes; more is refused before parsing."""

RAW_VALUE_BYTES = 2 * P256_COORDINATE_BYTES

_NAMES = {"1.2.840.113549.1.9.14": "extensions", "1.2.840.113549.1.9.7": "two challenges"}
_SET_TAG = 0x31


def accept_request(csr_der: bytes, expected_challenge: bytes | None) -> ec.EllipticCurvePublicKey:
    """The public key of a certificate request whose signature proves possession of the private key.

    With `expected_challenge` the request must carry exactly that challengePassword (RFC 2985 §5.4.1), which ties it to
    one invitation. Subject and everything else in the request are ignored; wishes for extensions are refused.
    Raises `MalformedRequest`, `AlgorithmNotAllowed`, `UnexpectedContent`, `NoProofOfPossession` or `WrongChallenge`.
    """
    request, key = _parse(csr_der)
    digest = request.signature_hash_algorithm
    if not isinstance(digest, hashes.SHA256):
        name = digest.name if digest else "no digest"
        raise AlgorithmNotAllowed(algorithm=name, reason="requests are signed with SHA-256")
    challenge = _only_challenge(request)
    try:
        key.verify(request.signature, request.tbs_certrequest_bytes, ECDSA_SHA256)
    except InvalidSignature as error:
        raise NoProofOfPossession from error
    if expected_challenge is not None and not hmac.compare_digest(challenge or b"", expected_challenge):
        raise WrongChallenge
    return key


def _parse(csr_der: bytes) -> tuple[x509.CertificateSigningRequest, ec.EllipticCurvePublicKey]:
    if len(csr_der) > MAXIMUM_REQUEST_BYTES:
        raise MalformedRequest
    try:
        request = x509.load_der_x509_csr(csr_der)
        key = request.public_key()
        _ = request.attributes, request.signature_hash_algorithm  # read lazily: reads both now
    except UnsupportedAlgorithm as error:
        raise AlgorithmNotAllowed(algorithm="This kind of key", reason=reason_for("")) from error
    except (ValueError, TypeError, x509.InvalidVersion) as error:
        raise MalformedRequest from error
    return request, require_p256(key)


def _only_challenge(request: x509.CertificateSigningRequest) -> bytes | None:
    challenge: bytes | None = None
    for attribute in request.attributes:
        if attribute.oid != AttributeOID.CHALLENGE_PASSWORD or challenge is not None:
            raise UnexpectedContent(what=_NAMES.get(attribute.oid.dotted_string, attribute.oid.dotted_string))
        challenge = attribute.value
    return challenge


def raw_to_der(raw_value: bytes) -> bytes:
    """WebCrypto's r‖s (64 bytes, IEEE P1363) as ECDSA-Sig-Value in DER (RFC 3279 §2.2.3).

    Raises `WrongValueLength` for any other length, `WrongValue` when r or s is not in 1 … n−1.
    """
    if len(raw_value) != RAW_VALUE_BYTES:
        raise WrongValueLength(length=len(raw_value), expected=RAW_VALUE_BYTES)
    r = int.from_bytes(raw_value[:P256_COORDINATE_BYTES], "big")
    s = int.from_bytes(raw_value[P256_COORDINATE_BYTES:], "big")
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        raise WrongValue
    return encode_dss_signature(r, s)


def check_value(certificate_der: bytes, signed_attributes: bytes, raw_value: bytes) -> bytes:
    """The DER form of a raw value that verifies over the signed attributes under the certificate's key.

    Raises `WrongValueLength`, `WrongValue`, or `AlgorithmNotAllowed` when the certificate holds no P-256 key.
    """
    value = raw_to_der(raw_value)
    if not signed_attributes or signed_attributes[0] != _SET_TAG:
        raise WrongValue
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
    except ValueError as error:
        raise WrongValue from error
    verify_value(require_p256(certificate.public_key()), value, signed_attributes)
    return value
