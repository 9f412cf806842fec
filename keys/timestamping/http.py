"""A time stamp authority reached over HTTP (RFC 3161 §3.4). One request, no redirects, bounded in time and size."""

import secrets
import time

import httpx

from keys.clock import Clock, system_clock
from keys.errors import TimestampAddressInvalid, TimestampNotUsable, TimestampUnavailable
from keys.timestamping.responses import Question, accept, request

QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
TIMEOUT_SECONDS = 5.0
"""For the whole exchange: it happens inside the turn of a signature."""

MAXIMUM_REPLY_BYTES = 64 * 1024
NONCE_BITS = 64


class HttpAuthority:
    """A foreign authority at a URL. One instance keeps its connections open and may be shared between threads."""

    def __init__(
        self,
        url: str,
        *,
        name: str | None = None,
        credentials: tuple[str, str] | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        clock: Clock = system_clock,
    ) -> None:
        host = _host(url)
        self.name = name or host
        self._url = url
        self._timeout = timeout_seconds
        self._clock = clock
        self._client = httpx.Client(
            timeout=timeout_seconds,
            follow_redirects=False,
            auth=httpx.BasicAuth(*credentials) if credentials else None,
            headers={"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE},
        )

    def token(self, sha256_imprint: bytes) -> bytes:
        """A checked token over the digest; raises from the `TimestampError` tree."""
        nonce = secrets.randbits(NONCE_BITS)
        body = self._exchange(request(sha256_imprint, nonce))
        return accept(body, Question(self.name, sha256_imprint, nonce, self._clock()))

    def _exchange(self, query: bytes) -> bytes:
        deadline = time.monotonic() + self._timeout
        try:
            with self._client.stream("POST", self._url, content=query) as reply:
                self._require_reply(reply)
                return self._body(reply, deadline)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise TimestampUnavailable(reasons=f"{self.name}: {type(error).__name__}") from error

    def _require_reply(self, reply: httpx.Response) -> None:
        if reply.status_code != httpx.codes.OK:
            raise TimestampUnavailable(reasons=f"{self.name}: HTTP {reply.status_code}")
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != REPLY_TYPE:
            raise TimestampNotUsable(authority=self.name, reason="its content type is not that of a time stamp")

    def _body(self, reply: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        for part in reply.iter_bytes():
            body += part
            if len(body) > MAXIMUM_REPLY_BYTES:
                raise TimestampNotUsable(authority=self.name, reason="it is too long")
            if time.monotonic() > deadline:  # httpx limits each wait, not their sum
                raise TimestampUnavailable(reasons=f"{self.name}: it took longer than {self._timeout:g} s")
        return bytes(body)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _host(url: str) -> str:
    """The host of an http or https URL; raises `TimestampAddressInvalid`."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise TimestampAddressInvalid(address=url[:200]) from error
    if address.scheme not in ("http", "https") or not address.host:
        raise TimestampAddressInvalid(address=url[:200])
    return address.host
