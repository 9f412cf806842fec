"""What is demanded of a time stamp authority's answer before its token is used (RFC 3161 §2.2 and §2.4.2).

Status, content, imprint, nonce, the named certificate and its purpose, the signature and the time are checked; whether
the authority is *trusted* is not, because that depends on who looks at it and when.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from keys.clock import in_utc
from keys.encoded import each, encoded
from keys.errors import TimestampNotUsable, TimestampOtherRequest, TimestampRefused
from keys.issuing.profiles import TIME_STAMPING
from keys.timestamping.der import integer, sequence, tagged
from keys.timestamping.tokens import sha256_imprint as imprint_of

CLOCK_TOLERANCE = timedelta(minutes=5)
"""A token whose time is further from ours than this is refused: one of the two clocks is wrong."""

_BOOLEAN = 0x01
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError)


class Response(tsp.TimeStampResp):  # type: ignore[misc]  # asn1crypto is untyped
    """asn1crypto demands a token even in a rejection; RFC 3161 does not."""

    _fields = [  # noqa: RUF012 - asn1crypto's way to declare a structure
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the digest, the nonce, and our time when the answer came. `authority` is a name for messages."""

    authority: str
    digest: bytes
    nonce: int
    now: datetime


def request(digest: bytes, nonce: int) -> bytes:
    """A TimeStampReq in DER over a SHA-256 digest that asks for certificates."""
    return sequence(integer(1), imprint_of(digest), integer(nonce), tagged(_BOOLEAN, b"\xff"))


def accept(response_der: bytes, question: Question) -> bytes:
    """The token (ContentInfo, DER) of an acceptable response.

    Raises `TimestampRefused` with the authority's own words, `TimestampOtherRequest` for another nonce, or
    `TimestampNotUsable` with what is wrong.
    """
    try:
        response = Response.load(response_der, strict=True)
        _, token_der, *_ = (*each(response.contents), b"")
        status = response["status"].native
    except _MALFORMED as error:
        raise TimestampNotUsable(authority=question.authority, reason="it is no time stamp response") from error
    if status["status"] not in ("granted", "granted_with_mods"):
        words = " ".join([status["status"], *sorted(status["fail_info"] or ()), *(status["status_string"] or ())])
        raise TimestampRefused(authority=question.authority, status=words[:200])
    check_token(token_der, question)
    return token_der


def check_token(token_der: bytes, question: Question) -> None:
    """Raise `TimestampNotUsable`, or `TimestampOtherRequest` of its kind, unless the token answers the question and its
    signature verifies."""
    try:
        token = _read(token_der)
        problem = _answer_problem(token, question) or _signature_problem(token)
        other_request = tsp.TSTInfo.load(token.info_der, strict=True)["nonce"].native != question.nonce
    except (*_MALFORMED, UnsupportedAlgorithm, x509.ExtensionNotFound) as error:
        raise TimestampNotUsable(authority=question.authority, reason="its token cannot be read") from error
    if problem:
        raise TimestampNotUsable(authority=question.authority, reason=problem)
    if other_request:
        raise TimestampOtherRequest(authority=question.authority)


@dataclass(frozen=True, slots=True)
class _Token:
    """A token taken apart. Everything in bytes is as it came, however it was encoded."""

    info_der: bytes
    signed_attributes: bytes
    certificates: tuple[bytes, ...]
    signer: cms.SignerInfo
    attributes: Mapping[str, cms.SetOf]


def _read(token_der: bytes) -> _Token:
    content = cms.ContentInfo.load(token_der, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("a token is CMS signed data")
    signed = content["content"]
    certificates = tuple(each(signed["certificates"].contents))
    if len(signed["signer_infos"]) != 1 or signed["encap_content_info"]["content_type"].native != "tst_info":
        raise ValueError("a token is one signer's statement of a time")
    signer = signed["signer_infos"][0]
    attributes_der = b"\x31" + encoded(signer["signed_attrs"])[1:]  # signed as a SET OF, RFC 5652 §5.4
    return _Token(
        info_der=bytes(signed["encap_content_info"]["content"]),
        signed_attributes=attributes_der,
        certificates=certificates,
        signer=signer,
        attributes={attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]},
    )


def _answer_problem(token: _Token, question: Question) -> str | None:
    facts = tsp.TSTInfo.load(token.info_der, strict=True).native
    imprint = facts["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"] != "sha256" or not hmac.compare_digest(
        imprint["hashed_message"], question.digest
    ):
        return "it stamps something else than was asked"
    if abs(in_utc(facts["gen_time"]) - in_utc(question.now)) > CLOCK_TOLERANCE:
        return "its time is far from ours"
    return None


def _signature_problem(token: _Token) -> str | None:
    digest_name = token.signer["digest_algorithm"]["algorithm"].native
    digest = _HASHES.get(digest_name)
    if digest is None:
        return f"it uses {digest_name}"
    if token.attributes["content_type"][0].native != "tst_info" or (
        token.attributes["message_digest"][0].native != _digest_of(token.info_der, digest())
    ):
        return "its content was changed"
    certificate = _named_certificate(token)
    if certificate is None:
        return "it does not hold the certificate it names"
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if [purpose.dotted_string for purpose in purposes.value] != [TIME_STAMPING] or not purposes.critical:
        return "its certificate is not one for time stamps alone"
    return None if _verifies(certificate, token.signer, token.signed_attributes, digest()) else "its signature is wrong"


def _digest_of(content: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(content)
    return digest.finalize()


def _named_certificate(token: _Token) -> x509.Certificate | None:
    """The certificate that the signer and the ESS attribute both name (RFC 5035; by SHA-1, RFC 2634, only when that
    is all there is)."""
    if "signing_certificate_v2" in token.attributes:
        named = token.attributes["signing_certificate_v2"][0]["certs"][0]
        algorithm = _HASHES[named["hash_algorithm"]["algorithm"].native]()
    else:
        named = token.attributes["signing_certificate"][0]["certs"][0]
        algorithm = hashes.SHA1()  # noqa: S303 - the older attribute knows no other
    for der in token.certificates:
        if hmac.compare_digest(_digest_of(der, algorithm), named["cert_hash"].native):
            return x509.load_der_x509_certificate(der) if _is_signer(der, token.signer["sid"]) else None
    return None


def _is_signer(certificate_der: bytes, signer: cms.SignerIdentifier) -> bool:
    certificate = asn1_x509.Certificate.load(certificate_der)
    if signer.name == "subject_key_identifier":
        return bool(certificate.key_identifier == signer.chosen.native)
    issuer_der = encoded(signer.chosen["issuer"])
    same_serial = certificate.serial_number == signer.chosen["serial_number"].native
    return same_serial and encoded(certificate.issuer) == issuer_der


def _verifies(
    certificate: x509.Certificate, signer: cms.SignerInfo, signed: bytes, digest: hashes.HashAlgorithm
) -> bool:
    key, value = certificate.public_key(), signer["signature"].native
    mechanism = signer["signature_algorithm"]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and mechanism.signature_algo == "ecdsa":
            key.verify(value, signed, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey) and mechanism.signature_algo == "rsassa_pkcs1v15":
            key.verify(value, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, rsa.RSAPublicKey) and mechanism.signature_algo == "rsassa_pss":
            length = int(mechanism["parameters"]["salt_length"].native)
            key.verify(value, signed, padding.PSS(padding.MGF1(digest), length), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True
