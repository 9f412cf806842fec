"""Fetching what certificates and lists point to, without becoming somebody's tool inside our own network.

A certificate is a stranger's text, and so is each address in it. Only http and https to public addresses; every name is
resolved once, while the connection is made, and the connection goes to the very address that was judged. One limit of
time for everything from the name to the last byte, one of size, nothing packed. A redirect is refused, or followed few
times with each target judged anew. The operator may allow private addresses for an authority in their own house.
"""

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpcore
import httpx

from keys.errors import FetchRefused
from keys.trust.addresses import is_public

TIMEOUT_SECONDS = 5.0
MAXIMUM_BYTES = 4 * 1024 * 1024
"""Lists of large authorities have some megabytes."""

MAXIMUM_URL = 1000
PORTS = frozenset({80, 443, 8080, 8443})
STANDARD_PORTS = {"http": 80, "https": 443}
FOUND, MOVED = 200, frozenset({301, 302, 303, 307, 308})
Resolve = Callable[[str, int], Sequence[str]]


def _by_the_system(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Fetcher:
    """GET and POST through the fence; every refusal is `FetchRefused` and says why.

    `allow_private`: the operator's decision for the whole installation. With it any port is allowed as well.
    `redirects`: how many are followed. `open_for` are `host:port` pairs that are let through as they are: for a peer on
    this machine whose address is known to the caller, never out of settings. `resolve` gives a name's addresses.
    """

    allow_private: bool = False
    timeout_seconds: float = TIMEOUT_SECONDS
    maximum_bytes: int = MAXIMUM_BYTES
    redirects: int = 0
    open_for: frozenset[str] = frozenset()
    resolve: Resolve = _by_the_system

    def get(self, url: str) -> bytes:
        """The body at an address."""
        deadline = time.monotonic() + self.timeout_seconds
        for _ in range(self.redirects + 1):
            body, moved_to = self._exchange("GET", url, None, None, deadline)
            if moved_to is None:
                return body
            url = self._next(url, moved_to)
        raise FetchRefused(host=_host(url), reason="it was moved too often")

    def post(self, url: str, content: bytes, kind: str) -> bytes:
        """The answer to a body of a content type; never redirected."""
        body, moved_to = self._exchange("POST", url, content, kind, time.monotonic() + self.timeout_seconds)
        if moved_to is not None:
            raise FetchRefused(host=_host(url), reason="a question is not sent on to another address")
        return body

    def _exchange(
        self, method: str, url: str, content: bytes | None, kind: str | None, deadline: float
    ) -> tuple[bytes, str | None]:
        """The body, or where it was moved to."""
        address = self._address(url)
        headers: dict[bytes | str, bytes | str] = {
            "Accept-Encoding": "identity",
            "Accept": "*/*",
            "User-Agent": "signing-service",
        }
        if kind is not None:
            headers["Content-Type"] = kind
        target = httpcore.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        way = _Way(self, deadline)
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=way, retries=0
                ) as pool,
                pool.stream(method, target, headers=headers, content=content) as reply,
            ):
                told = {name.lower(): value.decode("latin-1") for name, value in reply.headers}
                if reply.status in MOVED and self.redirects and method == "GET":
                    return b"", told.get(b"location", "")
                if reply.status != FOUND:
                    raise FetchRefused(host=address.host, reason=f"HTTP {reply.status}")
                if told.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
                    raise FetchRefused(host=address.host, reason="it is packed, which was not asked for")
                return self._body(reply, address.host), None
        except (httpcore.TimeoutException, TimeoutError) as error:
            reason = f"it took longer than {self.timeout_seconds:g} s"
            raise FetchRefused(host=address.host, reason=reason) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError, ValueError) as error:
            raise FetchRefused(host=address.host, reason=type(error).__name__) from error

    def _body(self, reply: httpcore.Response, host: str) -> bytes:
        body = bytearray()
        for part in reply.iter_stream():
            body += part
            if len(body) > self.maximum_bytes:
                raise FetchRefused(host=host, reason="it is too long")
        return bytes(body)

    def _next(self, url: str, moved_to: str) -> str:
        """The address after a redirect; one that leaves TLS is refused."""
        try:
            target = httpx.URL(url).join(moved_to)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchRefused(host=_host(url), reason="it was moved to an address that cannot be read") from error
        if httpx.URL(url).scheme == "https" and target.scheme != "https":
            raise FetchRefused(host=_host(url), reason="it was moved to an address without TLS")
        return str(target)

    def _address(self, url: str) -> httpx.URL:
        if len(url) > MAXIMUM_URL:
            raise FetchRefused(host="the address", reason="it is too long")
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise FetchRefused(host="the address", reason="it cannot be read") from error
        if address.scheme not in STANDARD_PORTS or not address.host or address.userinfo:
            raise FetchRefused(host=address.host or "the address", reason="only plain http and https are fetched")
        port = address.port or STANDARD_PORTS[address.scheme]
        if not self._is_open_for(address.host, port) and port not in PORTS:
            raise FetchRefused(host=address.host, reason=f"port {port} is not one of the web")
        return address

    def _is_open_for(self, host: str, port: int) -> bool:
        return self.allow_private or f"{host}:{port}" in self.open_for

    def judged(self, host: str, port: int) -> str:
        """The address to connect to; every address of the name must be public, not just the one taken."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchRefused(host=host, reason="there is no such host") from error
        if not found or not (self._is_open_for(host, port) or all(is_public(address) for address in found)):
            raise FetchRefused(host=host, reason="it is not a public address")
        return found[0]


class _Way(httpcore.NetworkBackend):
    """Connections to judged addresses only, on which everything together ends by the deadline."""

    def __init__(self, fetcher: Fetcher, deadline: float) -> None:
        self.fetcher, self.deadline = fetcher, deadline
        self.under = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: object = None,
    ) -> httpcore.NetworkStream:
        """Resolve, judge, connect: between the judgement and the connection there is no second look-up."""
        judged = self.fetcher.judged(host, port)
        return _Stream(self.under.connect_tcp(judged, port, timeout=_left(self.deadline)), self.deadline)


class _Stream(httpcore.NetworkStream):
    """One connection; a peer that sends a byte now and then does not begin a new span of time with each."""

    def __init__(self, under: httpcore.NetworkStream, deadline: float) -> None:
        self.under, self.deadline = under, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.under.read(max_bytes, timeout=_left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.under.write(buffer, timeout=_left(self.deadline))

    def close(self) -> None:
        self.under.close()

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """TLS on this connection, for the name that was asked for."""
        secured = self.under.start_tls(ssl_context, server_hostname, timeout=_left(self.deadline))  # type: ignore[arg-type]
        return _Stream(secured, self.deadline)

    def get_extra_info(self, info: str) -> object:
        return self.under.get_extra_info(info)


def _left(deadline: float) -> float:
    """Seconds that are left; raises when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or "the address"
    except httpx.InvalidURL:
        return "the address"
