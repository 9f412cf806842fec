"""The key ceremony of a token: make a key pair in it, ask an authority for its certificate, put that beside the key.

A private key is made sensitive and not extractable, and is never imported. Who may do this, and what is written into
the log of the service, is for the callers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from asn1crypto import algos, core, csr, keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

from keys.errors import InvalidSubject
from keys.holder_errors import HardwareKeyExists
from keys.issuing.subjects import COMMON_NAME_MAXIMUM, ORGANISATION_MAXIMUM, checked_country, checked_text
from keys.pkcs11 import HardwareKey
from keys.pkcs11_token import Token

LABEL_MAXIMUM = 64


_CURVES = {"p256": "secp256r1", "p384": "secp384r1"}


class KeyKind(StrEnum):
    """What a token is asked to make."""

    P256 = "p256"
    P384 = "p384"
    RSA3072 = "rsa3072"


@dataclass(frozen=True, slots=True)
class SealSubject:
    """Whose seal it is: the legal name of the organisation, its country, and what the seal is called."""

    organisation: str
    country: str
    common_name: str
    identifier: str = ""
    """organizationIdentifier (ETSI EN 319 412-1 §5.1.4), e.g. `VATFI-12345678`; may be empty."""


def create_key(token: Token, label: str, kind: KeyKind) -> HardwareKey:
    """A new key pair in the token, under a label that nothing else has.

    Raises `HardwareKeyExists`, `MechanismUnsupported` and whatever opening the token raises.
    """
    if not label or len(label) > LABEL_MAXIMUM or not label.isprintable():
        raise InvalidSubject(field="label", reason=f"it must have 1 to {LABEL_MAXIMUM} printable characters")

    def work(session: Any) -> None:
        if any(True for _ in session.get_objects({Attribute.LABEL: label})):
            raise HardwareKeyExists(token=token.label, key=label)
        _make(token, session, label, kind)

    token.use(work)
    return HardwareKey(token, label)


def _make(token: Token, session: Any, label: str, kind: KeyKind) -> None:
    private = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True}
    named: dict[str, Any] = {"store": True, "label": label, "id": label.encode(), "private_template": private}
    if kind in _CURVES:
        token.require(session, Mechanism.EC_KEY_PAIR_GEN)
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVES[kind])}
        session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(**named)
    else:
        token.require(session, Mechanism.RSA_PKCS_KEY_PAIR_GEN)
        session.generate_keypair(KeyType.RSA, 3072, **named)


def certificate_request(key: HardwareKey, subject: SealSubject) -> bytes:
    """A PKCS#10 request in PEM, signed in the token (RFC 2986). Raises `InvalidSubject`."""
    names = {
        "country_name": checked_country(subject.country),
        "organization_name": checked_text(subject.organisation, "organisation", ORGANISATION_MAXIMUM),
        "common_name": checked_text(subject.common_name, "common name", COMMON_NAME_MAXIMUM),
    }
    if subject.identifier:
        names["organization_identifier"] = checked_text(subject.identifier, "identifier", COMMON_NAME_MAXIMUM)
    public = key.public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": asn1_x509.Name.build(names, use_printable=False),
            "subject_pk_info": keys.PublicKeyInfo.load(public),
            "attributes": csr.CRIAttributes([]),
        }
    )
    is_rsa = isinstance(key.public_key, rsa.RSAPublicKey)
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa" if is_rsa else "sha256_ecdsa"})
    if is_rsa:
        algorithm["parameters"] = core.Null()
    value = key.sign(info.dump(force=True))
    request = csr.CertificationRequest(
        {"certification_request_info": info, "signature_algorithm": algorithm, "signature": value}
    )
    return bytes(pem.armor("CERTIFICATE REQUEST", request.dump(force=True)))


def store_certificate(key: HardwareKey, certificate: x509.Certificate) -> None:
    """Put a certificate beside its key. Raises `HardwareCertificateDiffers`; the same one twice changes nothing."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    key.require_certificate(der)
    if der in key.certificates():
        return
    content = {
        Attribute.CLASS: ObjectClass.CERTIFICATE,
        Attribute.CERTIFICATE_TYPE: 0,  # CKC_X_509
        Attribute.TOKEN: True,
        Attribute.LABEL: key.label,
        Attribute.ID: key.label.encode(),
        Attribute.SUBJECT: certificate.subject.public_bytes(),
        Attribute.ISSUER: certificate.issuer.public_bytes(),
        Attribute.SERIAL_NUMBER: core.Integer(certificate.serial_number).dump(force=True),
        Attribute.VALUE: der,
    }
    key.token.use(lambda session: session.create_object(content))
