"""Fixtures for all tests: both databases, an installation per test, the case of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signing_service.db import schema
from signing_service.services import Services, build
from tests.factories import case as cases
from tests.factories.databases import Postgres, running_postgres
from tests.factories.installation import StoppedClock, services_in, settings_in


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def ready_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys made once per run."""
    folder = tmp_path_factory.mktemp("keys")
    build(settings_in(folder)).db.close()
    return folder / "keys"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Every test that asks for services runs on both databases."""
    if request.param == "sqlite":
        yield None
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as url:
        yield url


@pytest.fixture
def services(
    tmp_path: Path, ready_keys: Path, database_url: str | None, clock: StoppedClock
) -> Iterator[Services]:
    built = services_in(tmp_path, ready_keys, database_url, clock)
    if database_url is None:
        schema.upgrade(built.db)
    yield built
    built.db.close()


@pytest.fixture
def staffed(services: Services) -> cases.Case:
    return cases.staffed(services)


@pytest.fixture
def frozen(services: Services) -> cases.Case:
    return cases.frozen(services)


@pytest.fixture
def doors_open(services: Services) -> cases.Case:
    return cases.doors_open(services)


@pytest.fixture
def round_open(services: Services) -> cases.Case:
    return cases.round_open(services)
