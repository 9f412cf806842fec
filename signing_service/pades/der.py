"""Writes the few ASN.1 DER shapes a CMS signature is made of (ITU-T X.690).

It only writes, and only what `cms` needs; reading is left to asn1crypto. A signature is built from parts that are DER
already (certificate, time stamp token), so no tree has to be taken apart and written again.
"""

from collections.abc import Iterable

SEQUENCE = 0x30
SET = 0x31
INTEGER = 0x02
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06


def context(number: int) -> int:
    """The tag byte of a constructed, context-specific element."""
    return 0xA0 | number


def element(tag: int, *parts: bytes) -> bytes:
    """One tag, length, value with the definite, shortest length."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def set_of(tag: int, members: Iterable[bytes]) -> bytes:
    """A SET OF: members in ascending order of their encodings (X.690, 11.6)."""
    return element(tag, *sorted(members))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        content.extend(reversed(groups))
    return element(OBJECT_IDENTIFIER, bytes(content))
