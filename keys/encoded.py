"""The bytes of ASN.1 values as they came.

asn1crypto's own `dump()` is for values that are being made. Of a value that was read it takes every length whose last
byte is 0x80 for an indefinite one, and then encodes everything inside anew: a byte that was changed without changing
the meaning is mended instead of found, and the time grows exponentially with the depth – half a minute for one
signature in some hundreds, for as long as an attacker likes with a file made for it. So whatever is hashed, compared,
cut out or verified is taken from here. Values are not changed after they were read.
"""

from collections.abc import Iterator

from asn1crypto import core, parser


def encoded(value: core.Asn1Value) -> bytes:
    """The value with its own tag and a definite length in the shortest form; its content is not touched."""
    if isinstance(value, core.Choice):
        value = value.chosen
    whole: bytes = parser.emit(value.class_, value.method, value.tag, value.contents)
    return whole


def first(data: bytes) -> bytes:
    """The one value at the beginning of `data`, cut by its own length. ValueError when there is none."""
    return data[: parser.peek(data)]


def each(content: bytes) -> Iterator[bytes]:
    """The values that stand one after the other in `content`. ValueError where one is cut off."""
    while content:
        value = first(content)
        yield value
        content = content[len(value) :]
