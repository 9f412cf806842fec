"""One durable log entry beside one bare durable row in the same database engine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import text

from benchmarks.table import Row, compare
from signing_service.audit import journal
from signing_service.audit.actions import Action
from signing_service.audit.details.people import PersonSignedOut
from signing_service.clock import system_clock
from signing_service.db import schema
from signing_service.db.session import Database

ROUNDS = 200


def rows() -> list[Row]:
    """SQLite, WAL, synchronous=FULL; a new transaction each time."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        schema.upgrade(database)
        with database.write() as session:
            session.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))

        def ours() -> None:
            with database.write() as session:
                journal.record(
                    session,
                    action=Action.PERSON_SIGNED_OUT,
                    actor="per_bench",
                    details=PersonSignedOut("per_bench"),
                    at=system_clock(),
                )

        def bare() -> None:
            with database.write() as session:
                session.execute(text("INSERT INTO bare (words) VALUES ('one row, as long as an entry of the log')"))

        found = [compare("append, durable", ours, "one bare row", bare, rounds=ROUNDS, target=0.67)]
        database.close()
        return found
