"""Both signatories press at the same instant, over and over: both signatures valid every time, none lost, none twice.

A real server with its threads, over HTTP, durable on disk; the keys are the signatories' own. Every document is judged
by pdfsig, a program we did not write: the seal and both signatories, nothing more and nothing less.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing_service.cli.demo_people import SignatoryPerson
from tests.factories.rooms import Rooms

ROUNDS = 200

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Rooms]:
    with Rooms(tmp_path_factory.mktemp("rooms"), ready_keys) as opened:
        yield opened


def test_two_hundred_times(rooms: Rooms, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        room = rooms.open(number)
        results = press_together(room.signatories)
        assert sorted(r["revision"] for r in results) == [3, 4], f"round {number}: {results}"
        assert room.log_says() == {"signature.applied": 2, "round.signed": 1}, f"round {number}"
        judged_by_pdfsig(room.newest_pdf(), tmp_path / "signed.pdf")


def press_together(people: list[SignatoryPerson]) -> list[dict[str, int]]:
    """Press at the same instant; raises what any of them met."""
    together = threading.Barrier(len(people))
    results: list[dict[str, int]] = []
    problems: list[BaseException] = []

    def press(person: SignatoryPerson) -> None:
        together.wait()
        try:
            results.append(person.sign())
        except BaseException as problem:  # raised again below, in the thread of the test
            problems.append(problem)

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return results


def judged_by_pdfsig(pdf: bytes, file: Path) -> None:
    """The seal and both signatories are valid, by a foreign program."""
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
    assert done.stdout.count("Signature is Valid.") == 3, done.stdout
