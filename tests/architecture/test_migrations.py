"""The migrations make exactly the tables of the models, go back to nothing and come again, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from agreements.templates import library
from signing_service.cli.demo_case import TEMPLATE
from signing_service.db import schema
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.audit import APPEND_ONLY
from signing_service.db.session import Database
from signing_service.operations import drafts, template_views, templates
from tests.factories import packages
from tests.factories.case import Case
from tests.factories.databases import Postgres


@pytest.fixture
def fresh(server: Postgres | None, tmp_path: Path) -> Iterator[Database]:
    """A database with the newest schema and nothing in it."""
    if server is None:
        database = Database(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
        schema.upgrade(database)
        yield database
        database.close()
        return
    with server.fresh() as url:
        database = Database(url)
        yield database
        database.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def triggers(database: Database) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if not database.is_sqlite:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with database.engine.connect() as connection:
        return set(connection.scalars(text(query)))


def test_head_is_what_the_models_say(fresh: Database) -> None:
    assert schema.differences(fresh) == []
    assert tables(fresh) == set(schema.METADATA.tables) | {"alembic_version"}


def test_down_to_nothing_and_up_again(fresh: Database) -> None:
    before = triggers(fresh)
    schema.downgrade(fresh, "base")
    assert tables(fresh) == {"alembic_version"}
    assert triggers(fresh) == set()
    schema.upgrade(fresh)
    assert schema.differences(fresh) == []
    assert triggers(fresh) == before


def test_upgrading_twice_changes_nothing(fresh: Database) -> None:
    schema.upgrade(fresh)
    assert schema.differences(fresh) == []


@pytest.mark.parametrize("table", [*APPEND_ONLY, "log_head", "log_disclosure"])
def test_every_table_of_the_log_has_its_guard(fresh: Database, table: str) -> None:
    """Triggers exist, and the head's is alive: nobody turns the log's size back."""
    assert [name for name in triggers(fresh) if name.startswith(f"{table}_")], table
    if table == "log_head":
        with pytest.raises(DBAPIError, match="append-only"), fresh.write() as session:
            session.execute(text("UPDATE log_head SET size = 0"))


def test_agreements_survive_the_column_of_their_package(staffed: Case) -> None:
    """Down and up again with an agreement and an uploaded template: the agreement takes the shipped one."""
    services, legal = staffed.services, staffed.staff["legal"]
    agreement_id = drafts.start(services, legal, TEMPLATE)
    drafts.save(services, legal, agreement_id, {"agreement_no": "SCA-2020-099"}, 1)
    templates.add(services, legal, packages.read(packages.small()), 1)
    schema.downgrade(services.db, "0006-1")
    schema.upgrade(services.db)
    assert schema.differences(services.db) == []
    with services.db.read() as session:
        assert session.get_one(Agreement, agreement_id).template_sha256 is None
    view = drafts.read(services, legal, agreement_id, "en")
    assert next(one for group in view.now.groups for one in group.fields if one.path == "agreement_no").value
    assert [one.state for one in template_views.list_all(services, legal)] == ["shipped"] * len(library())


def test_an_agreement_of_before_is_kept_on_the_way_down_and_up(frozen: Case) -> None:
    """Endings, deadlines and successors are new beside it; going back takes only them."""
    database, before = frozen.services.db, kept(frozen)
    schema.downgrade(database, "0007-1")
    assert not {"ending", "succession"} & tables(database)
    schema.upgrade(database)
    assert kept(frozen) == before
    with database.read() as session:
        row = session.get_one(Agreement, frozen.agreement_id)
        assert (row.sign_until_at, row.sign_until_zone) == (None, None)


def kept(case: Case) -> list[tuple[Any, ...]]:
    with case.services.db.engine.connect() as connection:
        return [
            tuple(row)
            for table in ("agreement_version", "document_revision", "signatory")
            for row in connection.execute(text(f"SELECT id, agreement_id FROM {table} ORDER BY id"))
        ] + [tuple(connection.execute(text("SELECT id, number, state, row_version FROM agreement")).one())]
