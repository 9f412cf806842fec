"""The mails of the partner's review: in the reader's language, with what they need and nothing more."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import pytest

from agreements.languages import LANGUAGES
from signing_service.notifications import review_messages
from signing_service.notifications.messages import Message

TITLE = "Strategic Cooperation"
FACTS: dict[str, dict[str, Any]] = {
    "review_invitation": {
        "title": TITLE,
        "party": "Aalto",
        "link": "https://sign.example/r/t0ken",
        "until": "2026-12-22 10:00 UTC",
    },
    "version_shared": {"title": TITLE, "version": 7, "link": "https://sign.example/review/rvw_1"},
    "proposal_decided": {"title": TITLE, "clause": "Costs", "link": "https://sign.example/review/rvw_1#proposals"},
    "proposal_received": {
        "title": TITLE,
        "clause": "Costs",
        "reviewer": "Anna Berg",
        "link": "https://sign.example/agreements/agr_1/proposals",
    },
}
WRITERS: dict[str, Callable[..., Message]] = {
    "review_invitation": review_messages.invitation,
    "version_shared": review_messages.version_shared,
    "proposal_decided": review_messages.proposal_decided,
    "proposal_received": review_messages.proposal_received,
}


def written(kind: str, language: str, **changes: Any) -> Message:
    return WRITERS[kind](to="lin@aalto.example", name="林知远", language=language, **(FACTS[kind] | changes))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FACTS)
def test_every_message_says_everything_in_every_language(kind: str, language: str) -> None:
    message = written(kind, language)
    assert (message.kind, message.recipient, message.language) == (kind, "lin@aalto.example", language)
    whole = f"{message.subject}\n{message.body}"
    for fact in FACTS[kind].values():
        assert str(fact) in whole
    assert "林知远" in message.body
    assert not [name for _, name, _, _ in string.Formatter().parse(whole) if name]


@pytest.mark.parametrize("kind", FACTS)
def test_the_languages_are_different_and_an_unknown_one_is_english(kind: str) -> None:
    assert len({written(kind, language).body for language in LANGUAGES}) == len(LANGUAGES)
    assert written(kind, "sv").body == written(kind, "en").body


def test_a_title_cannot_add_a_line_to_the_head() -> None:
    assert "\n" not in written("version_shared", "en", title="A\r\nBcc: all@example.org").subject
