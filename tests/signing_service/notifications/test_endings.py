"""The mails about an end: each in its reader's language, with what happened and nothing to do."""

from __future__ import annotations

import pytest

from agreements.languages import LANGUAGES
from signing_service.notifications import endings
from signing_service.notifications.messages import Message

KINDS = ("withdrawn", "void", "expired", "declined")


def ended(
    kind: str, language: str, *, signed: bool = False, reason: str = "The wrong annex.", title: str = "SCA"
) -> Message:
    return endings.ended(
        kind=kind,
        to="lin@aalto.example",
        name="林知远",
        language=language,
        title=title,
        number="SCA-2020-017",
        signed=signed,
        reason=reason,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_end_is_told_in_every_language(kind: str) -> None:
    for language in LANGUAGES:
        message = ended(kind, language)
        assert (message.kind, message.recipient, message.language) == (kind, "lin@aalto.example", language)
        for fact in ("林知远", "SCA-2020-017", "The wrong annex."):
            assert fact in message.body
        assert "{" not in message.subject + message.body
    assert len({ended(kind, language).body for language in LANGUAGES}) == len(LANGUAGES)
    assert len({ended(kind, language).subject for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_signed_reads_what_becomes_of_the_signature(language: str) -> None:
    assert len(ended("void", language, signed=True).body) > len(ended("void", language).body)
    assert "The reason" not in ended("expired", "en", reason="").body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_person_is_asked_with_a_link(language: str) -> None:
    link = "https://sign.example/agreements/agr_1/void"
    message = endings.void_asked(
        to="he@chengdu.example",
        name="何清",
        language=language,
        title="SCA",
        number="SCA-2020-017",
        asker="沈月",
        reason="The wrong annex.",
        link=link,
    )
    for fact in ("何清", "沈月", "SCA-2020-017", "The wrong annex.", link):
        assert fact in message.body


def test_a_subject_is_one_line_that_the_outbox_can_keep() -> None:
    message = ended("withdrawn", "en", title="A\r\nBcc: all@evil.example" + "x" * 400)
    assert message.subject.startswith("Withdrawn: A Bcc: all@evil.example")
    assert len(message.subject) <= 300


def test_braces_in_what_people_typed_stay_braces() -> None:
    assert "{name} {0}" in ended("void", "en", reason="{name} {0}").body
    assert ended("void", "tlh").language == "en"
