"""One fetch over HTTP from an address that a stranger's file or list names: fenced, and never done unless asked for.

The name is resolved once and the connection goes to the very address that was checked, so a name that changes its
answer (DNS rebinding) gains nothing. Only public addresses, http and https on their own ports, few redirects (each
checked like the first), a limit of bytes and of time for the whole.
"""

import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from keys.errors import FetchRefused

Resolve = Callable[[str, int], str]
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Fence:
    """The limits of a fetch. `resolve` gives an address for a name; `allow_private` is for tests on one machine."""

    most_bytes: int = 32 * 1024 * 1024
    seconds: float = 20.0
    allow_private: bool = False
    resolve: Resolve | None = None

    def get(self, url: str) -> bytes:
        """The body behind an address; raises `FetchRefused` with the reason."""
        deadline = time.monotonic() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(url, deadline)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise FetchRefused(host=_host(url), reason="it sends on too often")

    def _once(self, url: str, deadline: float) -> bytes | str:
        """The body, or the address it sends on to."""
        host, port, scheme = self._checked(url)
        address = (self.resolve or _resolve)(host, port)
        if not self.allow_private and not ipaddress.ip_address(address).is_global:
            raise FetchRefused(host=host, reason="its address is not a public one")
        literal = f"[{address}]" if ":" in address else address
        parts = urlsplit(url)
        target = f"{scheme}://{literal}:{port}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        headers, extensions = {"Host": parts.netloc.rpartition("@")[2]}, {"sni_hostname": host}
        left = max(0.1, deadline - time.monotonic())
        try:
            with (
                httpx.Client(timeout=left, follow_redirects=False, trust_env=False) as client,
                client.stream("GET", target, headers=headers, extensions=extensions) as reply,
            ):
                if reply.is_redirect:
                    return reply.headers["location"]
                if reply.status_code != httpx.codes.OK:
                    raise FetchRefused(host=host, reason=f"HTTP {reply.status_code}")
                return self._body(reply, host, deadline)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise FetchRefused(host=host, reason=type(error).__name__) from error

    def _checked(self, url: str) -> tuple[str, int, str]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise FetchRefused(host="", reason="it is no address") from error
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise FetchRefused(host=host, reason="only http and https without a name in it are followed")
        if port not in (80, 443) and not self.allow_private:
            raise FetchRefused(host=host, reason="only the usual ports are followed")
        return host, port, parts.scheme

    def _body(self, reply: httpx.Response, host: str, deadline: float) -> bytes:
        body = bytearray()
        for part in reply.iter_bytes():
            body += part
            if len(body) > self.most_bytes:
                raise FetchRefused(host=host, reason="it sends too much")
            if time.monotonic() > deadline:  # httpx limits each wait, not their sum
                raise FetchRefused(host=host, reason="it took too long")
        return bytes(body)


def _resolve(host: str, port: int) -> str:
    """One address; a name with a private address among several is refused as a whole."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise FetchRefused(host=host, reason="its name is not known") from error
    return next((one for one in found if not ipaddress.ip_address(one.partition("%")[0]).is_global), found[0])


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
