"""Notes: the published examples are reproduced byte for byte, and anything irregular is refused."""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from signing_service.audit.errors import MalformedNote, UntrustedNote
from signing_service.audit.note import Ed25519Signer, VerifierKey, parse, sign, verified_by
from tests.signing_service.audit import worked_example as example

# The example of golang.org/x/mod/sumdb/note: a signer's seed, its key text, and its signature under one sentence.
NEUMANN_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
NEUMANN = Ed25519Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(NEUMANN_SEED))
NEUMANN_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = Ed25519Signer("EnochRoot", Ed25519PrivateKey.from_private_bytes(bytes(32)))
ENOCH_VKEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_published_keys_and_signature() -> None:
    assert NEUMANN.verifier.text() == NEUMANN_VKEY
    assert str(ENOCH.verifier) == ENOCH.verifier.text() == ENOCH_VKEY
    assert VerifierKey.parse(NEUMANN_VKEY) == NEUMANN.verifier
    assert sign(TEXT, [NEUMANN]).serialize() == f"{TEXT}\n{NEUMANN_LINE}"
    assert verified_by(parse(f"{TEXT}\n{NEUMANN_LINE}"), [NEUMANN.verifier]) == (NEUMANN.verifier,)


def test_worked_example_key_and_note() -> None:
    assert example.LOG_KEY.verifier.text() == example.VKEY
    assert example.LOG_KEY.verifier.key_id.hex() == "3ecba99a"
    assert example.WITNESS.verifier.text() == example.WITNESS_VKEY
    body = example.CHECKPOINT.partition("\n\n")[0] + "\n"
    assert sign(body, [example.LOG_KEY]).serialize() == example.CHECKPOINT
    assert len(example.CHECKPOINT.encode()) == 191


def test_unknown_signatures_are_ignored_and_each_known_one_must_hold() -> None:
    both = sign(TEXT, [NEUMANN, ENOCH])
    assert verified_by(both, [ENOCH.verifier]) == (ENOCH.verifier,)
    assert verified_by(both, [ENOCH.verifier, NEUMANN.verifier]) == (NEUMANN.verifier, ENOCH.verifier)
    with pytest.raises(UntrustedNote, match="no known key"):
        verified_by(both, [])
    with pytest.raises(UntrustedNote, match="no known key"):
        verified_by(both, [Ed25519Signer("Somebody", ENOCH.private_key).verifier])
    altered = parse(both.serialize().replace("cryptography", "photography"))
    with pytest.raises(UntrustedNote, match="is wrong"):
        verified_by(altered, [NEUMANN.verifier])


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32)])))
def test_any_text_can_be_signed_and_read_back(line: str) -> None:
    text = f"{line}\n\n{line}\n"
    note = sign(text, [NEUMANN])
    assert parse(note.serialize()) == note
    assert parse(note.serialize().encode()) == note
    assert note.text == text


GOOD = f"{TEXT}\n{NEUMANN_LINE}"
VALUE = NEUMANN_LINE.split()[-1]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("", "blank line"),
        (TEXT, "blank line"),
        (TEXT + "\n", "signature lines|not ended"),
        (GOOD[:-1], "not ended"),
        (GOOD + "\n", "blank line|signature lines|not ended"),
        (GOOD.replace("— ", "- "), "does not read"),
        (GOOD.replace("— ", "–  "), "does not read"),
        (GOOD.replace("— PeterNeumann ", "— "), "does not read"),
        (GOOD.replace("— PeterNeumann", "— Peter Neumann"), "does not read"),
        (GOOD.replace("— PeterNeumann", "— Peter+Neumann"), "does not read"),
        (GOOD.replace("— PeterNeumann", "— Peter\u00a0Neumann"), "does not read"),
        (GOOD.replace("— PeterNeumann", "— Peter\u2003Neumann"), "does not read"),
        (GOOD.replace("PeterNeumann x", "PeterNeumann  x"), "does not read"),
        (GOOD.replace(VALUE, VALUE + " "), "does not read"),
        (GOOD.replace(VALUE, VALUE[:-1]), "base64"),
        (GOOD.replace(VALUE, VALUE.replace("=", "") + "=="), "base64"),
        (GOOD.replace(VALUE, "x08gow=="), "too short"),
        (GOOD.replace(VALUE, "x08go" + "w"), "base64"),
        (GOOD.replace("answer", "ans\twer"), "control"),
        (GOOD.replace("\n", "\r\n"), "control|blank line"),
        (GOOD.replace("answer", "ans\0wer"), "control"),
        (f"{TEXT}\n{NEUMANN_LINE * 101}", "more than 100"),
        ("x" * 1_000_001, "too long"),
        (b"\xff" + GOOD.encode(), "UTF-8"),
    ],
)
def test_malformed_notes_are_refused(broken: str | bytes, reason: str) -> None:
    with pytest.raises(MalformedNote, match=reason):
        parse(broken)


def test_a_note_may_have_sixteen_signatures_and_more() -> None:
    signers = [Ed25519Signer(f"key{number}.example", ENOCH.private_key) for number in range(100)]
    note = parse(sign(TEXT, signers).serialize())
    assert len(verified_by(note, [signer.verifier for signer in signers])) == 100


def test_base64_with_loose_bits_is_refused_although_it_decodes_to_the_same_bytes() -> None:
    raw = b64decode(VALUE)
    assert VALUE.endswith("AM=")
    loose = VALUE[:-2] + "N="
    assert b64decode(loose) == raw
    with pytest.raises(MalformedNote, match="canonical"):
        parse(GOOD.replace(VALUE, loose))


def test_mangled_key_texts_are_refused() -> None:
    for start in range(len(NEUMANN_VKEY)):
        for end in range(start + 1, len(NEUMANN_VKEY) + 1):
            if (start, end) != (0, len(NEUMANN_VKEY)):
                with pytest.raises(MalformedNote):
                    VerifierKey.parse(NEUMANN_VKEY[start:end])
    for place, character in enumerate(NEUMANN_VKEY):
        mangled = NEUMANN_VKEY[:place] + chr(ord(character) + 1) + NEUMANN_VKEY[place + 1 :]
        with pytest.raises(MalformedNote):
            VerifierKey.parse(mangled)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", b"\x01" + bytes(32)),
        ("a b", b"\x01" + bytes(32)),
        ("a", b"\x01" + bytes(31)),
        ("a", b"\x01" + bytes(33)),
        ("a", b"\x02" + bytes(32)),
        ("a", b""),
    ],
)
def test_irregular_keys_are_refused_even_with_a_fitting_key_id(name: str, key: bytes) -> None:
    key_id = sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    with pytest.raises(MalformedNote):
        VerifierKey.parse(f"{name}+{key_id}+{b64encode(key).decode()}")


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "surrogate \ud800\n"])
def test_texts_that_cannot_be_notes_are_not_signed(text: str) -> None:
    with pytest.raises(MalformedNote):
        sign(text, [NEUMANN])


def test_a_note_is_signed_by_somebody() -> None:
    with pytest.raises(MalformedNote, match="nobody"):
        sign(TEXT, [])
