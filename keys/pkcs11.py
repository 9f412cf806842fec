"""Keys that live in a hardware module and never leave it (PKCS#11 v2.40): P-256 and RSA.

`HardwareKey` signs, `HardwareSeal` is the custodian, `issuing_key` lets the certificate authority issue, list and
answer with it. The digest is made here and the token signs it bare: CKM_ECDSA and CKM_RSA_PKCS are offered by every
module, the combined mechanisms are not (SoftHSM 2.6 has no CKM_ECDSA_SHA256). Making keys is `pkcs11_ceremony`.
"""

from hashlib import sha256
from typing import Any, NoReturn

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

from keys.algorithms import describe_spki
from keys.custody import CustodyKind
from keys.errors import AlgorithmNotAllowed, WrongValue, WrongValueLength
from keys.holder_errors import (
    HardwareCertificateAbsent,
    HardwareCertificateDiffers,
    HardwareKeyAbsent,
    HardwareWrongValue,
)
from keys.pkcs11_token import Token
from keys.signer_keys import PublicKey, require, spki_of, value_of, verify

_CURVES: dict[int, ec.EllipticCurve] = {65: ec.SECP256R1(), 97: ec.SECP384R1()}
"""Curves by the length of an uncompressed point (SEC 1, 2.3.3); a point of another curve is not on them."""

_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1)."""


class HardwareKey:
    """One key pair of a token, by label. The public key is read once; every value is verified before it is given."""

    def __init__(self, token: Token, label: str) -> None:
        self.token = token
        self.label = label
        self.public_key: PublicKey = token.use(self._read_public)
        is_ec = isinstance(self.public_key, ec.EllipticCurvePublicKey)
        self._mechanism = Mechanism.ECDSA if is_ec else Mechanism.RSA_PKCS
        token.use(lambda session: token.require(session, self._mechanism))

    def sign(self, signed: bytes) -> bytes:
        """The value over SHA-256 of `signed`: DER of r and s (RFC 3279 §2.2.3), or PKCS#1 v1.5.

        Raises from the `HardwareError` tree; `HardwareWrongValue` when the value does not verify.
        """
        digest = sha256(signed).digest()
        try:
            if self._mechanism == Mechanism.ECDSA:
                value = value_of(self.public_key, self.token.sign(self.label, digest, Mechanism.ECDSA))
            else:
                value = self.token.sign(self.label, _SHA256_DIGEST_INFO + digest, Mechanism.RSA_PKCS)
            verify(self.public_key, value, signed)
        except (WrongValue, WrongValueLength) as error:  # a module that lies, or holds two halves of different keys
            self.token.close()  # what it holds of the key may be out of date
            raise HardwareWrongValue(token=self.token.label) from error
        return value

    def certificates(self) -> tuple[bytes, ...]:
        """The certificates in the token under the key's label, in DER, that hold its public key."""

        def work(session: Any) -> list[bytes]:
            wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: self.label}
            return [bytes(found[Attribute.VALUE]) for found in session.get_objects(wanted)]

        return tuple(der for der in self.token.use(work) if self._is_mine(der))

    def certificate(self) -> bytes:
        """The newest certificate beside the key; raises `HardwareCertificateAbsent`."""
        found = self.certificates()
        if not found:
            raise HardwareCertificateAbsent(token=self.token.label, key=self.label)
        return max(found, key=lambda der: x509.load_der_x509_certificate(der).not_valid_before_utc)

    def require_certificate(self, certificate_der: bytes) -> None:
        """Raise `HardwareCertificateDiffers` unless the certificate holds this key."""
        if not self._is_mine(certificate_der):
            raise HardwareCertificateDiffers(token=self.token.label, key=self.label)

    def _is_mine(self, certificate_der: bytes) -> bool:
        try:
            return bool(x509.load_der_x509_certificate(certificate_der).public_key() == self.public_key)
        except ValueError:
            return False

    def _read_public(self, session: Any) -> PublicKey:
        self.token.find(session, self.label, ObjectClass.PRIVATE_KEY)  # a public half alone cannot sign
        return public_key_of(self.token.find(session, self.label, ObjectClass.PUBLIC_KEY), self.token.label, self.label)

    def __repr__(self) -> str:
        return f"<HardwareKey {self.label} in {self.token.label}>"


def public_key_of(found: Any, token: str, label: str) -> PublicKey:
    """The public key of a PKCS#11 object; `AlgorithmNotAllowed` for what is neither P-256, P-384 nor RSA of enough
    bits."""
    kind = found[Attribute.KEY_TYPE]
    try:
        if kind == KeyType.EC:
            # CKA_EC_POINT is an OCTET STRING around the point (PKCS#11 v2.40 curr §2.3.3)
            point = core.OctetString.load(bytes(found[Attribute.EC_POINT])).native
            if len(point) not in _CURVES:
                raise AlgorithmNotAllowed(algorithm="This curve", reason="only P-256 and P-384 are used here")
            return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[len(point)], point)
        if kind == KeyType.RSA:
            exponent = int.from_bytes(found[Attribute.PUBLIC_EXPONENT], "big")
            numbers = rsa.RSAPublicNumbers(exponent, int.from_bytes(found[Attribute.MODULUS], "big"))
            return require(numbers.public_key())
    except ValueError as error:
        raise HardwareKeyAbsent(token=token, key=label) from error
    raise AlgorithmNotAllowed(algorithm=str(kind.name), reason="only P-256, P-384 and RSA are used here")


class HardwareSeal:
    """A custodian whose key is in a hardware module: the service's seal, or the seal of an organisation."""

    kind = CustodyKind.PKCS11

    def __init__(self, key: HardwareKey, certificate_der: bytes, chain_der: tuple[bytes, ...]) -> None:
        key.require_certificate(certificate_der)
        self._key = key
        self.certificate_der = certificate_der
        self.chain_der = chain_der

    def sign(self, signed_attributes: bytes) -> bytes:
        """The value over the DER SET of signed attributes; raises from the `HardwareError` tree."""
        return self._key.sign(signed_attributes)

    def __repr__(self) -> str:
        return "<HardwareSeal>"


class HardwareEcKey(ec.EllipticCurvePrivateKey):
    """A P-256 key of a token in the form that `cryptography` issues certificates, lists and OCSP answers with."""

    def __init__(self, key: HardwareKey) -> None:
        if not isinstance(key.public_key, ec.EllipticCurvePublicKey) or key.public_key.key_size != 256:
            name = describe_spki(spki_of(key.public_key))
            raise AlgorithmNotAllowed(algorithm=name, reason="certificates are issued with P-256")
        self._hardware = key
        self._public = key.public_key

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """256 bits."""
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        return self._public

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """The DER value over SHA-256 of `data`; no other algorithm is offered."""
        digest = signature_algorithm.algorithm
        if not isinstance(digest, hashes.SHA256):
            raise AlgorithmNotAllowed(algorithm="This digest", reason="the token signs SHA-256 only")
        return self._hardware.sign(bytes(data))

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        """Not what this key is for."""
        _never()

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        """The key does not leave its module."""
        _never()

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> bytes:
        """The key does not leave its module."""
        _never()

    def __copy__(self) -> "HardwareEcKey":
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> "HardwareEcKey":
        return self


def _never() -> NoReturn:
    raise AlgorithmNotAllowed(algorithm="This use", reason="the key signs and never leaves its module")
