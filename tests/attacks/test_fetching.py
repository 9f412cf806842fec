"""Addresses out of a stranger's file: the service's own network, a name that changes its answer, endless bodies."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from keys.errors import FetchRefused
from keys.trust.fence import Fence


class _Peer(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        _Peer.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (5000 if self.path == "/long" else 5))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def peer() -> Iterator[str]:
    _Peer.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Peer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "169.254.169.254",
        "192.168.1.1",
        "0.0.0.0",
        "::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "100.64.0.1",
    ],
)
def test_addresses_of_an_own_network_are_refused(address: str) -> None:
    with pytest.raises(FetchRefused, match="not a public one"):
        Fence(resolve=lambda _host, _port: address).get("http://lists.example/list.xml")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/x", "http://user@example.org/", "http://example.org:22/", "http://"],
)
def test_other_schemes_ports_and_names_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        Fence(resolve=lambda _host, _port: "93.184.216.34").get(url)


def test_a_name_is_asked_once_and_the_checked_address_is_used(peer: str) -> None:
    """A name that answers with a public address first and a private one later: there is no later."""
    answers = iter(["127.0.0.1"])
    fence = Fence(allow_private=True, resolve=lambda _host, _port: next(answers))
    assert fence.get(f"http://rebinding.invalid:{peer.rpartition(':')[2]}/a") == b"xxxxx"


def test_where_it_is_sent_on_to_is_checked_like_the_first(peer: str) -> None:
    fence = Fence(allow_private=True)
    with pytest.raises(FetchRefused, match="only http"):
        fence.get(f"http://{peer}/to/file:///etc/passwd")
    with pytest.raises(FetchRefused, match="too often"):
        fence.get(f"http://{peer}/to//to//to//to//to//to/")
    assert fence.get(f"http://{peer}/to//short") == b"xxxxx"


def test_a_long_body_is_cut_off(peer: str) -> None:
    with pytest.raises(FetchRefused, match="too much"):
        Fence(allow_private=True, most_bytes=1000).get(f"http://{peer}/long")


def test_the_real_resolver_refuses_this_machine(peer: str) -> None:
    with pytest.raises(FetchRefused):
        Fence().get(f"http://localhost:{peer.rpartition(':')[2]}/short")
    with pytest.raises(FetchRefused, match="not a public one"):
        Fence().get("http://localhost/short")
    assert _Peer.asked == []
