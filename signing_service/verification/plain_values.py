"""Signature values of the two commonest kinds, verified with the key of a plain certificate: ECDSA, RSA PKCS #1."""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing_service.verification.once import once
from signing_service.verification.plain_certificates import plain_certificate
from signing_service.verification.plain_cms import PlainCms
from signing_service.verification.plain_der import NotPlain

HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def value_fits(signed: PlainCms) -> bool:
    """Whether the signer's key signed the attributes of this CMS; raises NotPlain."""
    kind, digest = signed.mechanism
    return verified(signed.signer, (kind, digest or signed.digest), signed.value, signed.signed)


def verified(issuer_der: bytes, mechanism: tuple[str, str], value: bytes, body: bytes) -> bool:
    """Whether the key of a certificate signed these bytes; False also for kinds that are not read here."""
    key = key_of(issuer_der)
    algorithm = HASHES[mechanism[1]]
    try:
        if mechanism[0] == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, body, ec.ECDSA(algorithm))
        elif mechanism[0] == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, body, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


@once(lambda der: ("key", der))
def key_of(der: bytes) -> object:
    """The public key of a certificate."""
    try:
        return serialization.load_der_public_key(plain_certificate(der).key)
    except (ValueError, UnsupportedAlgorithm) as cause:
        raise NotPlain("key") from cause
