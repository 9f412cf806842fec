"""Data that was there before a migration is there after it, up and down, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from signing_service.db import schema
from signing_service.db.session import Database
from tests.factories.databases import Postgres

REVIEW = """
INSERT INTO review (agreement_id, route, version_number, version_sha256, submitted_by, submitted_at)
VALUES ('agr_1', '{"stages": []}', 1, 'ab', 'per_1', '2026-11-20 09:00:00.000000')
"""
BEFORE = (
    "INSERT INTO person (id, name, email, roles, language, active) "
    "VALUES ('per_1', 'L', 'l@x.example', '[\"legal\"]', 'en', true)",
    "INSERT INTO agreement (id, title, template_id, template_version, state, row_version, author_id, last_editor_id, "
    "newest_version, created_at, changed_at) VALUES ('agr_1', '{}', 't', '1.0.0', 'in_review', 1, 'per_1', 'per_1', 1, "
    "'2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000')",
    REVIEW,
)


@pytest.fixture
def database(server: Postgres | None, tmp_path: Path) -> Iterator[Database]:
    """The newest schema, with nothing in it."""
    if server is None:
        fresh = Database(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
        schema.upgrade(fresh)
        yield fresh
        fresh.close()
        return
    with server.fresh() as url:
        fresh = Database(url)
        yield fresh
        fresh.close()


def test_reviews_under_way_are_looked_at_once_routes_are_at_work(database: Database) -> None:
    schema.downgrade(database, "0002")
    with database.write_connection() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
    schema.upgrade(database)
    assert schema.differences(database) == []
    with database.read() as session:
        same = "SELECT count(*) FROM review WHERE remind_at = submitted_at AND version_sha256 = 'ab'"
        assert session.scalar(text(same)) == 1
    schema.downgrade(database, "0002")
    with database.read() as session:
        assert session.scalar(text("SELECT submitted_by FROM review")) == "per_1"
