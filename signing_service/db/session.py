"""The database handle: one engine, a way to read and a way to write, each as a transaction or as its session.

Only `signing_service.operations` opens a write transaction. On SQLite writes begin with `BEGIN IMMEDIATE`, so two
writers queue instead of failing half-way; WAL with `synchronous=FULL` makes a commit survive a power cut. SQLite lets
writers queue by asking again and again, without order and with ever longer pauses; so those of one process stand in a
line of ours before they ask (`line`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from signing_service.db.line import Line

WRITE = "signing_write"
BUSY_SECONDS = 30
#: Connections kept, and at most: every thread of the server may look at the same moment.
KEPT_CONNECTIONS, MORE_CONNECTIONS = 20, 140


class Transaction:
    """A transaction that was begun: its connection for plain statements (`db.statements`), and a session over it for
    who works with objects. The session is made when it is first asked for: most steps of a signature need none."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """Objects over this transaction; whoever opened it commits or rolls back."""
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    def flush(self) -> None:
        """Write what the session holds back."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        """Let the session's objects go; the transaction stays as it is."""
        if self._session is not None:
            self._session.close()


class Database:
    """Hands out sessions. `url` is a SQLAlchemy URL: `sqlite:///…` or `postgresql+psycopg://…`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite_engine(url) if self.is_sqlite else create_engine(url, pool_size=20, pool_pre_ping=True)
        self._writer = self.engine.execution_options(**{WRITE: True})
        self._line: Line | None = Line() if self.is_sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction for looking; whatever happens in it is rolled back."""
        with self.engine.connect() as connection:
            begun, transaction = connection.begin(), Transaction(connection)
            try:
                yield transaction
            finally:
                transaction.close()
                begun.rollback()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that commits when the block ends well and rolls back otherwise."""
        with self._line or nullcontext(), self._writer.begin() as connection:
            transaction = Transaction(connection)
            try:
                yield transaction
                transaction.flush()
            finally:
                transaction.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """The session of `reading`."""
        with self.reading() as transaction:
            yield transaction.session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """The session of `writing`."""
        with self.writing() as transaction:
            yield transaction.session

    @contextmanager
    def write_connection(self) -> Iterator[Connection]:
        """A bare connection inside a write transaction, for migrations."""
        with self._line or nullcontext(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=QueuePool,
        pool_size=KEPT_CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin on its own
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(WRITE)
        driver: Any = connection.connection.driver_connection  # every act begins here
        driver.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
