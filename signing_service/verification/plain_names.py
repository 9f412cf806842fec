"""Names of certificates compared so that two which any reader may take for one are never told apart.

Case, spaces and the form of characters do not count (RFC 5280 clause 7.1 asks for less).
"""

from collections.abc import Iterable
from unicodedata import normalize

from signing_service.verification.once import once
from signing_service.verification.plain_der import CONTEXT_0, IDENTIFIER, SEQUENCE, SET, NotPlain, members, one, plainly

Reading = tuple[str, ...]
TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x16: "ascii"}


@once(lambda name: ("name", name))
@plainly
def reads_like(name: bytes) -> Reading:
    """The parts of a name as they read; raises NotPlain for texts in other alphabets' encodings."""
    found = []
    for part in one(name, 0, len(name)).of(SEQUENCE).values():
        for pair in part.of(SET).values():
            kind, text = pair.of(SEQUENCE).values()
            if text.tag not in TEXTS:
                raise NotPlain("text")
            try:
                words = normalize("NFKC", text.content.decode(TEXTS[text.tag])).casefold().split()
            except UnicodeDecodeError as cause:
                raise NotPlain("text") from cause
            found.append(f"{kind.of(IDENTIFIER).content.hex()} {' '.join(words)}")
    return tuple(found)


@once(lambda der: ("subject", der))
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
