"""The sentence a signatory accepts: in every language, with every fact it binds, and never changed in place."""

from __future__ import annotations

import hashlib

import pytest

from agreements.languages import LANGUAGES
from signing_service.ceremonies.consent import TEXT_ID, languages, sentence

FACTS = {
    "title": "Strategic Cooperation Agreement",
    "version": 7,
    "short_hash": "ab12cd34ef56",
    "party": "Aalto",
    "role": "Rector",
}

#: The hashes of the wording with the facts above. A changed wording needs a new TEXT_ID, and then new hashes here.
WORDING = {
    "en": "46f149d9aae2ce8d",
    "zh-Hans": "ce8325b8dd554f5c",
    "de": "b462491a69ae5064",
    "fi": "4a9365ec396fda96",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_stands_in_the_sentence(language: str) -> None:
    text = sentence(language, **FACTS).text  # type: ignore[arg-type]
    for fact in FACTS.values():
        assert str(fact) in text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wording_is_what_its_name_says(language: str) -> None:
    found = sentence(language, **FACTS)  # type: ignore[arg-type]
    assert (found.text_id, found.language) == (TEXT_ID, language) == ("sign-and-bind/1", language)
    assert found.sha256 == hashlib.sha256(found.text.encode()).hexdigest()
    assert found.sha256[:16] == WORDING[language], "the wording changed: give it a new TEXT_ID"


def test_there_is_a_sentence_for_every_language_of_the_pages() -> None:
    assert set(languages()) == set(LANGUAGES)


def test_a_language_we_do_not_have_is_english_and_says_so() -> None:
    assert sentence("tlh", **FACTS).language == "en"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"version": 8}, {"short_hash": "0" * 12}, {"party": "B"}, {"role": "x"}, {"title": "y"}]
)
def test_another_fact_is_another_consent(change: dict[str, object]) -> None:
    assert sentence("en", **FACTS).sha256 != sentence("en", **(FACTS | change)).sha256  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["own_program", "provider", "token"])
@pytest.mark.parametrize("language", languages())
def test_of_another_key_than_the_browsers_no_browser_is_spoken_of(language: str, way: str) -> None:
    ours, own = sentence(language, **FACTS), sentence(language, way=way, **FACTS)  # type: ignore[arg-type]
    assert own.text_id != ours.text_id
    assert own.text != ours.text
    assert not any(word in own.text.casefold() for word in ("browser", "浏览器", "selaime"))
