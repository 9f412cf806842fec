"""Attack: an address in a certificate or list that leads into our own network, or a peer that never comes to an end."""

from __future__ import annotations

import itertools
import ssl
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from keys.errors import FetchRefused
from keys.trust.fetching import Fetcher
from tests.keys.trust.lists import operator
from tests.keys.trust.publisher import publishing, reply

INSIDE = [
    "http://127.0.0.1/crl",
    "http://127.1/crl",
    "http://2130706433/crl",
    "http://0x7f000001/crl",
    "http://017700000001/crl",
    "http://0/crl",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/crl",
    "http://[::ffff:169.254.169.254]/crl",
    "http://[64:ff9b::a9fe:a9fe]/crl",
    "http://[2002:7f00:1::]/crl",
    "http://[::7f00:1]/crl",
    "http://localhost/crl",
]


@pytest.mark.parametrize(
    "target", [*INSIDE, "file:///etc/passwd", "http://example.org:22/", "https://u:p@example.org/"]
)
def test_a_redirect_leads_nowhere_that_the_address_itself_could_not(target: str) -> None:
    with publishing(lambda _: reply(b"", "302 Found", Location=target)) as peer:
        fetcher = Fetcher(redirects=3, open_for=peer.open_for())
        with pytest.raises(FetchRefused):
            fetcher.get(peer.url())
        assert peer.asked == ["/list.xml"]


def test_a_redirect_to_another_page_of_an_allowed_peer_is_followed_and_an_endless_one_is_not() -> None:
    def answer(path: str) -> list[bytes]:
        return reply(b"list") if path == "/new" else reply(b"", "301 Moved Permanently", Location="/new")

    with publishing(answer) as peer:
        assert Fetcher(redirects=1, open_for=peer.open_for()).get(peer.url()) == b"list"
        with pytest.raises(FetchRefused, match="301"):
            Fetcher(open_for=peer.open_for()).get(peer.url())
    with publishing(lambda _: reply(b"", "302 Found", Location="/again")) as peer:
        with pytest.raises(FetchRefused, match="too often"):
            Fetcher(redirects=3, open_for=peer.open_for()).get(peer.url())
        assert len(peer.asked) == 4


def test_a_question_is_not_sent_on() -> None:
    with publishing(lambda _: reply(b"", "307 Temporary Redirect", Location="/other")) as peer:
        with pytest.raises(FetchRefused):
            Fetcher(redirects=3, open_for=peer.open_for()).post(peer.url(), b"?", "application/ocsp-request")
        assert len(peer.asked) == 1


def test_a_name_that_changes_its_address_after_it_was_judged_gains_nothing() -> None:
    """Only the first answer is ever asked for, and the connection goes to the very address that it gave."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    name = "lists.example"
    with publishing(lambda _: reply(b"list")) as peer:
        fetcher = Fetcher(resolve=lambda *_: next(answers), open_for=peer.open_for(name))
        assert fetcher.get(peer.url(host=name)) == b"list"
        assert next(answers) == ["127.0.0.2"]
        with pytest.raises(FetchRefused, match="not a public address"):
            Fetcher(resolve=lambda *_: ["127.0.0.1"]).get(f"http://{name}/list.xml")


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(FetchRefused, match="not a public address"):
        Fetcher(resolve=lambda *_: ["8.8.8.8", "10.0.0.7"]).get("http://both.example/")


def _endless(head: bytes, part: bytes):
    return lambda _: itertools.chain([head], itertools.repeat(part))


def test_a_body_without_an_end_is_dropped_at_the_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with publishing(_endless(head, b"10000\r\n" + b"x" * 65536 + b"\r\n")) as peer:
        fetcher = Fetcher(open_for=peer.open_for(), maximum_bytes=200_000)
        with pytest.raises(FetchRefused, match="too long"):
            fetcher.get(peer.url())


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n"),
        (b"", b"H"),
    ],
    ids=["body", "headers", "status line"],
)
def test_a_peer_that_drips_ends_with_the_time_of_the_whole(head: bytes, part: bytes) -> None:
    with publishing(_endless(head, part), pause=0.05) as peer, pytest.raises(FetchRefused, match="longer than"):
        Fetcher(open_for=peer.open_for(), timeout_seconds=0.3).get(peer.url())


def test_a_peer_that_says_nothing_ends_too() -> None:
    with publishing(lambda _: itertools.repeat(b"")) as peer, pytest.raises(FetchRefused, match="longer than"):
        Fetcher(open_for=peer.open_for(), timeout_seconds=0.2).get(peer.url())


def test_what_is_packed_is_not_unpacked() -> None:
    """A few kilobytes that would become gigabytes stay a few kilobytes."""
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(bytes(8 * 1024 * 1024)) + packer.flush()
    with publishing(lambda _: reply(packed, Content_Encoding="gzip")) as peer:
        fetcher = Fetcher(open_for=peer.open_for())
        with pytest.raises(FetchRefused, match="packed"):
            fetcher.get(peer.url())


def test_headers_without_an_end_are_dropped() -> None:
    with publishing(_endless(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"y" * 8000 + b"\r\n")) as peer:
        fetcher = Fetcher(open_for=peer.open_for())
        with pytest.raises(FetchRefused):
            fetcher.get(peer.url())


def test_what_is_allowed_for_one_peer_is_not_for_its_neighbour() -> None:
    with publishing(lambda _: reply(b"list")) as peer, publishing(lambda _: reply(b"secret")) as other:
        with pytest.raises(FetchRefused, match="not one of the web"):
            Fetcher(open_for=peer.open_for()).get(other.url())
        assert other.asked == []


def test_no_settings_of_the_machine_lead_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with publishing(lambda _: reply(b"by proxy")) as proxy, publishing(lambda _: reply(b"list")) as peer:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        assert Fetcher(open_for=peer.open_for()).get(peer.url()) == b"list"
        assert proxy.asked == []


def test_a_peer_that_cannot_prove_its_name_is_not_listened_to(tmp_path: Path) -> None:
    """The certificate is nobody's: whoever stands in between has one like it."""
    key, certificate = operator("lists.example")
    pem = certificate.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "tls.pem").write_bytes(pem)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "tls.pem")
    with publishing(lambda _: reply(b"list"), tls=tls) as peer:
        name = "lists.example"
        fetcher = Fetcher(resolve=lambda *_: ["127.0.0.1"], open_for=peer.open_for(name))
        with pytest.raises(FetchRefused, match="ConnectError"):
            fetcher.get(peer.url(host=name).replace("http:", "https:"))
        assert peer.asked == []
