"""Reads a time stamp token of the one shape that our own authority writes: one signer, ECDSA with SHA-256, RFC 3161.

A strict reader beside the writer (`keys.timestamping.tokens`), because every signature waits for it. What has another
shape is `None` here and is read by the general library. It judges nothing. RFC 3161, 2.4.2; RFC 5652, 5.1 and 5.3.
"""

from dataclasses import dataclass

from keys.timestamping.der import sequence
from signing_service.pades.der_reading import (
    CONTEXT_0,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    Malformed,
    after,
    enter,
    expect,
    the_rest,
)

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_VERSION_3 = bytes.fromhex("020103")
_SHA256 = bytes.fromhex("300b0609608648016503040201")
_TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_CONTENT_TYPE = bytes.fromhex("301a06092a864886f70d010903310d060b2a864886f70d0109100104")
_MESSAGE_DIGEST = bytes.fromhex("302f06092a864886f70d01090431220420")
_IMPRINT = bytes.fromhex("302f") + _SHA256 + bytes.fromhex("0420")


@dataclass(frozen=True, slots=True)
class Token:
    """`imprint`: the SHA-256 digest that was stamped. `info`: the TSTInfo, whose digest the attributes state.

    `attributes` as they are signed (DER SET), `value` over them, `certificate_der` the one that the signer names.
    """

    imprint: bytes
    info: bytes
    message_digest: bytes
    attributes: bytes
    value: bytes
    certificate_der: bytes


def read(token_der: bytes) -> Token | None:
    """The parts of a token, or None when it has another shape."""
    try:
        return _read(token_der)
    except (Malformed, IndexError):
        return None


def _read(der: bytes) -> Token:
    end = len(der)
    at = expect(der, the_rest(der, 0, SEQUENCE, end), _SIGNED_DATA)
    at = the_rest(der, the_rest(der, at, CONTEXT_0, end), SEQUENCE, end)
    at = expect(der, at, _VERSION_3)
    at = expect(der, the_rest(der, at, SET, at + 2 + len(_SHA256)), _SHA256)
    start, at = enter(der, at, SEQUENCE)
    start = the_rest(der, expect(der, start, _TST_INFO), CONTEXT_0, at)
    info = der[the_rest(der, start, OCTETS, at) : at]
    start, at = enter(der, at, CONTEXT_0)
    certificates = _each(der, start, at)
    at = the_rest(der, the_rest(der, at, SET, end), SEQUENCE, end)
    at = after(der, at, INTEGER)
    begin, at = at, after(der, at, SEQUENCE)
    signer = der[begin:at]
    at = expect(der, at, _SHA256)
    begin, at = at, after(der, at, CONTEXT_0)
    attributes = bytes((SET,)) + der[begin + 1 : at]
    value = der[the_rest(der, expect(der, at, _ECDSA_SHA256), OCTETS, end) :]
    named = [one for one in certificates if _issuer_and_serial(one) == signer]
    if len(named) != 1:
        raise Malformed
    return Token(_imprint(info), info, _message_digest(attributes), attributes, value, named[0])


def _each(der: bytes, at: int, end: int) -> list[bytes]:
    found = []
    while at < end:
        begin, at = at, after(der, at, SEQUENCE)
        found.append(der[begin:at])
    if at != end:
        raise Malformed
    return found


def _imprint(info: bytes) -> bytes:
    at = the_rest(info, 0, SEQUENCE, len(info))
    at = after(info, at, INTEGER, OID)  # version, policy
    begin, at = at, after(info, at, SEQUENCE)
    return info[expect(info, begin, _IMPRINT) : at]


def _message_digest(attributes: bytes) -> bytes:
    """Of the attributes, which state the content type too: each exactly once."""
    if attributes.count(_CONTENT_TYPE) != 1 or attributes.count(_MESSAGE_DIGEST) != 1:
        raise Malformed
    start = attributes.index(_MESSAGE_DIGEST) + len(_MESSAGE_DIGEST)
    return attributes[start : start + 32]


def _issuer_and_serial(certificate: bytes) -> bytes:
    """As a signer's identifier has it (RFC 5652, 10.2.4)."""
    at, _ = enter(certificate, the_rest(certificate, 0, SEQUENCE, len(certificate)), SEQUENCE)
    begin = after(certificate, at, CONTEXT_0)  # version
    issuer = after(certificate, begin, INTEGER, SEQUENCE)
    serial_end = after(certificate, begin, INTEGER)
    return sequence(certificate[issuer : after(certificate, issuer, SEQUENCE)], certificate[begin:serial_end])
