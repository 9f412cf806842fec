"""Time stamp tokens around a signature (RFC 3161): asked for, and checked before they are embedded.

The source talks to the authority and checks its answer; here the token is checked against what is about to be
embedded, so that a token for something else is never written. Trust in the authority is judged by `verification`.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from keys.timestamping.sources import TimestampSource
from signing_service.pades.errors import WrongTimestamp

_DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def over(content: bytes, source: TimestampSource) -> bytes:
    """A checked token over `content`. Raises `WrongTimestamp`, or the source's error when there is none."""
    return over_digest(hashlib.sha256(content).digest(), source)


def over_digest(imprint: bytes, source: TimestampSource) -> bytes:
    """A checked token over a SHA-256 digest."""
    token = source.token(imprint)
    check(token, imprint)
    return token


def time_of(token_der: bytes) -> datetime:
    """The authority's time in a checked token, UTC."""
    info = cms.ContentInfo.load(token_der)["content"]["encap_content_info"]["content"].parsed
    at: datetime = info["gen_time"].native
    return at


def check(token_der: bytes, imprint: bytes) -> None:
    """The token is for `imprint` and its signature verifies under the certificate it carries."""
    try:
        signed = cms.ContentInfo.load(token_der, strict=True)["content"]
        content = signed["encap_content_info"]["content"]
        stamped = content.parsed["message_imprint"]
        (info,) = signed["signer_infos"]
        attributes = {a["type"].native: a["values"][0] for a in info["signed_attrs"]}
        found = stamped["hash_algorithm"]["algorithm"].native, stamped["hashed_message"].native
        if found != ("sha256", imprint):
            raise WrongTimestamp(reason="it was made for something else")
        digest = _DIGESTS[info["digest_algorithm"]["algorithm"].native]
        if attributes["message_digest"].native != hashlib.new(digest.name, content.contents).digest():
            raise WrongTimestamp(reason="its content does not fit its signature")
        _check_signature(_certificate_of(signed, info), info, digest)
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, UnsupportedAlgorithm) as error:
        raise WrongTimestamp(reason="it cannot be read") from error
    except InvalidSignature as error:
        raise WrongTimestamp(reason="its signature does not verify") from error


def _certificate_of(signed: cms.SignedData, info: cms.SignerInfo) -> x509.Certificate:
    sid = info["sid"].chosen
    return next(
        x509.load_der_x509_certificate(choice.chosen.dump())
        for choice in signed["certificates"]
        if choice.chosen.issuer.dump() == sid["issuer"].dump()
        and choice.chosen.serial_number == sid["serial_number"].native
    )


def _check_signature(certificate: x509.Certificate, info: cms.SignerInfo, digest: hashes.HashAlgorithm) -> None:
    key = certificate.public_key()
    covered = b"\x31" + info["signed_attrs"].dump()[1:]
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(info["signature"].native, covered, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(info["signature"].native, covered, padding.PKCS1v15(), digest)
    else:
        raise WrongTimestamp(reason="its key is of an unsupported kind")
