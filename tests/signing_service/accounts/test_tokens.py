"""Tokens of links and sessions: long, random, stored as a hash; the stage's token is derived and compared safely."""

from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from signing_service.accounts import tokens

KEY = b"k" * 32


def test_a_token_has_256_random_bits_and_fits_into_an_address() -> None:
    made = {tokens.new_token() for _ in range(100)}
    assert len(made) == 100
    for token in made:
        assert len(base64.urlsafe_b64decode(token + "=")) == 32
        assert tokens.token_sha256(token) == hashlib.sha256(token.encode()).hexdigest()


@given(token=st.text(max_size=100), ceremony=st.text(max_size=40))
def test_no_text_is_a_stage_token_but_the_right_one(token: str, ceremony: str) -> None:
    right = tokens.stage_token(KEY, ceremony)
    assert len(right) == 43
    assert tokens.is_stage_token(KEY, ceremony, right)
    assert tokens.is_stage_token(KEY, ceremony, token) == (token == right)
    assert not tokens.is_stage_token(b"o" * 32, ceremony, right)
    assert not tokens.is_stage_token(KEY, ceremony + "x", right)


@given(token=st.text(alphabet=st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF), max_size=5))
def test_half_characters_are_no_token_either(token: str) -> None:
    assert not tokens.is_stage_token(KEY, "cer_1", token)
