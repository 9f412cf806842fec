"""kill -9 of the whole server at random moments of a signing: consistent after the restart, and everybody can go on.

Twenty moments, spread over the time a signing takes on this machine. The signatories' programs do what the browser's
script does: they ask what became of their command before they try again, with the same command key.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from signing_service.cli.demo_people import SignatoryPerson, new_command_key
from signing_service.operations import audit_log
from signing_service.permissions import SYSTEM
from tests.factories.rooms import Room, Rooms
from tests.functional.test_two_presses_at_once import judged_by_pdfsig, press_together

MOMENTS = 20
SEED = 20201221
PATIENCE_SECONDS = 120.0

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Rooms]:
    with Rooms(tmp_path_factory.mktemp("killed"), ready_keys) as opened:
        yield opened


def test_at_twenty_moments(rooms: Rooms, tmp_path: Path) -> None:
    span = seconds_of_an_undisturbed_signing(rooms)
    moments = random.Random(SEED)
    for number in range(1, MOMENTS + 1):
        room = rooms.open(number)
        pressing = [Persistent(person) for person in room.signatories]
        for each in pressing:
            each.start()
        time.sleep(moments.uniform(0, 1.3 * span))
        rooms.server.kill()
        assert audit_log.check(rooms.services, SYSTEM) == [], f"moment {number}: the log after the kill"
        rooms.server.start()
        for each in pressing:
            each.join(PATIENCE_SECONDS)
        check(room, pressing, number, tmp_path / "signed.pdf")
    wait_until_closed(room)
    assert audit_log.check(rooms.services, SYSTEM) == []


def check(room: Room, pressing: list[Persistent], number: int, file: Path) -> None:
    """Both signed, once each, in a document a foreign program accepts."""
    assert [each.problem for each in pressing] == [None, None], f"moment {number}"
    assert sorted(each.revision for each in pressing) == [3, 4], f"moment {number}"
    assert room.log_says() == {"signature.applied": 2, "round.signed": 1}, f"moment {number}"
    judged_by_pdfsig(room.newest_pdf(), file)


class Persistent(threading.Thread):
    """Presses, and goes on with the same command after the connection was lost."""

    def __init__(self, person: SignatoryPerson) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.key = new_command_key()
        self.revision = 0
        self.problem: Exception | None = RuntimeError("never came back")

    def run(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                self.revision = self._known() or self.person.sign(self.key)["revision"]
                self.problem = None
                return
            except httpx.TransportError:
                time.sleep(0.1)
            except Exception as problem:
                self.problem = problem
                return

    def _known(self) -> int:
        """The revision, if the command was carried out before the connection was lost."""
        state = self.person.http.get(f"{self.person.api}/commands/{self.key}").json()
        return int(state["revision"]) if state["state"] == "signed" else 0


def seconds_of_an_undisturbed_signing(rooms: Rooms) -> float:
    room = rooms.open(0)
    begun = time.monotonic()
    press_together(room.signatories)
    return time.monotonic() - begun


def wait_until_closed(room: Room) -> None:
    """The worker brings the document to its long-term level after the last restart."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while b"/DocTimeStamp" not in room.newest_pdf():
        assert time.monotonic() < deadline, "the document was not closed"
        time.sleep(0.2)
