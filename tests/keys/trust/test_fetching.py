"""The fence: addresses in certificates are strangers' text, and nobody reaches into our own network by them."""

from __future__ import annotations

import pytest

from keys.errors import FetchRefused
from keys.trust.fetching import Fetcher
from tests.keys.timestamping.peer import serving


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/crl",
        "http://localhost/crl",
        "http://[::1]/crl",
        "http://[::ffff:127.0.0.1]/crl",
        "http://10.1.2.3/crl",
        "http://192.168.0.1/crl",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/crl",
        "http://0.0.0.0/crl",
        "http://2130706433/crl",
        "http://[fe80::1]/crl",
        "http://[fc00::1]/crl",
        "http://224.0.0.1/crl",
    ],
)
def test_no_private_address_is_asked(url: str) -> None:
    with pytest.raises(FetchRefused, match="not a public address"):
        Fetcher().get(url)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://198.51.100.1/x", "http://", "http://user:pass@example.org/", "ldap://example.org/x"],
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(FetchRefused):
        Fetcher().get(url)


def test_only_ports_of_the_web_are_asked() -> None:
    with pytest.raises(FetchRefused, match="port 22"):
        Fetcher().get("http://198.51.100.1:22/crl")


def test_the_operator_may_allow_private_addresses() -> None:
    with serving(lambda body: (200, "application/x", body + b" seen")) as peer:
        assert Fetcher(allow_private=True).post(peer.url, b"question", "application/ocsp-request") == b"question seen"
        assert peer.requests[0][1]["content-type"] == "application/ocsp-request"
        with pytest.raises(FetchRefused):
            Fetcher().post(peer.url, b"question", "application/ocsp-request")
        assert len(peer.requests) == 1


def test_a_redirect_is_not_followed() -> None:
    with serving(lambda _: (302, "text/plain", b"")) as peer, pytest.raises(FetchRefused, match="302"):
        Fetcher(allow_private=True).post(peer.url, b"", "text/plain")


def test_what_is_too_long_or_too_slow_is_dropped() -> None:
    with serving(lambda _: (200, "text/plain", b"x" * 3000)) as peer:
        with pytest.raises(FetchRefused, match="too long"):
            Fetcher(allow_private=True, maximum_bytes=2000).post(peer.url, b"", "text/plain")
        peer.drip_seconds = 0.01
        with pytest.raises(FetchRefused):
            Fetcher(allow_private=True, timeout_seconds=0.2).post(peer.url, b"", "text/plain")
