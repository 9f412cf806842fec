"""kill -9 of the whole server at random moments of a signing: consistent after the restart, and everybody can go on.

At each kill the signings of several documents are under way, each at a random moment of its own, spread over the time a
signing takes on this machine. The signatories' programs do what the browser's script does: they ask what became of
their command before they try again, with the same command key.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing_service.operations import audit_log
from signing_service.permissions import SYSTEM
from tests.factories.persistent import PATIENCE_SECONDS, Persistent
from tests.factories.rooms import Room, Rooms
from tests.functional.test_two_presses_at_once import judged_by_pdfsig, press_together

KILLS = 3
DOCUMENTS = 8
SEED = 20201221

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Rooms]:
    with Rooms(tmp_path_factory.mktemp("killed"), ready_keys) as opened:
        yield opened


def test_at_twenty_four_moments(rooms: Rooms, tmp_path: Path) -> None:
    span = seconds_of_an_undisturbed_signing(rooms)
    moments = random.Random(SEED)
    for kill in range(KILLS):
        opened = [rooms.open(1 + DOCUMENTS * kill + place) for place in range(DOCUMENTS)]
        pressing = [
            [Persistent(person, wait=lambda delay=delay: time.sleep(delay)) for person in room.signatories]
            for room in opened
            for delay in [moments.uniform(0, 1.3 * span)]
        ]
        for each in (each for pair in pressing for each in pair):
            each.start()
        time.sleep(1.3 * span)
        rooms.server.kill()
        assert audit_log.check(rooms.services, SYSTEM) == [], f"kill {kill}: the log after it"
        rooms.server.start()
        for place, (room, pair) in enumerate(zip(opened, pressing, strict=True)):
            for each in pair:
                each.join(PATIENCE_SECONDS)
            check(room, pair, f"kill {kill}, document {place}")
        judged_by_pdfsig([room.signed_pdf() for room in opened], tmp_path)
    wait_until_closed(opened[-1])
    assert audit_log.check(rooms.services, SYSTEM) == []


def check(room: Room, pressing: list[Persistent], where: str) -> None:
    """Both signed, once each."""
    assert [each.problem for each in pressing] == [None, None], where
    assert sorted(each.revision for each in pressing) == [3, 4], where
    assert room.log_says() == {"signature.applied": 2, "round.signed": 1}, where


def seconds_of_an_undisturbed_signing(rooms: Rooms) -> float:
    """How long it takes when as many press at once."""
    opened = [rooms.open(1000 + place) for place in range(DOCUMENTS)]
    begun = time.monotonic()
    press_together([person for room in opened for person in room.signatories])
    return time.monotonic() - begun


def wait_until_closed(room: Room) -> None:
    """The worker brings the document to its long-term level after the last restart."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while b"/DocTimeStamp" not in room.newest_pdf():
        assert time.monotonic() < deadline, "the document was not closed"
        time.sleep(0.2)
