"""Authorities over HTTP: what a good one gives is accepted, and everything else is refused with its reason."""

import hashlib
import itertools
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from keys.encoded import encoded
from keys.errors import TimestampAddressInvalid, TimestampNotUsable, TimestampRefused, TimestampUnavailable
from keys.issuing import profiles
from keys.issuing.certificates import Content, make_certificate
from keys.keyring import Keyring
from keys.timestamping import BuiltInAuthority, HttpAuthority
from keys.timestamping.http import MAXIMUM_REPLY_BYTES
from keys.timestamping.responses import Question, Response, accept, request
from tests.keys.conftest import NOW, Program
from tests.keys.timestamping.peer import REPLY, Peer, foreign_authority, serving

DIGEST = hashlib.sha256(b"hello").digest()


@pytest.fixture
def peer(keyring: Keyring) -> Iterator[Peer]:
    """Our own authority behind HTTP: an honest peer, until a test changes its answer."""
    with serving(lambda body: (200, REPLY, keyring.timestamp_authority.answer(body))) as started:
        yield started


def at(peer: Peer, **settings: float) -> HttpAuthority:
    return HttpAuthority(peer.url, clock=lambda: NOW, **settings)  # type: ignore[arg-type]


def test_an_honest_authority_gives_a_token(peer: Peer, openssl: Program, keyring: Keyring, tmp_path: Path) -> None:
    (tmp_path / "t.der").write_bytes(at(peer).token(DIGEST))
    (tmp_path / "data").write_bytes(b"hello")
    (tmp_path / "root.pem").write_bytes(keyring.root_pem)
    verified = openssl(
        *("ts", "-verify", "-token_in", "-in", "t.der", "-data", "data", "-CAfile", "root.pem"),
        *("-attime", str(int(NOW.timestamp()))),
    )
    assert "Verification: OK" in verified.stdout, verified.stderr


def test_the_request_is_what_the_rfc_asks_for_and_never_repeats_its_nonce(peer: Peer) -> None:
    authority = at(peer)
    authority.token(DIGEST)
    authority.token(DIGEST)
    assert {headers["content-type"] for _, headers, _ in peer.requests} == {"application/timestamp-query"}
    sent = [tsp.TimeStampReq.load(body, strict=True).native for _, _, body in peer.requests]
    assert all(one["cert_req"] and one["message_imprint"]["hashed_message"] == DIGEST for one in sent)
    assert sent[0]["nonce"] != sent[1]["nonce"]


@pytest.mark.parametrize("ess", ["sha256", "sha1"])
def test_a_foreign_authority_with_rsa_is_accepted(tmp_path: Path, openssl: Program, ess: str) -> None:
    with serving(foreign_authority(openssl, tmp_path, ess=ess)) as foreign:
        token = HttpAuthority(foreign.url, clock=lambda: datetime.now(UTC)).token(DIGEST)
    (tmp_path / "t.der").write_bytes(token)
    (tmp_path / "data").write_bytes(b"hello")
    verified = openssl("ts", "-verify", "-token_in", "-in", "t.der", "-data", "data", "-CAfile", "tsa.pem")
    assert "Verification: OK" in verified.stdout, verified.stderr


def test_an_answer_with_another_nonce_is_refused(peer: Peer, keyring: Keyring) -> None:
    peer.answer = lambda _: (200, REPLY, keyring.timestamp_authority.answer(request(DIGEST, 1)))
    with pytest.raises(TimestampNotUsable, match="another request"):
        at(peer).token(DIGEST)


def test_an_answer_for_another_digest_is_refused(peer: Peer, keyring: Keyring) -> None:
    def wrong(body: bytes) -> tuple[int, str, bytes]:
        nonce = tsp.TimeStampReq.load(body)["nonce"].native
        return 200, REPLY, keyring.timestamp_authority.answer(request(DIGEST[::-1], nonce))

    peer.answer = wrong
    with pytest.raises(TimestampNotUsable, match="something else"):
        at(peer).token(DIGEST)


def test_a_token_signed_by_another_key_is_refused(peer: Peer, keyring: Keyring) -> None:
    certificate = keyring.timestamp_authority.certificate_der
    impostor = BuiltInAuthority(ec.generate_private_key(ec.SECP256R1()), certificate, (), clock=lambda: NOW)
    peer.answer = lambda body: (200, REPLY, impostor.answer(body))
    with pytest.raises(TimestampNotUsable, match="signature is wrong"):
        at(peer).token(DIGEST)


def test_a_certificate_that_is_not_for_time_stamps_alone_is_refused(peer: Peer) -> None:
    key, certificate = seal_like_certificate()
    wrong = BuiltInAuthority(key, certificate, (), clock=lambda: NOW)
    peer.answer = lambda body: (200, REPLY, wrong.answer(body))
    with pytest.raises(TimestampNotUsable, match="not one for time stamps"):
        at(peer).token(DIGEST)


