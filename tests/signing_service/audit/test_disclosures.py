"""Disclosures: the examples of RFC 9901 and ours, and what is refused."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing_service.audit.disclosures import Disclosure, digest_of, disclose, parse
from signing_service.audit.errors import EntryNotRecordable, MalformedDisclosure
from tests.signing_service.audit import worked_example as example

# RFC 9901 section 4.2.1 and 4.2.3.
RFC_TEXT = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
RFC_DIGEST = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_published_example() -> None:
    disclosure = Disclosure("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius")
    assert disclosure.text == RFC_TEXT
    assert disclosure.digest == digest_of(RFC_TEXT) == RFC_DIGEST
    assert parse(RFC_TEXT) == disclosure


@pytest.mark.parametrize(
    ("text", "digest", "name", "value"),
    [
        (*example.DISCLOSED_ACTOR, "actor", "Aino Virtanen <aino@aalto.example>"),
        (*example.DISCLOSED_IP, "ip", "192.0.2.7"),
    ],
)
def test_worked_example(text: str, digest: str, name: str, value: str) -> None:
    opened = parse(text)
    assert (opened.name, opened.value, opened.text, opened.digest) == (name, value, text, digest)


NAMES = st.text(min_size=1).filter(lambda name: name.isidentifier() and name not in ("_sd", "_sd_alg"))


@given(NAMES, st.text(st.characters(codec="utf-8")))
def test_equal_values_get_different_digests_and_open_again(name: str, value: str) -> None:
    one, other = disclose(name, value), disclose(name, value)
    assert one.digest != other.digest
    assert parse(one.text) == one


def test_salt_has_128_random_bits() -> None:
    salts = {disclose("name", "Aino").salt for _ in range(50)}
    assert len(salts) == 50
    assert all(len(salt) == 22 for salt in salts)


@pytest.mark.parametrize("name", ["", "_sd", "...", "_sd_alg"])
def test_reserved_names_are_refused(name: str) -> None:
    with pytest.raises(EntryNotRecordable):
        disclose(name, "value")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(EntryNotRecordable):
        disclose("words", "half a pair \ud83d")


def encoded(json_text: str) -> str:
    return urlsafe_b64encode(json_text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "WyJh",
        "ä",
        encoded("{}"),
        encoded('["salt", "name"]'),
        encoded('["salt", "name", 1]'),
        encoded('["salt", "name", "\\ud800"]'),
        encoded('["salt", "name", "value", "more"]'),
        encoded("[" * 100_000),
        urlsafe_b64encode(b'["a","b","\xff"]').decode(),
    ],
)
def test_malformed_disclosures_are_refused(text: str) -> None:
    with pytest.raises(MalformedDisclosure):
        parse(text)
