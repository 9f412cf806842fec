"""A token is taken only under an anchor chosen for time stamps, and only for the question that was asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keys.errors import TimestampNotUsable, TimestampOtherRequest, TimestampUntrusted
from keys.keyring import Keyring
from keys.timestamping import HttpAuthority
from keys.timestamping.trusted import TrustedSource
from tests.keys.conftest import NOW, Program
from tests.keys.timestamping.peer import REPLY, Peer, foreign_authority, serving

IMPRINT, OTHER = bytes(range(32)), bytes(32)


@pytest.fixture
def honest(keyring: Keyring) -> Iterator[Peer]:
    """Our own authority behind HTTP, which plays a foreign one."""
    with serving(lambda body: (200, REPLY, keyring.timestamp_authority.answer(body))) as peer:
        yield peer


def source(peer: Peer, anchors: tuple[bytes, ...]) -> TrustedSource:
    return TrustedSource(HttpAuthority(peer.url, clock=lambda: NOW), anchors, clock=lambda: NOW)


def test_under_the_chosen_root_the_token_is_taken(honest: Peer, keyring: Keyring) -> None:
    assert source(honest, (keyring.root_der,)).token(IMPRINT)


def test_the_authoritys_own_certificate_may_be_the_anchor(honest: Peer, keyring: Keyring) -> None:
    assert source(honest, (keyring.timestamp_authority.certificate_der,)).token(IMPRINT)


def test_an_authority_under_no_anchor_is_refused_by_name(honest: Peer, keyring: Keyring) -> None:
    with pytest.raises(TimestampUntrusted, match=r"127\.0\.0\.1"):
        source(honest, (keyring.issuing_der,)).token(IMPRINT)


def test_a_foreign_self_signed_authority_is_refused(keyring: Keyring, openssl: Program, tmp_path: Path) -> None:
    with serving(foreign_authority(openssl, tmp_path)) as peer:
        untrusting = TrustedSource(HttpAuthority(peer.url), (keyring.root_der,))
        with pytest.raises(TimestampUntrusted):
            untrusting.token(IMPRINT)


def test_a_token_with_another_nonce_is_refused(honest: Peer, keyring: Keyring) -> None:
    earlier: list[bytes] = []

    def replay(body: bytes) -> tuple[int, str, bytes]:
        earlier.append(keyring.timestamp_authority.answer(body))
        return 200, REPLY, earlier[0]

    honest.answer = replay
    trusted = source(honest, (keyring.root_der,))
    assert trusted.token(IMPRINT)
    with pytest.raises(TimestampOtherRequest):
        trusted.token(IMPRINT)


def test_a_token_over_something_else_is_refused(honest: Peer, keyring: Keyring) -> None:
    honest.answer = lambda body: (200, REPLY, keyring.timestamp_authority.answer(body.replace(IMPRINT, OTHER)))
    with pytest.raises(TimestampNotUsable, match="something else"):
        source(honest, (keyring.root_der,)).token(IMPRINT)
