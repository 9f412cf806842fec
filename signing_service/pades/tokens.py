"""Time stamp tokens around a signature (RFC 3161): asked for, and checked before they are embedded.

The source talks to the authority and checks its answer; here the token is checked against what is about to be
embedded, so that a token for something else is never written. Trust in the authority is judged by `verification`.
"""

import hashlib
from datetime import datetime
from functools import lru_cache

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from keys import signer_keys
from keys.errors import WrongValue
from keys.timestamping.sources import TimestampSource
from signing_service.pades import signed_data, token_reading
from signing_service.pades.errors import WrongTimestamp


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
    """The token is for `imprint` (SHA-256) and its signature verifies under the certificate it carries.

    Raises `WrongTimestamp`. A token of our own authority's shape is read without the general library.
    """
    found = token_reading.read(token_der)
    if found is None:
        _check_any(token_der, imprint)
        return
    if found.imprint != imprint:
        raise WrongTimestamp(reason="it was made for something else")
    if found.message_digest != hashlib.sha256(found.info).digest():
        raise WrongTimestamp(reason="its content does not fit its signature")
    try:
        signer_keys.verify(_key(found.certificate_der), found.value, found.attributes)
    except WrongValue as error:
        raise WrongTimestamp(reason="its signature does not verify") from error
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise WrongTimestamp(reason="it cannot be read") from error


@lru_cache(maxsize=64)
def _key(certificate_der: bytes) -> ec.EllipticCurvePublicKey:
    """The key of an authority's certificate. ValueError when it is of another kind than the token says."""
    key = x509.load_der_x509_certificate(certificate_der).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not an elliptic curve")
    return key


def _check_any(token_der: bytes, imprint: bytes) -> None:
    try:
        signed = cms.ContentInfo.load(token_der, strict=True)["content"]
        content = signed["encap_content_info"]["content"]
        stamped = content.parsed["message_imprint"]
        found = stamped["hash_algorithm"]["algorithm"].native, stamped["hashed_message"].native
        if found != ("sha256", imprint):
            raise WrongTimestamp(reason="it was made for something else")
        signed_data.check(signed, signed_data.sha(content.contents))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongTimestamp(reason="it cannot be read") from error
    except signed_data.Unverified as error:
        raise WrongTimestamp(reason=str(error)) from error
