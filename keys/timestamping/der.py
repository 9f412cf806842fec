"""The few DER forms a time stamp token is made of (X.690), written directly.

A token is issued inside the turn of every signature, so it is put together from prepared parts instead of being built
by a general ASN.1 library (about 20 times faster). Reading is always done by asn1crypto, never here.
"""

from datetime import datetime

SEQUENCE, SET, INTEGER, OCTET_STRING, OID, GENERALIZED_TIME, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x18, 0x05


def tagged(tag: int, *content: bytes) -> bytes:
    """One value: tag, definite length in the shortest form, content."""
    body = b"".join(content)
    length = len(body)
    if length < 0x80:
        return bytes((tag, length)) + body
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + body


def sequence(*content: bytes) -> bytes:
    """A SEQUENCE of encoded values."""
    return tagged(SEQUENCE, *content)


def set_of(*members: bytes, tag: int = SET) -> bytes:
    """A SET OF: DER wants the members in ascending order of their encodings (X.690 §11.6)."""
    return tagged(tag, *sorted(members))


def integer(value: int) -> bytes:
    """A non-negative or negative INTEGER in the fewest octets (X.690 §8.3.2)."""
    magnitude = value if value >= 0 else ~value
    return tagged(INTEGER, value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes) -> bytes:
    """An OCTET STRING."""
    return tagged(OCTET_STRING, value)


def identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its dotted form, arcs of any size."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tagged(OID, *(_base128(arc) for arc in (40 * first + second, *rest)))


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | (arc & 0x7F))
    return bytes(reversed(groups))


def generalized_time(moment: datetime) -> bytes:
    """UTC with milliseconds, without trailing zeros, as RFC 3161 §2.4.2 and DER want it."""
    text = moment.strftime("%Y%m%d%H%M%S")
    fraction = f"{moment.microsecond // 1000:03d}".rstrip("0")
    return tagged(GENERALIZED_TIME, (f"{text}.{fraction}Z" if fraction else f"{text}Z").encode("ascii"))
