"""Many writers at once, some of whom give up or are killed: the log stays gapless, its root that of its entries."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from signing_service.audit import merkle, proofs
from signing_service.audit.merkle import GrowingTree
from signing_service.db.models.audit import LogEntry
from signing_service.db.session import Database
from tests.signing_service.audit.log_fixture import TestLog

WRITERS = 8


class GivesUp(Exception):
    """A writer's business failed after the entry was recorded."""


def write(log: TestLog, writer: int, count: int) -> int:
    """Record `count` acts, giving up one in ten after the entry was made; return how many were committed."""
    luck = random.Random(writer)
    committed = 0
    for _ in range(count):
        try:
            with log.database.write() as session:
                for _ in range(luck.choice((1, 1, 1, 3))):
                    log.record_into(session, agreement=f"agr_{luck.randrange(3)}", seat=f"sea_{writer}")
                    committed += 1
                if luck.random() < 0.1:
                    raise GivesUp
        except GivesUp:
            committed = log_count(log, writer)
    return committed


def log_count(log: TestLog, writer: int) -> int:
    with log.database.read() as session:
        return len(session.scalars(select(LogEntry.idx).where(LogEntry.actor == f"sea_{writer}")).all())


def assert_gapless_and_rooted(log: TestLog) -> int:
    """Every index once, the stored root equal to that of the entries, the whole check silent; returns the size."""
    with log.database.read() as session:
        rows = session.execute(select(LogEntry.idx, LogEntry.encoded).order_by(LogEntry.idx)).all()
        tree = GrowingTree()
        for row in rows:
            tree.extend([merkle.leaf_hash(row.encoded)])
        assert [row.idx for row in rows] == list(range(len(rows)))
        assert proofs.log_size(session) == len(rows)
        assert proofs.root_at(session, len(rows)) == tree.root()
    assert log.findings() == []
    return len(rows)


def test_eight_threads_with_aborts(log: TestLog) -> None:
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        running = threading.Event()
        running.set()
        published = pool.submit(publish_while, log, running)
        committed = list(pool.map(lambda writer: write(log, writer, 25), range(WRITERS)))
        running.clear()
        assert published.result() > 0
    size = assert_gapless_and_rooted(log)
    assert size == sum(committed) == sum(log_count(log, writer) for writer in range(WRITERS))


def publish_while(log: TestLog, running: threading.Event) -> int:
    count = 0
    while running.is_set():
        count += log.publish()
        time.sleep(0.02)
    return count + log.publish()


WRITER_PROGRAM = """
import sys
from pathlib import Path
from signing_service.db.session import Database
from tests.signing_service.audit.log_fixture import TestLog
from tests.signing_service.audit.test_concurrent_writers import write
log = TestLog(Database(sys.argv[1]), Path(sys.argv[2]))
print("ready", flush=True)
write(log, int(sys.argv[3]), int(sys.argv[4]))
"""


def start_writer(url: str, folder: Path, writer: int, count: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER_PROGRAM, url, str(folder), str(writer), str(count)]
    root = Path(__file__).absolute().parents[3]
    return subprocess.Popen(arguments, cwd=root, stdout=subprocess.PIPE, text=True)


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.mark.slow
def test_eight_processes(log: TestLog, tmp_path: Path) -> None:
    writers = [start_writer(url_of(log.database), tmp_path, writer, 12) for writer in range(WRITERS)]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * WRITERS
    assert assert_gapless_and_rooted(log) > WRITERS * 8


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_writers_killed_in_the_middle(log: TestLog, tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    writers = [start_writer(url_of(log.database), tmp_path, writer, 100_000) for writer in range(2)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    time.sleep(0.3 + luck.random())
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        writer.wait(timeout=30)
    before = assert_gapless_and_rooted(log)
    assert before > 0
    log.append(3)
    log.publish()
    assert assert_gapless_and_rooted(log) == before + 3
