"""Builds the CMS object of one signature: signed attributes first, the whole after the key holder has signed.

RFC 5652 (CMS), RFC 5035 (signing-certificate-v2), RFC 6211 (algorithm protection), ETSI EN 319 122-1 (CAdES) and
ETSI EN 319 142-1 (PAdES). Written as DER directly: the parts are DER already and the shape never varies, which makes
this two orders of magnitude faster than a general ASN.1 tree. There is no signing-time attribute: PAdES forbids it.
It neither verifies nor signs.
"""

import hashlib
from functools import lru_cache

from asn1crypto import x509

from keys.encoded import encoded
from keys.timestamping.der import NULL, SET, identifier, integer, octets, sequence, set_of, tagged

_SHA256 = sequence(identifier("2.16.840.1.101.3.4.2.1"))  # parameters absent, RFC 5754 §2
_ECDSA_SHA256 = sequence(identifier("1.2.840.10045.4.3.2"))
_RSA_SHA256 = sequence(identifier("1.2.840.113549.1.1.11"), tagged(NULL))  # parameters NULL, RFC 4055 §5
_ID_DATA = identifier("1.2.840.113549.1.7.1")
SIGNED_DATA = identifier("1.2.840.113549.1.7.2")
_CONTEXT_0, _CONTEXT_1, _CONTEXT_4 = 0xA0, 0xA1, 0xA4


def _attribute(kind: str, value: bytes) -> bytes:
    return sequence(identifier(kind), set_of(value))


_CONTENT_TYPE = _attribute("1.2.840.113549.1.9.3", _ID_DATA)
_PROOF_OF_APPROVAL = _attribute("1.2.840.113549.1.9.16.2.16", sequence(identifier("1.2.840.113549.1.9.16.6.5")))
# RFC 6211: the algorithms are signed too; [1] is IMPLICIT, it stands in the place of the SEQUENCE tag.
_ALGORITHM_PROTECTION = {
    algorithm: _attribute("1.2.840.113549.1.9.52", sequence(_SHA256, bytes((_CONTEXT_1,)) + algorithm[1:]))
    for algorithm in (_ECDSA_SHA256, _RSA_SHA256)
}


#: Certificates whose part of the attributes is kept by a process.
KEPT = 1024


def signed_attributes(document_digest: bytes, certificate_der: bytes, *, approval: bool) -> bytes:
    """The DER SET (first byte 0x31) that the key holder signs.

    `document_digest` is the SHA-256 over the byte range; `approval` adds the commitment "proof of approval", which
    signatories give and the service's seal does not. The same arguments always give the same bytes.
    """
    before, after = _around_digest(certificate_der, approval)
    return before + document_digest + after


@lru_cache(maxsize=KEPT)
def _around_digest(certificate_der: bytes, approval: bool) -> tuple[bytes, bytes]:
    """The attributes of a certificate before and after the digest: the order of a SET does not depend on it, because
    the encodings differ before their contents begin (X.690 §11.6)."""
    mark = bytes(range(32))
    attributes = [
        _CONTENT_TYPE,
        _attribute("1.2.840.113549.1.9.4", octets(mark)),
        _attribute("1.2.840.113549.1.9.16.2.47", _signing_certificate(certificate_der)),
        _ALGORITHM_PROTECTION[_algorithm(certificate_der)],
    ]
    if approval:
        attributes.append(_PROOF_OF_APPROVAL)
    before, after = set_of(*attributes).split(mark)
    return before, after


def signature(
    attributes: bytes,
    value: bytes,
    certificate_der: bytes,
    chain_der: tuple[bytes, ...],
    token_der: bytes | None,
) -> bytes:
    """The DER ContentInfo: signature value, certificates and, when given, the time stamp token over the value."""
    before, certificates = _around_signer(certificate_der, chain_der)
    parts = [
        before,
        bytes((_CONTEXT_0,)) + attributes[1:],  # IMPLICIT [0] in the place of SET
        _algorithm(certificate_der),
        octets(value),
    ]
    if token_der is not None:
        parts.append(tagged(_CONTEXT_1, timestamp_attribute(token_der)))
    signed_data = sequence(_BEFORE_CERTIFICATES, certificates, tagged(SET, sequence(*parts)))
    return sequence(SIGNED_DATA, tagged(_CONTEXT_0, signed_data))


def timestamp_attribute(token_der: bytes) -> bytes:
    """The unsigned attribute that holds a time stamp over the signature value (EN 319 122-1, 5.3)."""
    return _attribute("1.2.840.113549.1.9.16.2.14", token_der)


_BEFORE_CERTIFICATES = integer(1) + set_of(_SHA256) + sequence(_ID_DATA)


def read_ahead(certificate_der: bytes, chain_der: tuple[bytes, ...], *, approval: bool) -> None:
    """Have everything at hand that depends on the certificate only."""
    _around_digest(certificate_der, approval)
    _around_signer(certificate_der, chain_der)


@lru_cache(maxsize=KEPT)
def _around_signer(certificate_der: bytes, chain_der: tuple[bytes, ...]) -> tuple[bytes, bytes]:
    """What comes before the attributes in the signer's information, and the certificates."""
    before = integer(1) + sequence(*_issuer_and_serial(certificate_der)) + _SHA256
    return before, set_of(*{certificate_der, *chain_der}, tag=_CONTEXT_0)


def _signing_certificate(certificate_der: bytes) -> bytes:
    """SigningCertificateV2 with one ESSCertIDv2; SHA-256 is the default and therefore not written (RFC 5035 §4)."""
    issuer, serial = _issuer_and_serial(certificate_der)
    named = sequence(sequence(tagged(_CONTEXT_4, issuer)), serial)
    return sequence(sequence(sequence(octets(hashlib.sha256(certificate_der).digest()), named)))


@lru_cache(maxsize=KEPT)
def _algorithm(certificate_der: bytes) -> bytes:
    """The signature algorithm that belongs to the certificate's key, always with SHA-256."""
    body = x509.Certificate.load(certificate_der)["tbs_certificate"]
    return _RSA_SHA256 if body["subject_public_key_info"].algorithm == "rsa" else _ECDSA_SHA256


def _issuer_and_serial(certificate_der: bytes) -> tuple[bytes, bytes]:
    body = x509.Certificate.load(certificate_der)["tbs_certificate"]
    return encoded(body["issuer"]), encoded(body["serial_number"])
