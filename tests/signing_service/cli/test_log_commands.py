"""What an operator does when the mark or the database was lost: two commands, and the log says so ever after."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from signing_service.cli.main import main


@dataclass
class Installation:
    """A data folder and the settings over it; nothing runs but the commands."""

    data: Path
    environment: dict[str, str] = field(default_factory=lambda: {"SIGNING_ENVIRONMENT": "development"})

    def command(self, *arguments: str) -> Result:
        settings = {"SIGNING_DATA": str(self.data), "SIGNING_BASE_URL": "http://127.0.0.1:8000", **self.environment}
        return CliRunner().invoke(main, arguments, env=settings)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One with an entry in its log."""
    made = Installation(tmp_path / "data")
    made.data.mkdir()
    added(made, "first@example.org", "First Person", "admin")
    return made


def added(installation: Installation, address: str, name: str, role: str) -> None:
    done = installation.command("people", "add", address, "--name", name, "--role", role)
    assert done.exit_code == 0, done.output


def test_a_lost_mark_is_put_back_from_a_kept_checkpoint(installation: Installation, tmp_path: Path) -> None:
    kept = exported(installation, tmp_path / "kept")
    for mark in (installation.data / "log").iterdir():
        mark.unlink()
    refused = audit(installation, "verify")
    assert refused.exit_code == 1
    assert "audit adopt" in refused.stderr
    said = audit(installation, "adopt", str(kept))
    assert said.stdout.startswith("The mark stands at ")
    assert audit(installation, "verify").exit_code == 0


def test_a_foreign_checkpoint_is_not_adopted(installation: Installation, tmp_path: Path) -> None:
    kept = exported(installation, tmp_path / "kept")
    foreign = tmp_path / "foreign.txt"
    foreign.write_text(kept.read_text().replace("\n", "\nx", 1))
    refused = audit(installation, "adopt", str(foreign))
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: ")
    assert "Traceback" not in refused.stderr


def test_after_a_lost_database_the_log_goes_on_and_says_so(installation: Installation, tmp_path: Path) -> None:
    database = installation.data / "service.sqlite3"
    old = tmp_path / "old.sqlite3"
    shutil.copy(database, old)
    added(installation, "new@example.org", "Somebody New", "auditor")
    lost = exported(installation, tmp_path / "kept")
    # An old copy comes back: it holds fewer entries than were signed
    for leftover in installation.data.glob("service.sqlite3*"):
        leftover.unlink()
    shutil.copy(old, database)
    assert audit(installation, "verify").exit_code == 1
    # The operator says so, under a new origin
    said = audit(installation, "continue", str(lost), "--reason", "The disk failed on Sunday.")
    assert said.exit_code == 0, said.stderr
    installation.environment["SIGNING_LOG_ORIGIN"] = "127.0.0.1/log/2"
    assert "The log is sound" in audit(installation, "verify").stdout
    exported(installation, tmp_path / "new")
    last = json.loads((tmp_path / "new" / "log.jsonl").read_text().splitlines()[-1])
    assert last["type"] == "log.continued"
    assert last["data"]["previous_origin"] == lost.read_text().splitlines()[0]
    assert (tmp_path / "new" / "checkpoint.txt").read_text().startswith("127.0.0.1/log/2\n")


def test_a_row_edited_by_hand_is_named(installation: Installation) -> None:
    """With SQL a person edits text, and SQLite then keeps text where bytes were."""
    database = sqlite3.connect(installation.data / "service.sqlite3")
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    database.execute("""UPDATE log_entry SET encoded = replace(encoded, '"v":1', '"v":2') WHERE idx = 0""")
    database.execute("UPDATE log_node SET hash = 'not a hash' WHERE level = 0 AND idx = 0")
    database.commit()
    database.close()
    said = audit(installation, "verify")
    assert said.exit_code == 1
    assert "entry 0, person.created: changed" in said.stderr
    assert "Traceback" not in said.stderr


def exported(installation: Installation, folder: Path) -> Path:
    """Export the log; the checkpoint is what somebody outside keeps."""
    done = audit(installation, "export", str(folder))
    assert done.exit_code == 0, done.output
    return folder / "checkpoint.txt"


def audit(installation: Installation, *arguments: str) -> Result:
    return installation.command("audit", *arguments)
