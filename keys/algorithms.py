"""Which algorithms and sizes are allowed, as one table with the reason beside each line.

What is not in the table is refused; there is no negotiation. The table speaks of what *we* make and accept for signing;
what a stranger's file may have used is judged by the verification.
"""

from dataclasses import dataclass

from asn1crypto import keys as asn1_keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.errors import AlgorithmNotAllowed, WrongValue

P256_COORDINATE_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P256_MAXIMUM_VALUE_BYTES = 72
"""Longest DER form of a P-256 value: SEQUENCE of two INTEGERs of at most 33 bytes."""

ECDSA_SHA256 = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One line of the table: `use` is what it may be used for, `reason` why it is allowed or refused."""

    name: str
    use: frozenset[str]
    reason: str

    @property
    def allowed(self) -> bool:
        return bool(self.use)


SIGN, ISSUE, IMPRINT, LOG = "sign", "issue", "imprint", "log"

TABLE: tuple[Algorithm, ...] = (
    Algorithm(
        "ECDSA P-256 with SHA-256",
        frozenset({SIGN, ISSUE}),
        "made non-extractable by every browser's WebCrypto, and accepted by pdfsig, OpenSSL and Adobe",
    ),
    Algorithm("Ed25519", frozenset({LOG}), "the log's checkpoints; pdfsig and Adobe do not read it in a PDF"),
    Algorithm("SHA-256", frozenset({SIGN, ISSUE, IMPRINT}), "the digest of every signature made here"),
    Algorithm("SHA-384", frozenset({IMPRINT}), "strangers may have it stamped"),
    Algorithm("SHA-512", frozenset({IMPRINT}), "strangers may have it stamped"),
    Algorithm("ECDSA P-384", frozenset(), "no gain over P-256 here, and one more case to get wrong"),
    Algorithm("ECDSA P-521", frozenset(), "no gain over P-256 here, and one more case to get wrong"),
    Algorithm("RSA", frozenset(), "keys and values are large, and PSS salt lengths differ between programs"),
    Algorithm("SHA-1", frozenset(), "collisions are practical"),
    Algorithm("MD5", frozenset(), "collisions are practical"),
)

IMPRINT_BYTES: dict[str, int] = {"sha256": 32, "sha384": 48, "sha512": 64}
"""Digests that our time stamp authority accepts, by asn1crypto name, with their length in bytes."""


def reason_for(name: str) -> str:
    """Why an algorithm is refused: its line in the table, or that it has none."""
    for line in TABLE:
        if name == line.name or name.startswith(line.name):
            return line.reason
    return "it is not in the table of allowed algorithms"


def describe_spki(spki_der: bytes) -> str:
    """The name of the algorithm of a SubjectPublicKeyInfo, for messages, e.g. `ECDSA P-384` or `RSA 2048`."""
    try:
        info = asn1_keys.PublicKeyInfo.load(spki_der)
        kind = info.algorithm
        if kind == "ec":
            curve = str(info.curve[1])
            return "ECDSA " + {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}.get(curve, curve)
        return f"RSA {info.bit_size}" if kind == "rsa" else str(kind)
    except (ValueError, TypeError, KeyError):
        return "an unknown key"


def p256_from_spki(spki_der: bytes) -> ec.EllipticCurvePublicKey:
    """The public key of a SubjectPublicKeyInfo in DER, if it is on P-256; else `AlgorithmNotAllowed`."""
    try:
        key = serialization.load_der_public_key(spki_der)
    except (ValueError, UnsupportedAlgorithm) as error:
        name = describe_spki(spki_der)
        raise AlgorithmNotAllowed(algorithm=name, reason=reason_for(name)) from error
    return require_p256(key)


def require_p256(key: object) -> ec.EllipticCurvePublicKey:
    """The same public key when it is on P-256; else `AlgorithmNotAllowed`, saying what it is instead."""
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    name = "an unknown key"
    if hasattr(key, "public_bytes"):
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        name = describe_spki(der)
    raise AlgorithmNotAllowed(algorithm=name, reason=reason_for(name))


def spki_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """SubjectPublicKeyInfo in DER."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def verify_value(key: ec.EllipticCurvePublicKey, value_der: bytes, signed: bytes) -> None:
    """Raise `WrongValue` unless the DER value is by this key over SHA-256 of `signed`."""
    try:
        key.verify(value_der, signed, ECDSA_SHA256)
    except InvalidSignature as error:
        raise WrongValue from error
