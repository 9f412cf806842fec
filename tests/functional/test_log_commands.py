"""What an operator does when the mark or the database was lost: two commands, and the log says so ever after."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from signing_service.cli.demo_server import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def installation(tmp_path: Path) -> Server:
    """One with an entry in its log; nothing runs but the commands."""
    made = Server(tmp_path / "data")
    made.data.mkdir()
    made.command("people", "add", "first@example.org", "--name", "First Person", "--role", "admin")
    return made


def test_a_lost_mark_is_put_back_from_a_kept_checkpoint(installation: Server, tmp_path: Path) -> None:
    kept = exported(installation, tmp_path / "kept")
    for mark in (installation.data / "log").iterdir():
        mark.unlink()
    refused = audit(installation, "verify")
    assert refused.returncode == 1
    assert "audit adopt" in refused.stderr
    said = audit(installation, "adopt", str(kept))
    assert said.stdout.startswith("The mark stands at ")
    assert audit(installation, "verify").returncode == 0


def test_a_foreign_checkpoint_is_not_adopted(installation: Server, tmp_path: Path) -> None:
    kept = exported(installation, tmp_path / "kept")
    foreign = tmp_path / "foreign.txt"
    foreign.write_text(kept.read_text().replace("\n", "\nx", 1))
    refused = audit(installation, "adopt", str(foreign))
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: ")
    assert "Traceback" not in refused.stderr


def test_after_a_lost_database_the_log_goes_on_and_says_so(installation: Server, tmp_path: Path) -> None:
    database = installation.data / "service.sqlite3"
    old = tmp_path / "old.sqlite3"
    shutil.copy(database, old)
    installation.command("people", "add", "new@example.org", "--name", "Somebody New", "--role", "auditor")
    lost = exported(installation, tmp_path / "kept")
    # An old copy comes back: it holds fewer entries than were signed
    for leftover in installation.data.glob("service.sqlite3*"):
        leftover.unlink()
    shutil.copy(old, database)
    assert audit(installation, "verify").returncode == 1
    # The operator says so, under a new origin
    said = audit(installation, "continue", str(lost), "--reason", "The disk failed on Sunday.")
    assert said.returncode == 0, said.stderr
    installation.environment["SIGNING_LOG_ORIGIN"] = "127.0.0.1/log/2"
    assert "The log is sound" in audit(installation, "verify").stdout
    exported(installation, tmp_path / "new")
    last = json.loads((tmp_path / "new" / "log.jsonl").read_text().splitlines()[-1])
    assert last["type"] == "log.continued"
    assert last["data"]["previous_origin"] == lost.read_text().splitlines()[0]
    assert (tmp_path / "new" / "checkpoint.txt").read_text().startswith("127.0.0.1/log/2\n")


def test_a_row_edited_by_hand_is_named(installation: Server) -> None:
    """With SQL a person edits text, and SQLite then keeps text where bytes were."""
    database = sqlite3.connect(installation.data / "service.sqlite3")
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    database.execute("""UPDATE log_entry SET encoded = replace(encoded, '"v":1', '"v":2') WHERE idx = 0""")
    database.execute("UPDATE log_node SET hash = 'not a hash' WHERE level = 0 AND idx = 0")
    database.commit()
    database.close()
    said = audit(installation, "verify")
    assert said.returncode == 1
    assert "entry 0, person.created: changed" in said.stderr
    assert "Traceback" not in said.stderr


def exported(installation: Server, folder: Path) -> Path:
    """Export the log; the checkpoint is what somebody outside keeps."""
    installation.command("audit", "export", str(folder))
    return folder / "checkpoint.txt"


def audit(installation: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "signing_service", "audit", *arguments],
        cwd=ROOT,
        env={**os.environ, **installation.environment},
        capture_output=True,
        text=True,
        check=False,
    )
