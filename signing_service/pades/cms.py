"""Builds the CMS object of one signature: signed attributes first, the whole after the key holder has signed.

RFC 5652 (CMS), RFC 5035 (signing-certificate-v2), RFC 6211 (algorithm protection), ETSI EN 319 122-1 (CAdES) and
ETSI EN 319 142-1 (PAdES). Written as DER directly: the parts are DER already and the shape never varies, which makes
this two orders of magnitude faster than a general ASN.1 tree. There is no signing-time attribute: PAdES forbids it.
It neither verifies nor signs.
"""

import hashlib

from asn1crypto import x509

from signing_service.pades.der import INTEGER, OCTET_STRING, SEQUENCE, SET, context, element, oid, set_of

_SHA256 = element(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = element(SEQUENCE, oid("1.2.840.10045.4.3.2"))
_ID_DATA = oid("1.2.840.113549.1.7.1")
_ID_SIGNED_DATA = oid("1.2.840.113549.1.7.2")
_VERSION_1 = element(INTEGER, b"\x01")


def _attribute(kind: str, value: bytes) -> bytes:
    return element(SEQUENCE, oid(kind), element(SET, value))


_CONTENT_TYPE = _attribute("1.2.840.113549.1.9.3", _ID_DATA)
_PROOF_OF_APPROVAL = _attribute("1.2.840.113549.1.9.16.2.16", element(SEQUENCE, oid("1.2.840.113549.1.9.16.6.5")))
# RFC 6211: the algorithms are signed too. [1] is IMPLICIT, so it replaces the SEQUENCE tag.
_ALGORITHM_PROTECTION = _attribute(
    "1.2.840.113549.1.9.52", element(SEQUENCE, _SHA256, element(context(1), _ECDSA_SHA256[2:]))
)


def signed_attributes(document_digest: bytes, certificate_der: bytes, *, approval: bool) -> bytes:
    """The DER SET (first byte 0x31) that the key holder signs.

    `document_digest` is the SHA-256 over the byte range; `approval` adds the commitment "proof of approval", which
    signatories give and the service's seal does not. The same arguments always give the same bytes.
    """
    attributes = [
        _CONTENT_TYPE,
        _attribute("1.2.840.113549.1.9.4", element(OCTET_STRING, document_digest)),
        _attribute("1.2.840.113549.1.9.16.2.47", _signing_certificate(certificate_der)),
        _ALGORITHM_PROTECTION,
    ]
    if approval:
        attributes.append(_PROOF_OF_APPROVAL)
    return set_of(SET, attributes)


def signature(
    attributes: bytes,
    value_der: bytes,
    certificate_der: bytes,
    chain_der: tuple[bytes, ...],
    token_der: bytes | None,
) -> bytes:
    """The DER ContentInfo: signature value, certificates and, when given, the time stamp token over the value."""
    parts = [
        _VERSION_1,
        _issuer_and_serial(certificate_der),
        _SHA256,
        bytes((context(0),)) + attributes[1:],  # IMPLICIT [0] in the place of SET
        _ECDSA_SHA256,
        element(OCTET_STRING, value_der),
    ]
    if token_der is not None:
        parts.append(element(context(1), _attribute("1.2.840.113549.1.9.16.2.14", token_der)))
    signed_data = element(
        SEQUENCE,
        _VERSION_1,
        element(SET, _SHA256),
        element(SEQUENCE, _ID_DATA),
        set_of(context(0), {certificate_der, *chain_der}),
        element(SET, element(SEQUENCE, *parts)),
    )
    return element(SEQUENCE, _ID_SIGNED_DATA, element(context(0), signed_data))


def _signing_certificate(certificate_der: bytes) -> bytes:
    """SigningCertificateV2 with one ESSCertIDv2; SHA-256 is the default and therefore not written (RFC 5035, 4)."""
    issuer, serial = _issuer_serial_parts(certificate_der)
    directory_name = element(SEQUENCE, element(context(4), issuer))
    identifier = element(
        SEQUENCE,
        element(OCTET_STRING, hashlib.sha256(certificate_der).digest()),
        element(SEQUENCE, directory_name, serial),
    )
    return element(SEQUENCE, element(SEQUENCE, identifier))


def _issuer_and_serial(certificate_der: bytes) -> bytes:
    return element(SEQUENCE, *_issuer_serial_parts(certificate_der))


def _issuer_serial_parts(certificate_der: bytes) -> tuple[bytes, bytes]:
    body = x509.Certificate.load(certificate_der)["tbs_certificate"]
    return body["issuer"].dump(), body["serial_number"].dump()
