"""Fixtures for all tests: both databases, an installation per test, the case of the demo at several stages.

A stage is played once per run and database; every test gets a copy of its own, so that no test sees another's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from werkzeug.routing import Rule

from keys import passphrases
from signing_service.db import session
from signing_service.services import Services, build
from tests.factories import case as cases
from tests.factories.databases import Postgres, running_postgres
from tests.factories.installation import StoppedClock, settings_in
from tests.factories.providers import RunningProvider, running_provider
from tests.factories.snapshots import Snapshots
from tests.factories.tokens import SoftHsm, soft_hsm_in
from tests.functional.chromium import chromium

ADDRESS_PARTS = ("arguments", "_parts", "_trace", "_converters", "_build", "_build_unknown")
DATABASES = ("sqlite", "postgresql")

# A run repeats the one before it, and a busy machine is no finding; HYPOTHESIS_PROFILE=explore looks for new cases.
hypothesis.settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a whole installation, for the quick check to leave it out; deal cases out to databases."""
    for item in items:
        if {"ready_keys", "postgres"} & set(getattr(item, "fixturenames", ())) or "postgresql" in cases_of(
            item
        ).values():
            item.add_marker("installation")
    elsewhere = set(tried_on_the_other_database(items))
    config.hook.pytest_deselected(items=[item for item in items if item in elsewhere])
    items[:] = [item for item in items if item not in elsewhere]


def cases_of(item: pytest.Item) -> dict[str, Any]:
    """What the cases of a test are made of; empty without cases."""
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


def tried_on_the_other_database(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """A test without cases runs on both databases. One with cases sees both too, each case on one of them in turn."""
    dealt: dict[str, dict[str, int]] = {}
    for item in items:
        params = dict(cases_of(item))
        database = params.pop("server", None)
        if database is None or not params:
            continue
        cases = dealt.setdefault(item.nodeid.partition("[")[0], {})
        case = "-".join(part for part in item.callspec.id.split("-") if part != database)
        turn = cases.setdefault(case, len(cases))
        if DATABASES[turn % len(DATABASES)] != database:
            yield item


class CompiledPages(BytecodeCache):
    """Compiled templates in memory."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.known[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def compiled_pages() -> None:
    """Every test makes an application of its own; the templates are the same each time and compiled once."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledPages()}


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> Iterator[None]:
    """Every test has databases of its own; a statement is compiled once for each kind of them."""
    statements: dict[object, object] = {}
    make = session.create_engine

    def made(*args: Any, **settings: Any) -> Engine:
        engine = make(*args, **settings)
        engine.update_execution_options(compiled_cache=statements)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        patch.setattr(session, "create_engine", made)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """All these applications have the same addresses; each is compiled once."""
    made: dict[object, dict[str, object]] = {}
    compile_one = Rule.compile

    def known(rule: Rule) -> None:
        what = (rule.rule, rule.subdomain, rule.merge_slashes, *sorted((rule.defaults or {}).items()))
        if what not in made:
            compile_one(rule)
            made[what] = {name: vars(rule)[name] for name in ADDRESS_PARTS}
        vars(rule).update(made[what])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", known)
        yield


@pytest.fixture(scope="session", autouse=True)
def stretched_keys() -> Iterator[None]:
    """A master key is stretched for as long as a guess shall take, 32 MiB each time; here once for each salt."""
    derived: dict[object, bytes] = {}

    class Known:
        def __init__(self, **settings: Any) -> None:
            self.settings = settings

        def derive(self, key_material: bytes) -> bytes:
            what = (tuple(self.settings.items()), bytes(key_material))
            if what not in derived:
                derived[what] = Scrypt(**self.settings).derive(key_material)
            return derived[what]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrases, "Scrypt", Known)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the stories of a file: while Playwright runs, nothing else in this thread can use asyncio."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def soft_hsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """A hardware module without tokens; every test makes its own."""
    return soft_hsm_in(tmp_path_factory.mktemp("hsm"))


@pytest.fixture(scope="session")
def csc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProvider]:
    """A trust service provider in a process of its own."""
    with running_provider(tmp_path_factory.mktemp("csc")) as provider:
        yield provider


@pytest.fixture(scope="session")
def ready_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys made once per run."""
    folder = tmp_path_factory.mktemp("keys")
    build(settings_in(folder)).db.close()
    return folder / "keys"


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Snapshots:
    """The stages of the case, each played once."""
    return Snapshots(tmp_path_factory.mktemp("stages"), ready_keys)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(params=DATABASES)
def server(request: pytest.FixtureRequest) -> Postgres | None:
    """None for SQLite; every test that asks for services sees both databases."""
    return request.getfixturevalue("postgres") if request.param == "postgresql" else None


@pytest.fixture
def at_stage(
    server: Postgres | None, snapshots: Snapshots, tmp_path: Path, clock: StoppedClock
) -> Iterator[Callable[[str], cases.Case]]:
    """`at_stage("frozen")`: a copy of the case at that stage, with this test's clock."""
    with snapshots.copies(server, tmp_path, clock) as copy:
        yield copy


@pytest.fixture
def services(at_stage: Callable[[str], cases.Case]) -> Services:
    """An installation with nobody in it."""
    return at_stage("empty").services


@pytest.fixture
def staffed(at_stage: Callable[[str], cases.Case]) -> cases.Case:
    return at_stage("staffed")


@pytest.fixture
def frozen(at_stage: Callable[[str], cases.Case]) -> cases.Case:
    return at_stage("frozen")


@pytest.fixture
def doors_open(at_stage: Callable[[str], cases.Case]) -> cases.Case:
    return at_stage("doors_open")


@pytest.fixture
def round_open(at_stage: Callable[[str], cases.Case]) -> cases.Case:
    return at_stage("round_open")


@pytest.fixture
def completed(at_stage: Callable[[str], cases.Case]) -> cases.Case:
    return at_stage("completed")