def seal_like_certificate() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """A self-signed certificate with the purposes of a seal."""
    key = ec.generate_private_key(ec.SECP256R1())
    content = Content(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Seal")]), key.public_key())
    made = make_certificate(profiles.SEAL, content, issuer=None, issuer_key=key, now=NOW)
    return key, made.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_a_token_of_another_time_is_refused(peer: Peer, minutes: int) -> None:
    late = HttpAuthority(peer.url, clock=lambda: NOW + timedelta(minutes=minutes))
    with pytest.raises(TimestampNotUsable, match="far from ours"):
        late.token(DIGEST)


def test_no_changed_byte_of_an_answer_changes_what_it_says(keyring: Keyring) -> None:
    """What RFC 5652 leaves unsigned (versions, the list of digests) may differ; time, digest and signer may not."""
    answer = keyring.timestamp_authority.answer(request(DIGEST, 5))
    question = Question("peer", DIGEST, 5, NOW)
    accepted = 0
    for position in range(9, len(answer), 3):
        changed = bytearray(answer)
        changed[position] ^= 0x01
        try:
            token = accept(bytes(changed), question)
        except (TimestampNotUsable, TimestampRefused):
            continue
        accepted += 1
        signed, honest = (Response.load(one)["time_stamp_token"]["content"] for one in (bytes(changed), answer))
        for part in ("encap_content_info", "certificates"):
            assert encoded(signed[part]) == encoded(honest[part])
        assert token in bytes(changed)
    assert accepted < 6


def test_an_authority_that_refuses_is_quoted(peer: Peer, keyring: Keyring) -> None:
    peer.answer = lambda _: (200, REPLY, keyring.timestamp_authority.answer(b"garbage"))
    with pytest.raises(TimestampRefused, match="bad_data_format this is no time stamp request"):
        at(peer).token(DIGEST)


@pytest.mark.parametrize(
    "answer", [b"", b"garbage", b"\x30\x00", b"\x30\x05\x30\x03\x02\x01\x00", b"<html>busy</html>"]
)
def test_garbage_is_refused(peer: Peer, answer: bytes) -> None:
    peer.answer = lambda _: (200, REPLY, answer)
    with pytest.raises(TimestampNotUsable):
        at(peer).token(DIGEST)


def test_another_content_type_is_refused_before_reading(peer: Peer) -> None:
    peer.answer = lambda _: (200, "text/html", b"<html>")
    with pytest.raises(TimestampNotUsable, match="content type"):
        at(peer).token(DIGEST)


@pytest.mark.parametrize("status", [204, 301, 302, 404, 500, 503])
def test_other_statuses_are_named_and_redirects_not_followed(peer: Peer, status: int) -> None:
    peer.answer = lambda _: (status, REPLY, b"")
    with pytest.raises(TimestampUnavailable, match=f"HTTP {status}"):
        at(peer).token(DIGEST)
    assert len(peer.requests) == 1


def test_an_endless_answer_is_cut_off(peer: Peer) -> None:
    peer.answer = lambda _: (200, REPLY, b"\0" * (MAXIMUM_REPLY_BYTES + 1))
    with pytest.raises(TimestampNotUsable, match="too long"):
        at(peer).token(DIGEST)


def test_a_slow_authority_is_given_up(peer: Peer) -> None:
    """Byte by byte: no single wait is long, their sum is."""
    peer.drip_seconds = 0.05
    began = time.monotonic()
    with pytest.raises(TimestampUnavailable, match=r"longer than 0\.3 s"):
        at(peer, timeout_seconds=0.3).token(DIGEST)
    assert time.monotonic() - began < 5


def test_a_silent_authority_is_given_up(keyring: Keyring) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(TimestampUnavailable, match="ReadTimeout"):
            HttpAuthority(url, timeout_seconds=0.2).token(DIGEST)


def test_an_authority_that_is_down_is_named() -> None:
    with pytest.raises(TimestampUnavailable, match="the usual one: ConnectError"):
        HttpAuthority("http://127.0.0.1:9/", name="the usual one", timeout_seconds=1).token(DIGEST)


def test_credentials_are_sent_and_never_shown(peer: Peer) -> None:
    authority = HttpAuthority(peer.url, credentials=("user", "very secret"), clock=lambda: NOW)
    authority.token(DIGEST)
    assert peer.requests[0][1]["authorization"].startswith("Basic ")
    assert "very secret" not in repr(authority) + repr(vars(authority))
    authority.close()


@pytest.mark.parametrize("address", ["", "tsa.example.org", "ftp://tsa.example.org/", "http://", "http://[::1"])
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(TimestampAddressInvalid):
        HttpAuthority(address)


def test_a_changed_byte_is_found_where_a_length_looks_indefinite() -> None:
    """asn1crypto takes a length whose last byte is 0x80 for an indefinite one, and mends what stands inside."""
    nonce, answer = next(pair for pair in answers_of_every_length() if token_length(pair[1]) & 0xFF == 0x80)
    question = Question("peer", DIGEST, nonce, NOW)
    assert accept(answer, question) in answer
    usage = answer.index(bytes.fromhex("0603551d0f0101ff")) + 7  # KeyUsage, critical: TRUE may be any byte but 0 in BER
    changed = answer[:usage] + b"\xfe" + answer[usage + 1 :]
    with pytest.raises(TimestampNotUsable, match="does not hold the certificate"):
        accept(changed, question)


def answers_of_every_length() -> Iterator[tuple[int, bytes]]:
    """Questions and answers of authorities with names of many lengths: no remainder of 256 is left out."""
    for name in itertools.cycle(range(1, 62, 6)):  # a letter stands four times in a token
        key = ec.generate_private_key(ec.SECP256R1())
        content = Content(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "n" * name)]), key.public_key())
        made = make_certificate(profiles.TIMESTAMP_AUTHORITY, content, issuer=None, issuer_key=key, now=NOW)
        authority = BuiltInAuthority(key, made.public_bytes(serialization.Encoding.DER), (), clock=lambda: NOW)
        for nonce in (1 << (8 * length - 2) for length in range(1, 65)):
            yield nonce, authority.answer(request(DIGEST, nonce))


def token_length(answer: bytes) -> int:
    return len(Response.load(answer)["time_stamp_token"].contents)
