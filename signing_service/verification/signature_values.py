"""Signature values verified with a public key: RSA (PKCS #1 v1.5, PSS), ECDSA, EdDSA, DSA; MD5 and SHA-1 included.

Old algorithms are verified too: whether a document was changed is one question, whether its algorithm may still be
relied on another, and that one is not asked here. `None` means that the algorithm or the key is not known.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from keys.encoded import encoded
from signing_service.verification.running_digest import SignedParts, finished, new_digest

DIGEST_INFO = {  # the DER that stands before the digest in a PKCS #1 v1.5 block, RFC 8017 clause 9.2 note 1
    "md5": "3020300c06082a864886f70d020505000410",
    "sha1": "3021300906052b0e03021a05000414",
    "sha224": "302d300d06096086480165030402040500041c",
    "sha256": "3031300d060960864801650304020105000420",
    "sha384": "3041300d060960864801650304020205000430",
    "sha512": "3051300d060960864801650304020305000440",
    "sha512_224": "302d300d06096086480165030402050500041c",
    "sha512_256": "3031300d060960864801650304020605000420",
    "sha3_224": "302d300d06096086480165030402070500041c",
    "sha3_256": "3031300d060960864801650304020805000420",
    "sha3_384": "3041300d060960864801650304020905000430",
    "sha3_512": "3051300d060960864801650304020a05000440",
    "ripemd160": "3021300906052b2403020105000414",
}
HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha512_224": hashes.SHA512_224,
    "sha512_256": hashes.SHA512_256,
    "sha3_224": hashes.SHA3_224,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
PLAIN_ECDSA = "0.4.0.127.0.7.1.1.4.1."  # BSI TR-03111: r and s side by side, without DER


class NotSupported(Exception):
    """The key or the algorithm is not known here."""


@dataclass(frozen=True)
class Signed:
    """What was signed: the message as parts (EdDSA needs the bytes), and its digest by any algorithm."""

    parts: Iterable[bytes]

    def digest(self, algorithm: str) -> bytes:
        """The digest of all parts; raises NotSupported for an unknown algorithm."""
        return digest_of(self.parts, algorithm)


def digest_of(parts: Iterable[bytes], algorithm: str) -> bytes:
    """The digest of several parts one after another; raises NotSupported for an unknown algorithm."""
    try:
        if isinstance(parts, SignedParts):
            return parts.digest(algorithm)
        running = new_digest(algorithm)
    except ValueError as cause:
        raise NotSupported(f"digest algorithm {algorithm}") from cause
    for part in parts:
        running.update(part)
    return finished(running, algorithm)


def value_holds(
    key: keys.PublicKeyInfo, algorithm: algos.SignedDigestAlgorithm, stated_digest: str, signed: Signed, value: bytes
) -> bool:
    """Whether `value` is a signature over `signed` with this key; raises NotSupported when that cannot be told.

    Signers disagree about where the digest is named: in the signature algorithm or beside it. Both are tried.
    """
    dotted = str(algorithm["algorithm"].dotted)
    named = _named_digest(algorithm)
    candidates = tuple(dict.fromkeys(name for name in (named, stated_digest) if name))
    try:
        kind = key.algorithm
        if kind in ("rsa", "rsassa_pss"):
            if algorithm["algorithm"].native == "rsassa_pss" or kind == "rsassa_pss":
                return _pss(_rsa_key(key), algorithm, candidates, signed, value)
            return _pkcs1(_rsa_key(key), candidates, signed, value)
        public = serialization.load_der_public_key(encoded(key))
    except (ValueError, UnsupportedAlgorithm, TypeError, KeyError) as cause:
        raise NotSupported(f"key: {type(cause).__name__}") from cause
    if isinstance(public, ec.EllipticCurvePublicKey):
        return _ecdsa(public, candidates, signed, _as_der(public, value, dotted))
    if isinstance(public, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
        return _holds(lambda: public.verify(value, b"".join(signed.parts)))
    if isinstance(public, dsa.DSAPublicKey):
        return any(_dsa(public, name, signed, value) for name in candidates)
    raise NotSupported(f"key of type {key.algorithm}")


def _named_digest(algorithm: algos.SignedDigestAlgorithm) -> str:
    try:
        return str(algorithm.hash_algo)
    except ValueError:  # the identifier names no digest
        return ""


def _hash(name: str) -> hashes.HashAlgorithm:
    if name not in HASHES:
        raise NotSupported(f"digest algorithm {name}")
    return HASHES[name]()


def _holds(verify: Callable[[], object]) -> bool:
    try:
        verify()
    except (InvalidSignature, ValueError):
        return False
    except UnsupportedAlgorithm as cause:
        raise NotSupported(str(cause)) from cause
    return True


def _rsa_key(key: keys.PublicKeyInfo) -> tuple[int, int]:
    parsed = key["public_key"].parsed
    return int(parsed["modulus"].native), int(parsed["public_exponent"].native)


def _pkcs1(numbers: tuple[int, int], candidates: tuple[str, ...], signed: Signed, value: bytes) -> bool:
    """The block is built and compared as a whole, so nothing in it is left unread (RFC 8017 clause 8.2.2)."""
    modulus, exponent = numbers
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(value, "big")
    if not 16 <= size <= 2048 or exponent.bit_length() > 256 or number >= modulus:
        return False
    block = pow(number, exponent, modulus).to_bytes(size, "big")
    return any(block in _blocks(name, signed.digest(name), size) for name in candidates)


def _blocks(name: str, digest: bytes, size: int) -> tuple[bytes, ...]:
    """The block with and without the NULL parameters of the digest algorithm (RFC 8017 appendix A.2.4)."""
    head = bytes.fromhex(DIGEST_INFO.get(name, ""))
    if not head:
        raise NotSupported(f"digest algorithm {name}")
    without_null = bytes((0x30, head[1] - 2, 0x30, head[3] - 2)) + head[4:-4] + head[-2:]
    return tuple(
        b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
        for info in (head + digest, without_null + digest)
        if size >= len(info) + 11
    )


def _pss(
    numbers: tuple[int, int],
    algorithm: algos.SignedDigestAlgorithm,
    candidates: tuple[str, ...],
    signed: Signed,
    value: bytes,
) -> bool:
    public = rsa.RSAPublicNumbers(numbers[1], numbers[0]).public_key()
    parameters: Any = algorithm["parameters"]
    masks: tuple[str, ...] = candidates
    names = candidates
    if algorithm["algorithm"].native == "rsassa_pss" and parameters.native is not None:
        names = (str(parameters["hash_algorithm"]["algorithm"].native),)
        masks = (str(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native),)
    for name in names:
        for mask in masks:
            form = padding.PSS(padding.MGF1(_hash(mask)), padding.PSS.AUTO)
            if _pss_of(public, form, name, signed, value):
                return True
    return False


def _pss_of(public: rsa.RSAPublicKey, form: padding.PSS, name: str, signed: Signed, value: bytes) -> bool:
    digest = signed.digest(name)
    return _holds(lambda: public.verify(value, digest, form, Prehashed(_hash(name))))


def _dsa(public: dsa.DSAPublicKey, name: str, signed: Signed, value: bytes) -> bool:
    return _holds(lambda: public.verify(value, signed.digest(name), Prehashed(_hash(name))))


def _ecdsa(public: ec.EllipticCurvePublicKey, candidates: tuple[str, ...], signed: Signed, value: bytes) -> bool:
    def of(name: str) -> bool:
        return _holds(lambda: public.verify(value, signed.digest(name), ec.ECDSA(Prehashed(_hash(name)))))

    return any(of(name) for name in candidates)


def _as_der(public: ec.EllipticCurvePublicKey, value: bytes, dotted: str) -> bytes:
    """r and s side by side, as cards and browsers give them, put into the form of RFC 3279."""
    size = (public.curve.key_size + 7) // 8
    if not dotted.startswith(PLAIN_ECDSA) and (value[:1] == b"\x30" or len(value) != 2 * size):
        return value
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
