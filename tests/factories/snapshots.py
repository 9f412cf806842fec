"""Stages of the case, played once per run and database and copied for each test: seconds once, milliseconds after."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from signing_service.db import schema
from signing_service.db.session import Database
from signing_service.services import Services
from tests.factories import case as cases
from tests.factories.databases import Postgres
from tests.factories.installation import StoppedClock, services_in

BEFORE = timedelta(seconds=10)
"""A stage is over when the clock of a test begins, even that of the first test, for which it is played."""

STAGES: dict[str, Callable[[Services], cases.Case]] = {
    "empty": lambda services: cases.Case(services, {}),
    "staffed": cases.staffed,
    "approved": cases.approved,
    "frozen": cases.frozen,
    "invited": cases.invited,
    "rehearsing": cases.rehearsing,
    "doors_open": cases.doors_open,
    "round_open": cases.round_open,
    "completed": cases.completed,
}


@dataclass(frozen=True)
class _Stage:
    case: cases.Case
    folder: Path
    database: str | None


class Snapshots:
    """Plays and copies stages. SQLite: a file is copied; PostgreSQL: a database is used as a template."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self._folder = folder
        self._keys = keys
        self._played: dict[tuple[str, bool], _Stage] = {}

    @contextmanager
    def copies(
        self, server: Postgres | None, folder: Path, clock: StoppedClock
    ) -> Iterator[Callable[[str], cases.Case]]:
        """A function that gives copies of stages until the block ends."""
        with ExitStack() as stack:

            def copy(stage: str) -> cases.Case:
                played = self._stage(stage, server)
                services = self._opened(played, server, folder, clock, stack)
                stack.callback(services.db.close)
                seats = [replace(seat, services=services) for seat in played.case.seats]
                return replace(played.case, services=services, seats=seats)

            yield copy

    def _stage(self, stage: str, server: Postgres | None) -> _Stage:
        key = (stage, server is None)
        if key not in self._played:
            self._played[key] = self._play(stage, server)
        return self._played[key]

    def _play(self, stage: str, server: Postgres | None) -> _Stage:
        folder = self._folder / f"{stage}-{'sqlite' if server is None else 'postgresql'}"
        name = None if server is None else server.create()
        url = None if server is None or name is None else server.url_of(name)
        services = services_in(folder, self._keys, url, StoppedClock(datetime.now(UTC) - BEFORE))
        if server is None:
            schema.upgrade(services.db)
        case = STAGES[stage](services)
        _settle(services.db)
        services.db.close()
        return _Stage(case, folder, name)

    def _opened(
        self, played: _Stage, server: Postgres | None, folder: Path, clock: StoppedClock, stack: ExitStack
    ) -> Services:
        shutil.copytree(played.folder, folder / "data", dirs_exist_ok=True)
        if server is None:
            return services_in(folder / "data", self._keys, None, clock)
        name = server.create(played.database)
        stack.callback(server.drop, name)
        return services_in(folder / "data", self._keys, server.url_of(name), clock)


def _settle(database: Database) -> None:
    """Move SQLite's write-ahead log into the file, so that the file alone is the database."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
