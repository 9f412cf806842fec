"""Rows that may be there already: who comes second waits for the first and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from signing_service.db.base import Base

_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_new(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose key is new, and leave the others as they are."""
    insert = _INSERT[session.get_bind().dialect.name]
    session.execute(insert(table).on_conflict_do_nothing(), rows)
