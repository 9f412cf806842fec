"""The server as a process: it ends within seconds and leaves nothing; what was there is there again."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from signing_service.cli.demo_server import Server
from tests.functional.conftest import Demo

pytestmark = pytest.mark.slow
AUDIENCE = 5


def test_ctrl_c_ends_every_process_quietly(demo: Demo) -> None:
    with watched(demo):
        ended_by(demo.server, signal.SIGINT)


def test_asked_to_go_it_ends_the_streams_and_goes(demo: Demo) -> None:
    with watched(demo) as streams:
        ended_by(demo.server, signal.SIGTERM)
        for stream in streams:
            list(stream)  # raises when a stream is cut in the middle instead of ended


def test_a_second_start_keeps_keys_and_log(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    with server:
        root = httpx.get(f"{server.base_url}/pki/root.pem").content
    with server:
        assert httpx.get(f"{server.base_url}/pki/root.pem").content == root


@contextmanager
def watched(demo: Demo) -> Iterator[list[Iterator[str]]]:
    """An audience at the running server, each with a stream that stays open."""
    page = httpx.get(demo.links["stage"][0]).raise_for_status().text
    found = re.search(r'"events":\s*"([^"]+)"', page)
    assert found
    with ExitStack() as open_streams:
        lines = []
        for _ in range(AUDIENCE):
            response = open_streams.enter_context(httpx.stream("GET", demo.base_url + found[1], timeout=30))
            lines.append(response.iter_lines())
            assert next(lines[-1]).startswith("retry:")
        yield lines


def ended_by(server: Server, number: int) -> None:
    """Send `number` as a terminal does, to every process, and see all of them gone without force."""
    assert server.process is not None
    begun = time.monotonic()
    os.killpg(server.process.pid, number)
    server.process.wait(30)
    assert not alive(server.process.pid), f"still there after {time.monotonic() - begun:.0f} s"
    assert "SIGKILL" not in server.log.read_text(), "the worker went by itself"


def alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
