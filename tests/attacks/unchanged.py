"""“Nothing was changed”: the rows of every table before and after, and what the log gained in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Column, LargeBinary, select

from signing_service.db.models.audit import LogEntry
from signing_service.db.schema import METADATA
from signing_service.services import Services

REFUSED = ("access.refused",)


def rows(services: Services) -> dict[str, list[str]]:
    """Every row of every table but those of the log; long binary columns by length only."""
    with services.db.reading() as transaction:
        return {
            name: sorted(repr(tuple(row)) for row in transaction.connection.exec_driver_sql(asked))
            for name, asked in _questions(services.db.is_sqlite).items()
        }


@cache
def _questions(is_sqlite: bool) -> dict[str, str]:
    """Table → what to ask the driver, which gives the values as they are stored."""
    length = "length" if is_sqlite else "octet_length"
    return {
        name: f"SELECT {', '.join(_asked(column, length) for column in table.columns)} FROM {name}"
        for name, table in METADATA.tables.items()
        if not name.startswith("log_")
    }


def _asked(column: Column[Any], length: str) -> str:
    return f'{length}("{column.name}")' if isinstance(column.type, LargeBinary) else f'"{column.name}"'


def log_types(services: Services, after: int = 0) -> tuple[str, ...]:
    """The types of the log's entries from index `after` on."""
    with services.db.read() as session:
        found = session.scalars(select(LogEntry.type).where(LogEntry.idx >= after).order_by(LogEntry.idx))
        return tuple(found)


@contextmanager
def nothing_changes(services: Services, recorded: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> Iterator[None]:
    """No row changes while the block runs (except in the tables `but`), and the log gains exactly `recorded`."""
    before, size = rows(services), len(log_types(services))
    yield
    after = rows(services)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= set(but), {name: set(after[name]) ^ set(before[name]) for name in changed}
    gained = log_types(services, size)
    assert gained == recorded, f"the log gained {gained}"
