"""Every kind of key holding has its plain words in every language, and they say who could have signed."""

import pytest

from keys.custody import AHEAD, WORDS, Custodian, CustodyKind, words
from keys.keyring import Keyring

LANGUAGES = ("en", "zh-Hans", "de", "fi")


@pytest.mark.parametrize("kind", CustodyKind)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_words_for_every_kind_in_every_language(kind: CustodyKind, lang: str) -> None:
    assert len(words(kind, lang)) > 20
    assert set(WORDS[kind]) == set(LANGUAGES)


@pytest.mark.parametrize("kind", AHEAD)
def test_what_will_be_is_not_told_as_if_it_had_been(kind: CustodyKind) -> None:
    assert set(AHEAD[kind]) == set(LANGUAGES)
    for lang in LANGUAGES:
        assert words(kind, lang, ahead=True) != words(kind, lang)
    assert not {"was", "made.", "signed", "kept", "had"} & set(words(kind, "en", ahead=True).split())
    assert not any("qualifi" in text.lower() or "合格" in text for text in AHEAD[kind].values())


def test_an_unknown_language_is_answered_in_english() -> None:
    assert words(CustodyKind.BROWSER_HELD, "sv") == words(CustodyKind.BROWSER_HELD, "en")


@pytest.mark.parametrize("kind", [CustodyKind.PKCS11, CustodyKind.SOFTWARE_SEAL])
def test_a_seal_is_called_a_seal_and_never_a_persons_signature(kind: CustodyKind) -> None:
    assert "seal" in words(kind, "en")
    assert "not the signature of a person" in words(kind, "en")
    assert "印章" in words(kind, "zh-Hans")


def test_no_words_claim_a_qualified_signature() -> None:
    assert not any("qualifi" in text.lower() or "合格" in text for texts in WORDS.values() for text in texts.values())


def test_the_seal_fulfils_the_contract_of_a_custodian(keyring: Keyring) -> None:
    assert isinstance(keyring.seal, Custodian)
    assert keyring.seal.kind is CustodyKind.SOFTWARE_SEAL
