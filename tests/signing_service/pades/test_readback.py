"""The second reader takes what our writer writes, byte for byte, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing_service.pades import cms, errors, readback
from tests.signing_service.pades.factory import Holder, keyring, signatory

DIGEST = bytes(range(32))


def written(holder: Holder, *, stamped: bool) -> tuple[bytes, bytes, bytes]:
    """Attributes, value and the whole CMS object."""
    attributes = cms.signed_attributes(DIGEST, holder.certificate_der, approval=True)
    value = holder.sign(attributes)
    token = keyring().timestamp_source.token(DIGEST) if stamped else None
    return attributes, value, cms.signature(attributes, value, holder.certificate_der, holder.chain_der, token)


HOLDER = signatory()
ATTRIBUTES, VALUE, WHOLE = written(HOLDER, stamped=True)


def gap(contents: bytes, zeros: int = 64) -> bytes:
    return contents.hex().encode("ascii") + b"0" * zeros


@pytest.mark.parametrize("stamped", [False, True])
def test_every_part_comes_back(stamped: bool) -> None:
    attributes, value, whole = written(HOLDER, stamped=stamped)
    found = readback.read(gap(whole))
    assert (found.attributes, found.value, found.message_digest) == (attributes, value, DIGEST)
    assert set(found.certificates) == {HOLDER.certificate_der, *HOLDER.chain_der}
    assert (found.token is not None) == stamped


@pytest.mark.parametrize(
    "changed",
    [
        b"",
        b"00",
        gap(WHOLE)[:-66],
        gap(WHOLE)[:-1] + b"1",
        gap(WHOLE, 0) + b"0a",
        gap(b"\x30\x80" + WHOLE[2:]),
        b"zz" + gap(WHOLE)[2:],
    ],
    ids=["nothing", "one zero", "cut", "not zeros", "something after", "no length", "no digits"],
)
def test_what_was_not_written_by_us_is_refused(changed: bytes) -> None:
    with pytest.raises(errors.RevisionInvalid):
        readback.read(changed)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_shows(place: int, change: int) -> None:
    """Whatever byte is changed: it is refused, or some part that is compared with what was verified differs."""
    changed = WHOLE[:place] + bytes((WHOLE[place] ^ change,)) + WHOLE[place + 1 :]
    try:
        found = readback.read(gap(changed))
    except errors.RevisionInvalid:
        return
    before = readback.read(gap(WHOLE))
    parts = (found.attributes, found.value, found.certificates, found.token)
    compared = parts != (before.attributes, before.value, before.certificates, before.token)
    assert compared or _outside(place), place


def _outside(place: int) -> bool:
    """Version numbers, algorithm names and the signer's identifier: read by every verifier, and fixed by the writer."""
    named = (HOLDER.certificate_der, *HOLDER.chain_der, ATTRIBUTES[1:], VALUE)
    return not any(WHOLE.find(part) <= place < WHOLE.find(part) + len(part) for part in named)
