"""Both signatories press at the same instant, over and over: both signatures valid every time, none lost, none twice.

A real server with its threads, over HTTP, durable on disk; the keys are the signatories' own. Several documents are
signed at the same moment, so that the presses also meet at everything they share. Every document is judged by pdfsig, a
program we did not write: the seal and both signatories, nothing more and nothing less.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from signing_service.cli.demo_people import SignatoryPerson
from tests.factories.rooms import Rooms

ROUNDS = 8
DOCUMENTS = 8

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Rooms]:
    with Rooms(tmp_path_factory.mktemp("rooms"), ready_keys) as opened:
        yield opened


def test_sixty_four_times(rooms: Rooms, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        opened = [rooms.open(DOCUMENTS * number + place) for place in range(DOCUMENTS)]
        results = press_together([person for room in opened for person in room.signatories])
        for place, room in enumerate(opened):
            revisions = sorted(result["revision"] for result in results[2 * place : 2 * place + 2])
            assert revisions == [3, 4], f"round {number}, document {place}: {revisions}"
            assert room.log_says() == {"signature.applied": 2, "round.signed": 1}, f"round {number}, document {place}"
        judged_by_pdfsig([room.signed_pdf() for room in opened], tmp_path)


def press_together(people: Sequence[SignatoryPerson]) -> list[dict[str, int]]:
    """Press at the same instant; what each got, in their order. Raises what any of them met."""
    together = threading.Barrier(len(people))

    def press(person: SignatoryPerson) -> dict[str, int]:
        together.wait()
        return person.sign()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(press, people))


def judged_by_pdfsig(pdfs: Sequence[bytes], folder: Path, signatures: int = 3) -> None:
    """The seal and every signatory are valid in each document, by a foreign program."""

    def judge(numbered: tuple[int, bytes]) -> str:
        file = folder / f"signed-{numbered[0]}.pdf"
        file.write_bytes(numbered[1])
        done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
        return done.stdout

    with ThreadPoolExecutor(4) as threads:
        for said in threads.map(judge, enumerate(pdfs)):
            assert said.count("Signature is Valid.") == signatures, said
            assert said.count("Signature #") == signatures, said
