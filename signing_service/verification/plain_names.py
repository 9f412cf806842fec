"""Names of certificates compared so that two which any reader may take for one are never told apart.

Case, spaces and the form of characters do not count (RFC 5280 clause 7.1 asks for less).
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from unicodedata import normalize

from asn1crypto import x509

from signing_service.verification.once import once_each
from signing_service.verification.plain_der import (
    CONTEXT_0,
    IDENTIFIER,
    SEQUENCE,
    SET,
    NotPlain,
    Value,
    members,
    one,
    plainly,
)

Reading = tuple[str, ...]
UTF8, PRINTABLE = 0x0C, 0x13
TEXTS = {UTF8: "utf-8", PRINTABLE: "ascii", 0x16: "ascii"}


@once_each
@plainly
def reads_like(name: bytes) -> Reading:
    """The parts of a name as they read; raises NotPlain for texts in other alphabets' encodings."""
    found = []
    for part in _parts(name):
        for kind, text in part:
            if text.tag not in TEXTS:
                raise NotPlain("text")
            try:
                words = normalize("NFKC", text.content.decode(TEXTS[text.tag])).casefold().split()
            except UnicodeDecodeError as cause:
                raise NotPlain("text") from cause
            found.append(f"{kind.content.hex()} {' '.join(words)}")
    return tuple(found)


@once_each
@plainly
def told(name: bytes) -> tuple[str, Mapping[str, str]]:
    """A name for people and its parts by their kinds, as the library tells them; NotPlain where one stands twice."""
    parts: dict[str, str] = {}
    shown: list[str] = []
    last = ""
    for part in _parts(name):
        ((kind, text),) = part
        key, last = _kind(kind.whole)
        if key in parts or text.tag not in (UTF8, PRINTABLE):
            raise NotPlain("name")
        parts[key] = text.content.decode(TEXTS[text.tag])
        shown.append(f"{last}: {parts[key]}")
    if last != "Country":
        shown.reverse()
    return (", " if not any("," in item for item in shown) else "; ").join(shown), parts


@once_each
def _parts(name: bytes) -> list[list[tuple[Value, Value]]]:
    """Kinds and texts as they stand; more than one in a part is rare (RFC 5280 clause 4.1.2.4)."""
    return [
        [(kind.of(IDENTIFIER), text) for kind, text in (pair.of(SEQUENCE).values() for pair in part.of(SET).values())]
        for part in one(name, 0, len(name)).of(SEQUENCE).values()
    ]


@lru_cache(maxsize=256)
def _kind(identifier: bytes) -> tuple[str, str]:
    """What the library calls a kind of name, for programs and for people."""
    kind = x509.NameType.load(identifier)
    return str(kind.native), str(kind.human_friendly)


@once_each
@plainly
def subject_of(der: bytes) -> bytes:
    """The subject of a certificate as it is encoded."""
    body = members(one(der, 0, len(der)), SEQUENCE, SEQUENCE, 0x03)[0].values()
    start = 1 if body[0].tag == CONTEXT_0 else 0
    return body[start + 4].of(SEQUENCE).whole


def by_name(ders: Iterable[bytes]) -> dict[Reading, frozenset[bytes]]:
    """Certificates by how their subjects read; raises NotPlain when one of them cannot be read."""
    found: dict[Reading, frozenset[bytes]] = {}
    for der in ders:
        name = reads_like(subject_of(der))
        found[name] = found.get(name, frozenset()) | {der}
    return found
