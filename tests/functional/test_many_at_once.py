"""Sixty-four signatories press at one instant on one document: all signatures valid, none lost, none twice.

In one of two rounds one of them sits at a browser, in the other the server is killed in the middle.
`make many-at-once` plays twenty such rounds, with eight browsers and ten kills, and prints a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.many_at_once import Played, play
from tests.factories.crowds import Crowds

PEOPLE = 64

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def crowds(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Crowds]:
    with Crowds(tmp_path_factory.mktemp("many"), ready_keys, PEOPLE) as opened:
        yield opened


def test_sixty_four_at_one_instant_with_a_browser_among_them(crowds: Crowds, browser: Browser) -> None:
    nothing_lost(play(crowds, 1, browser, browsers=1, kill=None, verify_all=False))


def test_sixty_four_at_one_instant_and_the_server_killed_in_the_middle(crowds: Crowds) -> None:
    played = play(crowds, 2, None, browsers=0, kill="server", verify_all=False)
    nothing_lost(played)
    assert 0 < played.signed_before_the_kill < PEOPLE, "the kill came in the middle"


def nothing_lost(played: Played) -> None:
    """Every signature there, once; valid for a foreign program and by our own reading."""
    assert played.problems == ()
    assert (played.entries, played.revisions, played.pdfsig, played.checked) == (PEOPLE, PEOPLE, PEOPLE, PEOPLE)
