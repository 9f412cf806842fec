"""The server as a process: Ctrl-C ends it within seconds and leaves nothing behind; what was there is there again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from signing_service.cli.demo_server import Server

pytestmark = pytest.mark.slow


def test_ctrl_c_ends_every_process_quietly(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    assert server.process is not None
    with httpx.stream("GET", f"{server.base_url}/pki/root.pem"):
        os.killpg(server.process.pid, signal.SIGINT)
    begun = time.monotonic()
    server.process.wait(30)
    assert not alive(server.process.pid), f"still there after {time.monotonic() - begun:.0f} s"
    assert "SIGKILL" not in server.log.read_text(), "the worker went by itself"


def test_a_second_start_keeps_keys_and_log(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    with server:
        root = httpx.get(f"{server.base_url}/pki/root.pem").content
    with server:
        assert httpx.get(f"{server.base_url}/pki/root.pem").content == root


def alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
