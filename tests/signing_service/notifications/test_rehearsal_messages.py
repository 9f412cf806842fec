"""A rehearsal is announced in every language, and the subject alone says that nothing is signed."""

from __future__ import annotations

import pytest

from agreements.languages import LANGUAGES
from signing_service.notifications.messages import Message
from signing_service.notifications.rehearsal_messages import rehearsal

NOTHING = {
    "en": "nothing is signed",
    "zh-Hans": "不签署任何文件",
    "de": "nichts wird unterzeichnet",
    "fi": "mitään ei allekirjoiteta",
}


def written(language: str) -> Message:
    return rehearsal(to="lin@aalto.example", name="林知远", language=language, title="T", number="N-1", until="noon")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_everything_and_carries_no_link(language: str) -> None:
    message = written(language)
    assert (message.kind, message.recipient, message.language) == ("rehearsal", "lin@aalto.example", language)
    assert NOTHING[language] in message.subject
    for fact in ("林知远", "T", "N-1", "noon"):
        assert fact in message.body
    assert "http" not in message.body
    assert len({written(one).body for one in LANGUAGES}) == len(LANGUAGES)
