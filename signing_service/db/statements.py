"""Runs the few SQL statements of the hot path as plain text, on the driver's own connection of the transaction.

Every signature waits for them, and building or unpacking them through the toolkit costs several times what the database
needs. All values are bound parameters, rows are plain tuples. Both dialects understand the same text but for the
parameter mark and the row lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection


def first_row(connection: Connection, statement: str, *values: object) -> Sequence[Any] | None:
    """Run a statement and return its first row, or None."""
    row: Sequence[Any] | None = _run(connection, statement, values).fetchone()
    return row


def rows(connection: Connection, statement: str, *values: object) -> Sequence[Sequence[Any]]:
    """Run a statement and return all its rows."""
    found: Sequence[Sequence[Any]] = _run(connection, statement, values).fetchall()
    return found


def execute(connection: Connection, statement: str, *values: tuple[object, ...]) -> None:
    """Run a statement that returns nothing, once per row of values."""
    for each in values:
        _run(connection, statement, each)


def _run(connection: Connection, statement: str, values: tuple[object, ...]) -> Any:
    # sqlite3 and psycopg both have it: a cursor of their own, made and run in one call
    driver: Any = connection.connection.driver_connection
    return driver.execute(_spelled(statement, connection.dialect.name), values)


@lru_cache(maxsize=512)
def _spelled(statement: str, dialect: str) -> str:
    if dialect == "postgresql":
        return statement.replace("?", "%s")
    return statement.split(" FOR UPDATE")[0]
