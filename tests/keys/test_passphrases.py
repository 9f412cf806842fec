"""Secrets stay secret, and passphrases differ by master key, salt and purpose."""

import copy
import pickle
import traceback

import pytest

from keys.errors import MasterKeyTooShort
from keys.passphrases import Passphrases, Secret

SALT = b"s" * 16
WORD = b"correct horse battery staple and so on"


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(WORD)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret:>20}",
        repr([secret]),
        repr({"k": secret}),
    ]
    try:
        raise ValueError(secret)
    except ValueError:
        shown.append(traceback.format_exc())
    assert not any("correct horse" in text for text in shown)


def test_a_secret_is_neither_pickled_nor_copied_nor_hashed() -> None:
    for act in (pickle.dumps, copy.copy, hash):
        with pytest.raises(TypeError):
            act(Secret(WORD))


def test_secrets_compare_by_value_only_with_secrets() -> None:
    assert Secret(WORD) == Secret(WORD)
    assert Secret(WORD) != Secret(b"other")
    assert Secret(WORD) != WORD


def test_a_passphrase_depends_on_master_key_salt_and_purpose() -> None:
    first = Passphrases(WORD, SALT)
    seen = {
        first.for_purpose("seal").reveal(),
        first.for_purpose("root").reveal(),
        Passphrases(WORD, b"t" * 16).for_purpose("seal").reveal(),
        Passphrases(WORD + b"!", SALT).for_purpose("seal").reveal(),
        first.check_value().encode(),
    }
    assert len(seen) == 5
    assert Passphrases(Secret(WORD), SALT).for_purpose("seal") == first.for_purpose("seal")


def test_a_short_master_key_is_refused_with_its_length_and_without_its_content() -> None:
    with pytest.raises(MasterKeyTooShort) as refusal:
        Passphrases(b"short-secret", SALT)
    assert "12 bytes" in str(refusal.value)
    assert "short-secret" not in str(refusal.value)
