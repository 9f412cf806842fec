"""How a certificate of a rehearsal is told from a real one, and what it is called.

One sign suffices: the arc of our rehearsals, which holds a random 128-bit number. Its DER bytes stand in no other
certificate by chance, so they are looked for as bytes: no broken extension and no reader's opinion can hide them.
"""

from collections.abc import Iterable
from functools import lru_cache

from keys.issuing.profiles import REHEARSAL_ARC
from keys.rehearsal_errors import RehearsalKeysRefused

TITLE = "REHEARSAL – no legal effect · 演练"
"""Stands in the common name and organisation of every certificate of a rehearsal."""


def _encoded(oid: str) -> bytes:
    """The contents of an OBJECT IDENTIFIER (X.690 §8.19), without tag and length; what is below it begins so."""
    first, second, *rest = (int(arc) for arc in oid.split("."))
    out = bytearray()
    for number in (40 * first + second, *rest):
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(0x80 | number & 0x7F)
        out += bytes(reversed(digits))
    return bytes(out)


_ARC = _encoded(REHEARSAL_ARC)


@lru_cache(maxsize=1024)
def is_rehearsal(certificate_der: bytes) -> bool:
    """Whether a certificate (DER) says of itself that it belongs to rehearsals."""
    return _ARC in certificate_der


def require_real(certificates_der: Iterable[bytes]) -> None:
    """Raise `RehearsalKeysRefused` when one of them belongs to rehearsals."""
    if any(is_rehearsal(der) for der in certificates_der):
        raise RehearsalKeysRefused
