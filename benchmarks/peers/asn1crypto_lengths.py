"""An error of asn1crypto mended for the peers: the ratio is to what pyHanko does, not to that.

A definite length whose last byte is 0x80 is taken for an indefinite one, and everything inside is then encoded anew, in
a time that grows exponentially with the depth: eight seconds for one of some thirty signatures with a time stamp. See
`keys.encoded`, by which the service never meets it.
"""

from __future__ import annotations

from collections.abc import Callable

from asn1crypto import core

Dump = Callable[..., bytes]


def mend() -> None:
    """In this process, once."""
    for kind in (core.Asn1Value, core.Primitive, core.ParsableOctetString, core.Sequence, core.SequenceOf):
        kind.dump = _as_it_is(kind.dump)


def _as_it_is(dump: Dump) -> Dump:
    def mended(value: core.Asn1Value, force: bool = False) -> bytes:
        header = value._header
        if not force and header is not None and len(header) > 2 and header[-1] == 0x80:
            return bytes(header + value.contents + value._trailer)
        return dump(value, force)

    return mended
