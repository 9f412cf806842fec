"""What approvers and delegates are told: in their language, until when in UTC, and on whose behalf."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace

import pytest

from agreements.languages import LANGUAGES
from signing_service.notifications import approval_messages
from signing_service.notifications.approval_messages import Asked, Delegated
from signing_service.notifications.messages import Message

ASKED = Asked(
    "lin@aalto.example",
    "林知远",
    "en",
    "Strategic Cooperation",
    7,
    "ab12cd34ef56",
    "https://sign.example/agreements/agr_1",
    "2026-11-22 10:02 UTC",
    "何清",
)
DELEGATED = Delegated(
    "lin@aalto.example",
    "林知远",
    "en",
    "何清",
    "2026-11-22",
    "2026-11-30",
    "Europe/Berlin",
    "https://sign.example/delegations",
)
ABOUT_DECISIONS: tuple[Callable[[Asked], Message], ...] = (
    approval_messages.approval_asked,
    approval_messages.approval_due_soon,
    approval_messages.approval_overdue,
    approval_messages.approval_escalated,
)
ABOUT_DELEGATIONS = (approval_messages.delegation_given, approval_messages.delegation_revoked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("write", ABOUT_DECISIONS)
def test_who_is_asked_reads_everything_in_their_language(write: Callable[[Asked], Message], language: str) -> None:
    message = write(replace(ASKED, language=language))
    assert (message.recipient, message.language) == ("lin@aalto.example", language)
    for fact in ("林知远", "Strategic Cooperation", "7", "ab12cd34ef56", ASKED.link, ASKED.due, "何清"):
        assert fact in message.body
    assert not [name for _, name, _, _ in string.Formatter().parse(message.subject + message.body) if name]


@pytest.mark.parametrize("write", ABOUT_DECISIONS)
def test_without_deadline_and_delegation_nothing_is_said_of_them(write: Callable[[Asked], Message]) -> None:
    body = write(replace(ASKED, due="", principal="")).body
    assert "UTC" not in body
    assert "behalf" not in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("write", ABOUT_DELEGATIONS)
def test_a_delegate_reads_for_whom_and_for_which_days(write: Callable[[Delegated], Message], language: str) -> None:
    message = write(replace(DELEGATED, language=language))
    for fact in ("林知远", "何清", "2026-11-22", "2026-11-30", "Europe/Berlin", DELEGATED.link):
        assert fact in message.body
    assert "何清" in message.subject


def test_the_languages_are_different() -> None:
    for write in ABOUT_DECISIONS:
        assert len({write(replace(ASKED, language=language)).body for language in LANGUAGES}) == len(LANGUAGES)
    for tell in ABOUT_DELEGATIONS:
        assert len({tell(replace(DELEGATED, language=language)).body for language in LANGUAGES}) == len(LANGUAGES)


def test_a_language_we_do_not_write_is_english() -> None:
    message = approval_messages.approval_asked(replace(ASKED, language="tlh"))
    assert message.language == "en"
    assert "Please decide by 2026-11-22 10:02 UTC." in message.body
