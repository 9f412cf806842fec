"""Reads one DER value after another by its position, strictly; for readers that know the one shape they expect.

No general ASN.1: whoever expects nothing in particular takes asn1crypto. X.690, 8.1 and 10.1.
"""

SEQUENCE, SET, INTEGER, OCTETS, OID, CONTEXT_0, CONTEXT_1 = 0x30, 0x31, 0x02, 0x04, 0x06, 0xA0, 0xA1


class Malformed(Exception):
    """Not what was expected at this place. Readers turn it into an error of their own."""


def enter(data: bytes, position: int, tag: int) -> tuple[int, int]:
    """Where the content of the value at `position` begins and ends; its length in the fewest octets.

    Raises `Malformed`, or IndexError where the data ends before.
    """
    if data[position] != tag:
        raise Malformed
    length = data[position + 1]
    start = position + 2
    if length >= 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
        if not 0 < octets <= 4 or length < 0x80 or length >> (8 * (octets - 1)) == 0:
            raise Malformed
    end = start + length
    if end > len(data):
        raise Malformed
    return start, end


def after(data: bytes, position: int, *tags: int) -> int:
    """Where what follows the values of these tags begins."""
    for tag in tags:
        _, position = enter(data, position, tag)
    return position


def the_rest(data: bytes, position: int, tag: int, end: int) -> int:
    """Where the content begins of the value that reaches from `position` exactly to `end`."""
    start, last = enter(data, position, tag)
    if last != end:
        raise Malformed
    return start


def expect(data: bytes, position: int, whole: bytes) -> int:
    """Where what follows these very bytes begins."""
    if not data.startswith(whole, position):
        raise Malformed
    return position + len(whole)
