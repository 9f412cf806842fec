"""The live pages: without script over a test client, and in real browsers against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.factories.rooms import Rooms
from tests.signing_service.pages_live.guests import Hall


@pytest.fixture
def server() -> None:
    """SQLite only; what differs between databases is tested at the operations."""


@pytest.fixture(scope="package")
def rooms(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Rooms]:
    """One server for all stories; each story has a ceremony of its own."""
    with Rooms(tmp_path_factory.mktemp("live"), ready_keys) as running:
        yield running


@pytest.fixture
def hall(rooms: Rooms, browser: Browser) -> Iterator[Hall]:
    with Hall(rooms, browser) as opened:
        yield opened
