"""The versions of one template: their order, who publishes, which is offered."""

from __future__ import annotations

import pytest

from agreements.errors import OwnUpload, TemplateState, TemplateVersionTaken
from agreements.template_versions import (
    MOVES,
    Command,
    Known,
    State,
    before,
    check_publication,
    check_upload,
    next_state,
    offered,
)

SHIPPED = Known("1.0.0", "shipped", None)


def known(version: str, state: State) -> Known:
    return Known(version, f"sha of {version}", state)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", Command)
def test_there_are_three_moves_and_no_way_back(state: State, command: Command) -> None:
    if (state, command) in MOVES:
        assert next_state(state, command) is MOVES[state, command]
    else:
        with pytest.raises(TemplateState):
            next_state(state, command)
    assert len(MOVES) == 3


@pytest.mark.parametrize("version", ["1.9.3", "1.10.0", "0.99.99"])
def test_a_version_is_higher_than_all_before(version: str) -> None:
    others = [SHIPPED, known("1.10.0", State.REJECTED), known("1.2.0", State.PUBLISHED)]
    with pytest.raises(TemplateVersionTaken, match=r"1\.10\.0"):
        check_upload("small", version, others)
    check_upload("small", "1.10.1", others)
    check_upload("small", version, [])


def test_four_eyes() -> None:
    with pytest.raises(OwnUpload):
        check_publication("small", "1.1.0", [SHIPPED], uploaded_by="katja", publisher="katja")
    check_publication("small", "1.1.0", [SHIPPED], uploaded_by="katja", publisher="yue")


def test_only_what_was_offered_stands_in_the_way_of_a_publication() -> None:
    waiting, rejected = known("1.3.0", State.UPLOADED), known("1.4.0", State.REJECTED)
    check_publication("small", "1.2.0", [SHIPPED, waiting, rejected], uploaded_by="katja", publisher="yue")
    with pytest.raises(TemplateVersionTaken):
        check_publication("s", "1.2.0", [known("1.3.0", State.RETIRED)], uploaded_by="katja", publisher="yue")


def test_what_is_offered() -> None:
    waiting, published = known("1.2.0", State.UPLOADED), known("1.1.0", State.PUBLISHED)
    assert offered([]) is None
    assert offered([waiting]) is None
    assert offered([SHIPPED, waiting]) is SHIPPED
    assert offered([SHIPPED, published, waiting]) is published
    assert offered([Known("9.0.0", "a later service", None), published]) is published
    assert offered([SHIPPED, known("1.1.0", State.RETIRED)]) is None
    assert offered([SHIPPED, known("1.1.0", State.REJECTED)]) is SHIPPED


def test_what_a_version_is_compared_with() -> None:
    everything = [
        SHIPPED,
        known("1.1.0", State.RETIRED),
        known("1.2.0", State.REJECTED),
        known("1.9.0", State.UPLOADED),
    ]
    chosen = before("1.10.0", everything)
    assert chosen is not None
    assert chosen.version == "1.1.0"
    assert before("1.0.0", everything) is None
