"""Reads our own CMS object back from the bytes of a file, strictly: DER, the one shape that `cms` writes, nothing more.

A second reader beside the writer, without a general ASN.1 library: it runs inside the turn of every signature. It
says what stands there, and judges nothing. RFC 5652, 5.1 and 5.3; X.690, 8.1 and 10.1.
"""

from dataclasses import dataclass

from signing_service.pades.der_reading import CONTEXT_0, CONTEXT_1, INTEGER, OCTETS, SEQUENCE, SET, Malformed, enter
from signing_service.pades.errors import RevisionInvalid

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_LONGEST_HEAD = 6  # tag and length of up to four octets
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d01090431220420")  # OID, SET, OCTET STRING of 32 bytes


@dataclass(frozen=True, slots=True)
class ReadBack:
    """`attributes` as they are signed (DER SET, first byte 0x31), the value over them, the certificates, the token."""

    attributes: bytes
    message_digest: bytes
    value: bytes
    certificates: tuple[bytes, ...]
    token: bytes | None


def read(gap: bytes) -> ReadBack:
    """What stands in the gap: hexadecimal digits, without `<` and `>`, zeros to the end. Raises `RevisionInvalid`."""
    try:
        return _read(_contents(gap))
    except (Malformed, IndexError, ValueError) as error:
        raise RevisionInvalid(reason="the signature cannot be read back") from error


def _contents(gap: bytes) -> bytes:
    """The CMS object, cut by its own length."""
    head = bytes.fromhex(gap[: 2 * _LONGEST_HEAD].decode("ascii"))
    octets = head[1] & 0x7F if head[1] >= 0x80 else 0
    length = int.from_bytes(head[2 : 2 + octets], "big") if octets else head[1]
    end = 2 * (2 + octets + length)
    if octets > 4 or end > len(gap) or gap.count(b"0", end) != len(gap) - end:
        raise Malformed
    return bytes.fromhex(gap[:end].decode("ascii"))


def _read(contents: bytes) -> ReadBack:
    start, end = enter(contents, 0, SEQUENCE)
    if end != len(contents) or not contents.startswith(_SIGNED_DATA, start):
        raise Malformed
    start, last = enter(contents, start + len(_SIGNED_DATA), CONTEXT_0)
    start, inner = enter(contents, start, SEQUENCE)
    if not end == last == inner:
        raise Malformed
    for tag in (INTEGER, SET, SEQUENCE):  # version, digest algorithms, content type
        _, start = enter(contents, start, tag)
    at, start = enter(contents, start, CONTEXT_0)
    certificates = []
    while at < start:
        begin, (_, at) = at, enter(contents, at, SEQUENCE)
        certificates.append(contents[begin:at])
    at, signers_end = enter(contents, start, SET)
    at, signer_end = enter(contents, at, SEQUENCE)
    if not signers_end == signer_end == end:
        raise Malformed
    for tag in (INTEGER, SEQUENCE, SEQUENCE):  # version, issuer and serial number, digest algorithm
        _, at = enter(contents, at, tag)
    begin, (_, at) = at, enter(contents, at, CONTEXT_0)
    attributes = bytes((SET,)) + contents[begin + 1 : at]
    _, at = enter(contents, at, SEQUENCE)
    begin, at = enter(contents, at, OCTETS)
    value = contents[begin:at]
    token = None
    if at < end:
        begin, at = enter(contents, at, CONTEXT_1)
        token = contents[begin:at]
    if at != end:
        raise Malformed
    return ReadBack(attributes, _digest(attributes), value, tuple(certificates), token)


def _digest(attributes: bytes) -> bytes:
    if attributes.count(_MESSAGE_DIGEST) != 1:
        raise Malformed
    start = attributes.index(_MESSAGE_DIGEST) + len(_MESSAGE_DIGEST)
    digest = attributes[start : start + 32]
    if len(digest) != 32:
        raise Malformed
    return digest
