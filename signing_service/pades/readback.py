"""Reads our own CMS object back from the bytes of a file, strictly: DER, the one shape that `cms` writes, nothing more.

A second reader beside the writer, without a general ASN.1 library: it runs inside the turn of every signature. It
says what stands there, and judges nothing. RFC 5652, 5.1 and 5.3; X.690, 8.1 and 10.1.
"""

from dataclasses import dataclass

from signing_service.pades.errors import RevisionInvalid

_SEQUENCE, _SET, _INTEGER, _OCTETS, _OID, _CONTEXT_0, _CONTEXT_1 = 0x30, 0x31, 0x02, 0x04, 0x06, 0xA0, 0xA1
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


class _Malformed(Exception):
    """Not what was expected at this place; never leaves this module."""


def read(gap: bytes) -> ReadBack:
    """What stands in the gap: hexadecimal digits, without `<` and `>`, zeros to the end. Raises `RevisionInvalid`."""
    try:
        return _read(_contents(gap))
    except (_Malformed, IndexError, ValueError) as error:
        raise RevisionInvalid(reason="the signature cannot be read back") from error


def _contents(gap: bytes) -> bytes:
    """The CMS object, cut by its own length."""
    head = bytes.fromhex(gap[: 2 * _LONGEST_HEAD].decode("ascii"))
    octets = head[1] & 0x7F if head[1] >= 0x80 else 0
    length = int.from_bytes(head[2 : 2 + octets], "big") if octets else head[1]
    end = 2 * (2 + octets + length)
    if octets > 4 or end > len(gap) or gap.count(b"0", end) != len(gap) - end:
        raise _Malformed
    return bytes.fromhex(gap[:end].decode("ascii"))


def _read(contents: bytes) -> ReadBack:
    start, end = _enter(contents, 0, _SEQUENCE)
    if end != len(contents) or not contents.startswith(_SIGNED_DATA, start):
        raise _Malformed
    start, last = _enter(contents, start + len(_SIGNED_DATA), _CONTEXT_0)
    start, inner = _enter(contents, start, _SEQUENCE)
    if not end == last == inner:
        raise _Malformed
    for tag in (_INTEGER, _SET, _SEQUENCE):  # version, digest algorithms, content type
        _, start = _enter(contents, start, tag)
    at, start = _enter(contents, start, _CONTEXT_0)
    certificates = []
    while at < start:
        begin, (_, at) = at, _enter(contents, at, _SEQUENCE)
        certificates.append(contents[begin:at])
    at, signers_end = _enter(contents, start, _SET)
    at, signer_end = _enter(contents, at, _SEQUENCE)
    if not signers_end == signer_end == end:
        raise _Malformed
    for tag in (_INTEGER, _SEQUENCE, _SEQUENCE):  # version, issuer and serial number, digest algorithm
        _, at = _enter(contents, at, tag)
    begin, (_, at) = at, _enter(contents, at, _CONTEXT_0)
    attributes = bytes((_SET,)) + contents[begin + 1 : at]
    _, at = _enter(contents, at, _SEQUENCE)
    begin, at = _enter(contents, at, _OCTETS)
    value = contents[begin:at]
    token = None
    if at < end:
        begin, at = _enter(contents, at, _CONTEXT_1)
        token = contents[begin:at]
    if at != end:
        raise _Malformed
    return ReadBack(attributes, _digest(attributes), value, tuple(certificates), token)


def _enter(data: bytes, position: int, tag: int) -> tuple[int, int]:
    """Where the content of the value at `position` begins and ends; its length in the fewest octets."""
    if data[position] != tag:
        raise _Malformed
    length = data[position + 1]
    start = position + 2
    if length >= 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
        if not 0 < octets <= 4 or length < 0x80 or length >> (8 * (octets - 1)) == 0:
            raise _Malformed
    if start + length > len(data):
        raise _Malformed
    return start, start + length


def _digest(attributes: bytes) -> bytes:
    if attributes.count(_MESSAGE_DIGEST) != 1:
        raise _Malformed
    start = attributes.index(_MESSAGE_DIGEST) + len(_MESSAGE_DIGEST)
    digest = attributes[start : start + 32]
    if len(digest) != 32:
        raise _Malformed
    return digest
