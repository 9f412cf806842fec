"""Keys that others certified: which kinds and sizes are accepted for a signature here, and how a value is checked.

Our own authority certifies ECDSA P-256 only (`keys.algorithms`). A signatory's card, provider or module may hold an RSA
key or another curve. The digest is always SHA-256 (ETSI TS 119 312); padding of RSA values is PKCS #1 v1.5, because
programs do not agree on the salt length of PSS.
"""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from keys.algorithms import describe_spki, reason_for
from keys.errors import AlgorithmNotAllowed, WrongValue, WrongValueLength

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

RSA_LEAST_BITS = 2048
"""Many cards in use hold RSA-2048; anything shorter can be broken or will be (ETSI TS 119 312)."""
RSA_MOST_BITS = 8192
"""Longer keys would cost the service seconds per check."""

_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


def require(key: object) -> PublicKey:
    """The same public key when it is strong enough and of a kind that PDF readers know; else `AlgorithmNotAllowed`."""
    if isinstance(key, rsa.RSAPublicKey):
        if not RSA_LEAST_BITS <= key.key_size <= RSA_MOST_BITS:
            raise AlgorithmNotAllowed(
                algorithm=f"RSA {key.key_size}", reason=f"RSA keys have {RSA_LEAST_BITS} to {RSA_MOST_BITS} bits"
            )
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
        return key
    name = "this kind of key"
    if hasattr(key, "public_bytes_raw"):
        name = type(key).__name__.removesuffix("PublicKey").lstrip("_")
    elif hasattr(key, "public_bytes"):
        name = describe_spki(spki_of(key))  # type: ignore[arg-type]  # any public key of the library
    raise AlgorithmNotAllowed(algorithm=name, reason=reason_for(name))


def verify(key: PublicKey, value: bytes, signed: bytes) -> None:
    """Raise `WrongValue` unless `value` (DER of r and s, or the RSA value) is the key's over SHA-256 of `signed`."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(value, signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm) as error:
        raise WrongValue from error


def value_of(key: PublicKey, raw: bytes) -> bytes:
    """A bare value as modules give it, in the form of a CMS object: r‖s as DER (RFC 3279 §2.2.3), RSA as it is.

    Raises `WrongValueLength` when r and s are not each as long as the key's curve (PKCS#11 v2.40 curr §2.3.1).
    """
    if isinstance(key, rsa.RSAPublicKey):
        return raw
    size = (key.key_size + 7) // 8
    if len(raw) != 2 * size:
        raise WrongValueLength(length=len(raw), expected=2 * size)
    return encode_dss_signature(int.from_bytes(raw[:size], "big"), int.from_bytes(raw[size:], "big"))


def longest_value(key: PublicKey) -> int:
    """Bytes of the longest value this key can make."""
    if isinstance(key, rsa.RSAPublicKey):
        return (key.key_size + 7) // 8
    return 2 * ((key.key_size + 7) // 8 + 3) + 4


def spki_of(key: PublicKey) -> bytes:
    """SubjectPublicKeyInfo in DER."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
