"""Fetching what certificates point to (lists, OCSP answers) without becoming somebody's tool inside our own network.

A certificate is a stranger's text, and so is each address in it. Only http and https to public addresses, the name is
resolved once and the connection goes to the very address that was judged (no second look-up), no redirects, limited in
time and size. The operator may allow private addresses for an authority in their own house.
"""

import ipaddress
import socket
import time
from dataclasses import dataclass

import httpx

from keys.errors import FetchRefused

TIMEOUT_SECONDS = 5.0
MAXIMUM_BYTES = 4 * 1024 * 1024
"""Lists of large authorities have some megabytes."""

MAXIMUM_URL = 1000
PORTS = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True)
class Fetcher:
    """GET and POST through the fence; every refusal is `FetchRefused` and says why.

    `allow_private`: the operator's decision for the whole installation. With it any port is allowed as well.
    """

    allow_private: bool = False
    timeout_seconds: float = TIMEOUT_SECONDS
    maximum_bytes: int = MAXIMUM_BYTES

    def get(self, url: str) -> bytes:
        """The body at an address."""
        return self._exchange("GET", url, None, None)

    def post(self, url: str, content: bytes, kind: str) -> bytes:
        """The answer to a body of a content type."""
        return self._exchange("POST", url, content, kind)

    def _exchange(self, method: str, url: str, content: bytes | None, kind: str | None) -> bytes:
        address = self._address(url)
        host = address.host
        judged = self._judged(host, address.port or (443 if address.scheme == "https" else 80))
        headers = {"Host": address.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        if kind is not None:
            headers["Content-Type"] = kind
        deadline = time.monotonic() + self.timeout_seconds
        try:
            with (
                httpx.Client(timeout=self.timeout_seconds, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    method,
                    address.copy_with(host=judged),
                    content=content,
                    headers=headers,
                    extensions={"sni_hostname": host},
                ) as reply,
            ):
                if reply.status_code != httpx.codes.OK:
                    raise FetchRefused(host=host, reason=f"HTTP {reply.status_code}")
                return self._body(reply, host, deadline)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise FetchRefused(host=host, reason=type(error).__name__) from error

    def _body(self, reply: httpx.Response, host: str, deadline: float) -> bytes:
        body = bytearray()
        for part in reply.iter_bytes():
            body += part
            if len(body) > self.maximum_bytes:
                raise FetchRefused(host=host, reason="it is too long")
            if time.monotonic() > deadline:
                raise FetchRefused(host=host, reason=f"it took longer than {self.timeout_seconds:g} s")
        return bytes(body)

    def _address(self, url: str) -> httpx.URL:
        if len(url) > MAXIMUM_URL:
            raise FetchRefused(host="the address", reason="it is too long")
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise FetchRefused(host="the address", reason="it cannot be read") from error
        if address.scheme not in ("http", "https") or not address.host or address.userinfo:
            raise FetchRefused(host=address.host or "the address", reason="only plain http and https are fetched")
        if not self.allow_private and address.port is not None and address.port not in PORTS:
            raise FetchRefused(host=address.host, reason=f"port {address.port} is not one of the web")
        return address

    def _judged(self, host: str, port: int) -> str:
        """The address to connect to; every address of the name must be public, not just the one taken."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchRefused(host=host, reason="there is no such host") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self.allow_private and not all(_is_public(address) for address in addresses):
            raise FetchRefused(host=host, reason="it is not a public address")
        return addresses[0]


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_global and not address.is_multicast
