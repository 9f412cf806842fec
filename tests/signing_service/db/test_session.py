"""Reading and writing: a read leaves nothing, a write is whole or not at all, two writers queue, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.files import StoredFile
from signing_service.db.models.people import Person, StaffSession
from signing_service.services import Services


def person(number: int = 1) -> Person:
    return Person(id=f"per_{number}", name="林", email=f"{number}@x.example", roles=["legal"], language="en")


def people(services: Services) -> int:
    with services.db.read() as session:
        return session.query(Person).count()


def test_what_happens_while_reading_is_not_kept(services: Services) -> None:
    with services.db.read() as session:
        session.add(person())
        session.flush()
    assert people(services) == 0


def test_a_write_that_fails_leaves_nothing(services: Services) -> None:

    def half(session: Session) -> None:
        session.add(person())
        session.flush()
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError), services.db.write() as session:
        half(session)
    assert people(services) == 0


def test_a_row_without_its_owner_is_refused(services: Services) -> None:
    """Foreign keys hold, on SQLite too."""
    now = datetime.now(UTC)
    with pytest.raises(IntegrityError), services.db.write() as session:
        session.add(StaffSession(token_sha256="0" * 64, person_id="per_nobody", created_at=now, expires_at=now))


def test_two_writers_queue_and_both_are_kept(services: Services) -> None:
    """Eight threads, each reading a count and writing it back plus one under the lock: nothing is lost."""
    with services.db.write() as session:
        session.add(person())
        session.flush()
        now = datetime.now(UTC)
        session.add(
            Agreement(
                id="agr_1",
                title={},
                template_id="t",
                template_version="1",
                state="draft",
                row_version=0,
                author_id="per_1",
                last_editor_id="per_1",
                created_at=now,
                changed_at=now,
            )
        )
    problems: list[BaseException] = []

    def count() -> None:
        try:
            for _ in range(5):
                with services.db.write() as session:
                    session.get_one(Agreement, "agr_1", with_for_update=True).row_version += 1
        except BaseException as problem:  # shown below, in the test's own thread
            problems.append(problem)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with services.db.read() as session:
        assert session.get_one(Agreement, "agr_1").row_version == 40


def test_sqlite_is_set_up_to_survive_a_power_cut(services: Services) -> None:
    if not services.db.is_sqlite:
        return
    with services.db.engine.connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_moment_comes_back_as_it_was_in_utc(services: Services) -> None:
    shanghai = datetime(2026, 11, 22, 18, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with services.db.write() as session:
        session.add(person())
        session.add(StaffSession(token_sha256="0" * 64, person_id="per_1", created_at=shanghai, expires_at=shanghai))
    with services.db.read() as session:
        kept = session.get_one(StaffSession, "0" * 64).created_at
    assert kept == shanghai
    assert kept.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused(services: Services) -> None:
    naive = datetime(2026, 11, 22, 10, 0)
    row = StaffSession(token_sha256="0" * 64, person_id="per_1", created_at=naive, expires_at=naive)
    with pytest.raises(StatementError, match="naive"), services.db.write() as session:
        session.add_all([person(), row])


def test_the_same_bytes_are_kept_once_under_their_hash(services: Services) -> None:
    with services.db.write() as session:
        first = files.put(session, b"%PDF-1.7", "application/pdf")
        assert files.put(session, b"%PDF-1.7", "application/pdf") == first
    with services.db.read() as session:
        assert files.get(session, first) == b"%PDF-1.7"
        assert session.query(StoredFile).count() == 1
        with pytest.raises(files.FileMissing):
            files.get(session, "0" * 64)
