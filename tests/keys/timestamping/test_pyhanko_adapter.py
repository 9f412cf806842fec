"""A source of ours in the hands of pyHanko."""

import asyncio
import hashlib

import pytest
from asn1crypto import cms

from keys.errors import AlgorithmNotAllowed, TimestampUnavailable
from keys.keyring import Keyring
from keys.timestamping import AuthoritiesInOrder
from keys.timestamping.pyhanko_adapter import pyhanko_timestamper

DIGEST = hashlib.sha256(b"hello").digest()


def test_pyhanko_gets_our_token(keyring: Keyring) -> None:
    token = asyncio.run(pyhanko_timestamper(keyring.timestamp_source).async_timestamp(DIGEST, "sha256"))
    assert isinstance(token, cms.ContentInfo)
    info = token["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == DIGEST


def test_other_digests_are_refused(keyring: Keyring) -> None:
    with pytest.raises(AlgorithmNotAllowed, match="sha512"):
        asyncio.run(pyhanko_timestamper(keyring.timestamp_source).async_timestamp(DIGEST * 2, "sha512"))


def test_a_source_that_fails_fails_there_too() -> None:
    with pytest.raises(TimestampUnavailable):
        asyncio.run(pyhanko_timestamper(AuthoritiesInOrder([])).async_timestamp(DIGEST, "sha256"))
