"""Every sentence exists in every language, with the same placeholders."""

import re
import string

import pytest

from signing_service.verification.findings import SEVERITIES
from signing_service.verification.summary import DECISIVE
from signing_service.verification.words import LANGUAGES, TEXTS, label, say

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”}][,;:!?()]|[,;:!?()][\u4e00-\u9fff“]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_has_every_sentence():
    assert [key for texts in TEXTS.values() for key in set(texts) ^ set(TEXTS["en"])] == []


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_placeholders_are_those_of_the_english_sentence(lang):
    for key, text in TEXTS[lang].items():
        assert placeholders(text) == placeholders(TEXTS["en"][key]), key


def test_chinese_is_written_with_full_width_punctuation():
    assert [text for text in TEXTS["zh-Hans"].values() if HALF_WIDTH.search(text)] == []


def test_every_finding_has_a_sentence():
    assert {f"finding.{code}" for code in SEVERITIES} <= set(TEXTS["en"])


def test_every_decisive_finding_has_a_headline():
    assert {f"summary.{code}" for code in DECISIVE} <= set(TEXTS["en"])
    assert set(DECISIVE) <= set(SEVERITIES)


def test_a_value_with_braces_is_not_a_placeholder():
    assert label("finding.change.annotation", "en", revision=3, detail="{0.__class__}").endswith("{0.__class__}.")


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        say("no.such.sentence")
