"""A browser and a demo installation for the stories."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import from_environment
from signing_service.cli import demo_case
from signing_service.cli.demo_server import Server
from signing_service.db import schema
from signing_service.services import build


@dataclass(frozen=True)
class Demo:
    """A running demo and its links: key → links in the order of the signatories."""

    server: Server
    links: dict[str, list[str]]

    @property
    def base_url(self) -> str:
        return self.server.base_url


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The demo as `make run` seeds it, on a server of its own."""
    server = Server(tmp_path / "data")
    services = build(from_environment({**os.environ, **server.environment}))
    schema.upgrade(services.db)
    demo_case.seed_once(services)
    services.db.close()
    links: dict[str, list[str]] = {}
    for link in json.loads(services.settings.demo_links_file.read_text()):
        links.setdefault(link["key"], []).append(link["url"])
    with server:
        yield Demo(server, links)
