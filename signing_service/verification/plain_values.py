"""Signature values of the two commonest kinds, verified with the key of a plain certificate: ECDSA, RSA PKCS #1."""

from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing_service.verification.once import lasting, once, once_each
from signing_service.verification.plain_certificates import plain_certificate
from signing_service.verification.plain_cms import PlainCms
from signing_service.verification.plain_der import NotPlain

HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class Question(NamedTuple):
    """Whether the key of a certificate made `value` over `body`."""

    issuer: bytes
    mechanism: tuple[str, str]
    value: bytes
    body: bytes

    def answer(self, key: object) -> bool:
        """False also for kinds that are not read here."""
        kind, algorithm = self.mechanism[0], HASHES[self.mechanism[1]]
        try:
            if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(self.value, self.body, ec.ECDSA(algorithm))
            elif kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
                key.verify(self.value, self.body, padding.PKCS1v15(), algorithm)
            else:
                return False
        except InvalidSignature:
            return False
        return True


def question_of(signed: PlainCms) -> Question:
    """Whether the signer's key signed the attributes of this CMS; raises NotPlain."""
    kind, digest = signed.mechanism
    return Question(signed.signer, (kind, digest or signed.digest), signed.value, signed.signed)


def value_fits(signed: PlainCms) -> bool:
    """The answer to `question_of`; raises NotPlain."""
    return _answered(question_of(signed))


def verified(issuer_der: bytes, mechanism: tuple[str, str], value: bytes, body: bytes) -> bool:
    """Whether the key of a certificate signed these bytes; False also for kinds that are not read here."""
    return _answered(Question(issuer_der, mechanism, value, body))


@once(lambda: "answers")
def answers() -> dict[Question, bool]:
    """What was answered already within this report."""
    return {}


def _answered(question: Question) -> bool:
    known = answers().get(question)
    return question.answer(key_of(question.issuer)) if known is None else known


@once_each
@lasting
def key_of(der: bytes) -> object:
    """The public key of a certificate."""
    try:
        return serialization.load_der_public_key(plain_certificate(der).key)
    except (ValueError, UnsupportedAlgorithm) as cause:
        raise NotPlain("key") from cause
