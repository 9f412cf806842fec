"""What people are told by mail: in their language, with what they need and nothing more, one line as subject."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import pytest

from agreements.languages import LANGUAGES
from signing_service.notifications import messages
from signing_service.notifications.messages import Message

FACTS: dict[str, dict[str, Any]] = {
    "sign_in": {"link": "https://sign.example/enter/t0ken", "until": "2026-11-22 10:32 UTC"},
    "invitation": {
        "title": "Strategic Cooperation",
        "number": "SCA-2020-017",
        "party": "Aalto",
        "starts_at": "2026-11-22 18:00 (Asia/Shanghai) = 10:00 UTC",
        "link": "https://sign.example/s/t0ken",
        "until": "2026-12-22 10:00 UTC",
    },
    "code": {"code": "012345", "minutes": 10},
    "completed": {
        "title": "Strategic Cooperation",
        "number": "SCA-2020-017",
        "sha256": "ab" * 32,
        "link": "https://sign.example/verify/SCA-2020-017",
    },
}
WRITERS: dict[str, Callable[..., Message]] = {kind: getattr(messages, kind) for kind in FACTS}


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
    assert message.body.endswith("\n")


@pytest.mark.parametrize("kind", FACTS)
def test_the_languages_are_different(kind: str) -> None:
    assert len({written(kind, language).body for language in LANGUAGES}) == len(LANGUAGES)
    assert len({written(kind, language).subject for language in LANGUAGES}) == len(LANGUAGES)


def test_a_subject_is_one_line_whatever_a_title_holds() -> None:
    """A line end in a title must not become a header of the mail."""
    message = written("invitation", "en", title="Agreement\r\nBcc: all@evil.example")
    assert message.subject == "Invitation to sign: Agreement Bcc: all@evil.example"


def test_braces_in_what_people_typed_stay_braces() -> None:
    assert "{name} {0}" in written("invitation", "en", title="{name} {0}").body


def test_a_language_we_do_not_write_is_english() -> None:
    assert written("code", "tlh").language == "en"


def test_a_code_stands_alone_on_its_line_and_warns() -> None:
    body = written("code", "en").body
    assert "\n    012345\n" in body
    assert "Never tell it to anybody" in body
