"""Our own authority's tokens are read without the general library, and judged as that judges them."""

from __future__ import annotations

import functools
import random

import pytest

from signing_service.pades import token_reading, tokens
from signing_service.pades.errors import WrongTimestamp
from tests.signing_service.pades.factory import keyring

IMPRINT = bytes(range(32))


@functools.cache
def token() -> bytes:
    return keyring().timestamp_source.token(IMPRINT)


def accepted(given: bytes, *, own_reader: bool) -> bool:
    try:
        (tokens.check if own_reader else tokens.__dict__["_check_any"])(given, IMPRINT)
    except WrongTimestamp:
        return False
    return True


def test_a_token_of_ours_has_the_shape_that_is_read_at_once() -> None:
    found = token_reading.read(token())
    assert found is not None
    assert found.imprint == IMPRINT
    assert found.certificate_der == keyring().timestamp_authority.certificate_der
    tokens.check(token(), IMPRINT)


def test_it_is_for_nothing_else() -> None:
    with pytest.raises(WrongTimestamp, match="something else"):
        tokens.check(token(), bytes(32))


@pytest.mark.parametrize("shortened", [0, 1, 20, -1])
def test_a_part_of_a_token_is_none(shortened: int) -> None:
    assert not accepted(token()[:shortened], own_reader=True)


def test_a_flipped_bit_is_judged_as_by_the_general_library() -> None:
    """At every third byte: where one refuses, the other does, and what is signed or names the signer is refused."""
    bits = random.Random(1)
    taken = []
    for place in range(0, len(token()), 3):
        changed = bytearray(token())
        changed[place] ^= 1 << bits.randrange(8)
        ours = accepted(bytes(changed), own_reader=True)
        assert ours == accepted(bytes(changed), own_reader=False), place
        taken += [place] if ours else []
    found = token_reading.read(token())
    assert found is not None
    for part in (found.imprint, found.info, found.attributes[1:], found.value):
        start = token().index(part)
        assert not [place for place in taken if start <= place < start + len(part)]


def test_a_certificate_of_an_unknown_version_is_a_refusal_and_no_crash() -> None:
    version = token().index(bytes.fromhex("a003020102")) + 4
    changed = token()[:version] + b"\x09" + token()[version + 1 :]
    assert not accepted(changed, own_reader=True)
    assert not accepted(changed, own_reader=False)
