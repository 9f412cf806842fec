"""The guards in the database itself: rows of the log cannot be changed, replaced or removed by accident."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from signing_service.audit import erasure
from signing_service.db.base import Base
from signing_service.db.models.audit import append_only_ddl, install_append_only_triggers, install_log
from signing_service.db.session import Database
from tests.signing_service.audit.log_fixture import START, TestLog

TABLES = ("log_entry", "log_node", "log_checkpoint", "log_timestamp", "log_cosignature", "log_disclosure", "log_head")


def refused(log: TestLog, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), log.database.write() as session:
        session.execute(text(statement))


def with_rows_everywhere(log: TestLog) -> None:
    log.append(3)
    log.publish()
    with log.database.write() as session:
        session.execute(text("INSERT INTO log_cosignature (size, name, line) VALUES (3, 'w', 'l')"))
        session.execute(text("INSERT INTO log_timestamp (size, authority, token) VALUES (3, 'a', :t)"), {"t": b"t"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET actor = 'sea_2' WHERE idx = 1",
        "UPDATE log_node SET hash = hash WHERE level = 0",
        "UPDATE log_checkpoint SET note = 'other'",
        "UPDATE log_timestamp SET authority = 'other'",
        "UPDATE log_cosignature SET line = 'other'",
        "UPDATE log_disclosure SET text = 'other'",
        "UPDATE log_head SET size = 2",
        "UPDATE log_head SET size = 3",
        *(f"DELETE FROM {table}" for table in TABLES),
    ],
)
def test_rows_are_neither_changed_nor_removed(log: TestLog, statement: str) -> None:
    with_rows_everywhere(log)
    refused(log, statement)
    assert log.findings() == ["cosignature_wrong: checkpoint of 3 entries"]  # the test's own stub row


@pytest.mark.parametrize("table", TABLES)
def test_postgresql_does_not_truncate(postgresql_log: TestLog, table: str) -> None:
    with_rows_everywhere(postgresql_log)
    refused(postgresql_log, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", TABLES)
def test_sqlite_does_not_replace_a_row(sqlite_log: TestLog, table: str) -> None:
    with_rows_everywhere(sqlite_log)
    refused(sqlite_log, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_a_disclosure_goes_only_after_its_erasure_is_recorded(log: TestLog) -> None:
    one, other = (receipt.disclosures[0].digest for receipt in log.append(2))
    refused(log, f"DELETE FROM log_disclosure WHERE digest = '{one}'")
    with log.database.write() as session:
        erasure.erase(
            session,
            index=0,
            digests=[one],
            actor="per_1",
            second_person="per_2",
            legal_basis="gdpr_17_1",
            words="",
            at=START,
        )
    refused(log, f"DELETE FROM log_disclosure WHERE digest = '{other}'")
    assert log.findings() == []


def test_guards_can_be_installed_again_and_taken_off(log: TestLog) -> None:
    with log.database.write() as session:
        install_log(session.connection())
        install_append_only_triggers(session.connection())
    log.append(1)
    with log.unguarded(), log.database.write() as session:
        session.execute(text("UPDATE log_entry SET actor = 'sea_2'"))
    refused(log, "UPDATE log_entry SET actor = 'sea_1'")


def test_creating_all_tables_makes_the_log_ready() -> None:
    database = Database("sqlite://")
    with database.write() as session:
        Base.metadata.create_all(session.connection())
        assert session.scalar(text("SELECT size FROM log_head")) == 0
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text("UPDATE log_head SET size = 0"))


def test_other_databases_are_not_guarded_in_silence() -> None:
    with pytest.raises(ValueError, match="mysql"):
        append_only_ddl("mysql")
    assert all("log_" in statement for statement in append_only_ddl("sqlite") + append_only_ddl("postgresql"))
