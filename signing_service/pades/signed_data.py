"""Checks the signature inside a CMS SignedData with the certificate that it carries (RFC 5652, 5.4 and 5.6).

Used for time stamp tokens and for signatures found in a file. Says whether the mathematics hold, never whether the
certificate deserves trust.
"""

import hashlib
from collections.abc import Callable, Mapping

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from keys.encoded import encoded

_DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, StopIteration)


class Unverified(Exception):
    """The signature does not hold; the text says why. Never leaves this package."""


def check(signed: cms.SignedData, digest_of_content: Callable[[str], bytes]) -> None:
    """Raise `Unverified` unless the one signer signed the content. `digest_of_content` takes a hashlib name."""
    try:
        (info,) = signed["signer_infos"]
        digest = _DIGESTS[info["digest_algorithm"]["algorithm"].native]
        stated = next(a["values"][0].native for a in info["signed_attrs"] if a["type"].native == "message_digest")
        if stated != digest_of_content(digest.name):
            raise Unverified("its content does not fit its signature")
        _verify(signer_certificate(signed), info, digest)
    except (*_UNREADABLE, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise Unverified("it cannot be read") from error
    except InvalidSignature as error:
        raise Unverified("its signature does not verify") from error


def certificates(signed: cms.SignedData) -> tuple[asn1_x509.Certificate, ...]:
    """All certificates it carries."""
    return tuple(choice.chosen for choice in signed["certificates"] if choice.name == "certificate")


def signer_certificate(signed: cms.SignedData) -> asn1_x509.Certificate:
    """The carried certificate that the signer's identifier names; ValueError when there is none."""
    sid = signed["signer_infos"][0]["sid"].chosen
    for certificate in certificates(signed):
        same_issuer = encoded(certificate.issuer) == encoded(sid["issuer"])
        if same_issuer and certificate.serial_number == sid["serial_number"].native:
            return certificate
    raise ValueError("the signer's certificate is missing")


def sha(data: bytes) -> Callable[[str], bytes]:
    """For `check`, when the content is at hand."""
    return lambda name: hashlib.new(name, data).digest()


def _verify(certificate: asn1_x509.Certificate, info: cms.SignerInfo, digest: hashes.HashAlgorithm) -> None:
    key = x509.load_der_x509_certificate(encoded(certificate)).public_key()
    covered = b"\x31" + encoded(info["signed_attrs"])[1:]
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(info["signature"].native, covered, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(info["signature"].native, covered, padding.PKCS1v15(), digest)
    else:
        raise Unverified("its key is of an unsupported kind")
