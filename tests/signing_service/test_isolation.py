"""The limited process: one question, one answer, nothing else in or out, and nothing left behind."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from signing_service import isolation
from signing_service.isolation import MIB, Limits, NoAnswer, TimedOut

LIMITS = Limits(memory_bytes=1024 * MIB, processor_seconds=20, wall_seconds=60.0, answer_bytes=MIB)


def asked(task: str, limits: Limits = LIMITS, **more: object) -> bytes:
    question = {"task": task, "limits": asdict(limits), **more}
    return isolation.ask("tests.factories.children", json.dumps(question).encode(), limits)


def facts() -> dict[str, object]:
    found: dict[str, object] = json.loads(asked("facts"))
    return found


def alive(pid: int) -> bool:
    """False also for one that ended and was not waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    for _ in range(600):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_children_are_processes_of_their_own_from_one_server():
    one, other = facts(), facts()
    assert one["parent"] == other["parent"] != os.getpid()
    assert len({one["pid"], other["pid"], os.getpid()}) == 3


def test_a_child_sees_neither_our_environment_nor_our_files(monkeypatch):
    monkeypatch.setenv("SIGNING_MASTER_KEY", "secret")
    isolation._server.forget()
    with Path(__file__).open() as _, ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: facts(), range(8)):
            assert set(found["environment"]) <= {"PYTHONPATH", "LANG", "PATH", "LC_CTYPE"}
            assert len(found["files"]) == 4, "the standard three and the one that lists them"


def test_many_at_once_get_their_own_answers():
    words = [f"{number}" * 5000 for number in range(1, 25)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: asked("repeat", words=one).decode(), words)) == words


def test_a_large_question_and_a_large_answer_pass():
    words = "x" * (8 * MIB)
    large = Limits(LIMITS.memory_bytes, 20, 60.0, 9 * MIB)
    assert asked("repeat", large, words=words).decode() == words


@pytest.mark.parametrize(("task", "code"), [("raise", "exit 1"), ("die", "exit -9")])
def test_one_that_fails_is_no_answer_and_tells_nothing(task, code):
    with pytest.raises(NoAnswer) as refused:
        asked(task)
    assert str(refused.value) == code
    assert facts(), "the next one is not touched by it"


def test_too_much_processor_time_ends_it():
    with pytest.raises(NoAnswer, match="exit -"):
        asked("burn", Limits(LIMITS.memory_bytes, 1, 60.0, MIB))


def test_a_longer_answer_than_allowed_is_none():
    with pytest.raises(NoAnswer, match="answer too long"):
        asked("repeat", Limits(LIMITS.memory_bytes, 20, 60.0, 1000), words="x" * 200_000)


def test_one_that_does_not_answer_in_time_is_ended():
    before = children_of(int(str(facts()["parent"])))
    with pytest.raises(TimedOut):
        asked("sleep", Limits(LIMITS.memory_bytes, 20, 0.2, MIB))
    left = children_of(int(str(facts()["parent"]))) - before
    assert all(gone(pid) for pid in left)


def test_a_server_that_was_killed_is_started_again():
    parent = int(str(facts()["parent"]))
    os.kill(parent, 9)
    assert gone(parent)
    assert facts()["parent"] != parent


def test_a_forked_copy_of_this_process_has_a_server_of_its_own():
    parent = facts()["parent"]
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, str(facts()["parent"]).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        assert int(answer.read()) not in (parent, 0)
    assert facts()["parent"] == parent


def test_nothing_stays_when_we_are_killed():
    code = (
        "import json, sys, threading\n"
        "from dataclasses import asdict\n"
        "from tests.signing_service.test_isolation import LIMITS, asked, facts\n"
        "print(facts()['parent'], flush=True)\n"
        "threading.Thread(target=asked, args=('sleep',)).start()\n"
    )
    asker = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=isolation.PROJECT,
        stderr=subprocess.DEVNULL,
    )
    assert asker.stdout is not None
    server = int(asker.stdout.readline())
    for _ in range(600):
        if sleeping := children_of(server):
            break
        time.sleep(0.05)
    asker.kill()
    asker.wait()
    asker.stdout.close()
    assert gone(server)
    assert all(gone(pid) for pid in sleeping)


def test_a_server_starts_once_however_many_ask_first():
    isolation._server.forget()
    started = threading.Barrier(4)

    def first(_: int) -> object:
        started.wait()
        return facts()["parent"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(first, range(4)))) == 1


def children_of(pid: int) -> set[int]:
    """The running children of a process."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.add(int(folder.name))
    return found
