"""`openssl ocsp` and `openssl verify` ask our addresses about certificates, before and after a revocation."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from werkzeug.serving import make_server

from signing_service.app import create_app
from signing_service.errors import CertificateRevoked, NotPermitted, RevokedAlready
from signing_service.operations import certificates, signatures, status_answers
from signing_service.permissions import SYSTEM
from signing_service.worker import run_once
from tests.attacks.visitor import Web
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.keys.conftest import Program, crl_pem, pem, program


@pytest.fixture
def server() -> Postgres | None:
    """One database is enough here; the queries run on both in tests/signing_service/operations/test_certificates.py."""
    return None


@pytest.fixture
def openssl(tmp_path: Path) -> Program:
    return program("openssl", "openssl", tmp_path)


@pytest.fixture
def address(round_open: Case) -> Iterator[str]:
    """The application behind a real port."""
    run_once(round_open.services)
    app = create_app(round_open.services.settings, round_open.services)
    peer = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=peer.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{peer.server_port}"
    peer.shutdown()
    thread.join()


def serials(case: Case) -> list[str]:
    return [row.serial for row in certificates.issued(case.services, case.staff["host"])]


def chain(case: Case, folder: Path) -> None:
    keyring = case.services.keyring
    (folder / "issuer.pem").write_bytes(pem(keyring.issuing_der))
    (folder / "root.pem").write_bytes(keyring.root_pem)
    (folder / "all.pem").write_bytes(pem(keyring.issuing_der) + keyring.root_pem)


def asked(openssl: Program, address: str, serial: str, *more: str) -> str:
    result = openssl(
        *("ocsp", "-issuer", "issuer.pem", *more, "-serial", f"0x{serial}", "-url", f"{address}/pki/ocsp"),
        *("-CAfile", "root.pem", "-verify_other", "issuer.pem", "-no_nonce"),
    )
    return result.stdout + result.stderr


def test_openssl_asks_about_a_certificate_before_and_after_its_revocation(
    round_open: Case,
    address: str,
    openssl: Program,
    tmp_path: Path,
) -> None:
    chain(round_open, tmp_path)
    serial = serials(round_open)[0]
    for digest in ((), ("-sha256",)):
        before = asked(openssl, address, serial, *digest)
        assert "Response verify OK" in before, before
        assert f"0x{serial}: good" in before
    certificates.revoke(round_open.services, round_open.staff["host"], serial, "key_compromise")
    assert "trylater" in asked(openssl, address, serial), "the old answer is gone, the new one not signed yet"
    run_once(round_open.services)
    after = asked(openssl, address, serial)
    assert "Response verify OK" in after, after
    assert f"0x{serial}: revoked" in after
    assert "keyCompromise" in after


def test_openssl_finds_a_revocation_on_the_list(
    round_open: Case,
    address: str,
    openssl: Program,
    tmp_path: Path,
) -> None:
    chain(round_open, tmp_path)
    serial = serials(round_open)[0]
    certificates.revoke(round_open.services, SYSTEM, serial, "superseded")
    client = create_app(round_open.services.settings, round_open.services).test_client()
    listed = client.get("/pki/issuing.crl").data
    (tmp_path / "list.pem").write_bytes(crl_pem(listed))
    shown = openssl("crl", "-in", "list.pem", "-noout", "-text", "-CAfile", "all.pem")
    assert "verify OK" in shown.stdout + shown.stderr, "openssl crl follows the list to our authority"
    assert serial.upper() in shown.stdout
    assert "Superseded" in shown.stdout


def test_the_answer_is_the_same_asked_with_get_and_can_be_cached(round_open: Case) -> None:
    web = Web(round_open)
    run_once(round_open.services)
    issuer = round_open.services.keyring.issuing.certificate
    query = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        *_named(issuer), int(serials(round_open)[0], 16), hashes.SHA1()
    )
    der = query.build().public_bytes(serialization.Encoding.DER)
    client = web.app.test_client()
    got = client.get(f"/pki/ocsp/{quote(base64.b64encode(der).decode(), safe='')}")
    posted = client.post("/pki/ocsp", data=der, content_type="application/ocsp-request")
    assert got.data == posted.data
    assert got.mimetype == "application/ocsp-response"
    assert "max-age" in got.headers["Cache-Control"]
    responder = ocsp.load_der_ocsp_response(got.data).certificates[0]
    assert responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    assert responder.public_key() != issuer.public_key()


def test_a_certificate_we_never_issued_and_a_strangers_issuer_get_no_answer(round_open: Case) -> None:
    run_once(round_open.services)
    issuer = round_open.services.keyring.issuing.certificate
    root = x509.load_der_x509_certificate(round_open.services.keyring.root_der)
    for authority, serial in ((issuer, 5), (root, int(serials(round_open)[0], 16))):
        query = ocsp.OCSPRequestBuilder().add_certificate_by_hash(*_named(authority), serial, hashes.SHA1()).build()
        reply = status_answers.reply(round_open.services, SYSTEM, query.public_bytes(serialization.Encoding.DER))
        status = ocsp.load_der_ocsp_response(reply.der).response_status
        assert status == ocsp.OCSPResponseStatus.UNAUTHORIZED


@pytest.mark.parametrize("rubbish", [b"", b"\x30\x00", b"rubbish" * 300])
def test_rubbish_gets_the_protocols_own_words(round_open: Case, rubbish: bytes) -> None:
    reply = status_answers.reply(round_open.services, SYSTEM, rubbish)
    assert ocsp.load_der_ocsp_response(reply.der).response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_the_host_revokes_on_the_page_once_and_for_all(round_open: Case) -> None:
    web = Web(round_open)
    host = web.staff("host")
    row = next(r for r in certificates.issued(round_open.services, round_open.staff["host"]) if not r.revoked_at)
    page = host.open("/certificates").get_data(as_text=True)
    assert row.name in page
    assert host.send(f"/certificates/{row.serial}/revoke", {"reason": "affiliation_changed"}).status_code == 303
    assert "the person no longer acts for the party" in host.open("/certificates").get_data(as_text=True)
    with pytest.raises(RevokedAlready):
        certificates.revoke(round_open.services, SYSTEM, row.serial, "superseded")


def test_whose_certificate_was_revoked_does_not_sign_and_may_ask_for_a_second(round_open: Case) -> None:
    seat = round_open.seats[0]
    serial = seat.board().certificate_serial
    prepared = seat.prepare()
    value = seat.value(prepared)  # type: ignore[arg-type]
    certificates.revoke(round_open.services, SYSTEM, serial, "key_compromise")
    with pytest.raises(CertificateRevoked):
        seat.prepare("another-command")
    with pytest.raises(CertificateRevoked):
        signatures.complete(seat.services, seat.actor, prepared.attempt_id, value)  # type: ignore[union-attr]
    seat.be_ready()
    assert seat.board().certificate_serial not in (None, serial)
    assert seat.sign("third-command").revision


def test_a_signatory_revokes_nobodys_certificate(round_open: Case) -> None:
    seat = round_open.seats[0]
    with pytest.raises(NotPermitted):
        certificates.revoke(round_open.services, seat.actor, serials(round_open)[0], "superseded")


def _named(issuer: x509.Certificate) -> tuple[bytes, bytes]:
    named = status_answers.ocsp.name_of_certificate(issuer, 1, "sha1")
    return named.issuer_name_hash, named.issuer_key_hash
