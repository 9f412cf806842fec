"""Attack: getting a certificate for the wrong key, and binding oneself to other words or another document."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from signing_service.db.models.signatories import Certificate, Consent
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import SeatVisitor, Web, problem
from tests.factories.case import certification_request, identified, invitation_links, raw_signature

REFUSED = ("access.refused",)


@pytest.fixture
def reader(web_doors: Web) -> SeatVisitor:
    """A signatory who has read every page and is not ready yet."""
    seated = web_doors.at_seat(web_doors.case.seats[0])
    seated.seat.read()
    return seated


def ready(reader: SeatVisitor, **changes: Any) -> Any:
    return reader.call(f"{reader.api}/ready", reader.ready_body(**changes))


def request_by(key: Any, algorithm: Any = None) -> str:
    """A PKCS#10 request of any kind of key, base64."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "林知远")])
    built = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, algorithm or hashes.SHA256())
    return b64encode(built.public_bytes(serialization.Encoding.DER)).decode()


def certificates(web: Web) -> int:
    with web.case.services.db.read() as session:
        return len(session.scalars(select(Certificate.serial)).all())


def test_who_did_everything_right_is_ready(reader: SeatVisitor, web_doors: Web) -> None:
    answer = ready(reader)
    assert answer.status_code == 200
    assert answer.json["me"]["state"] == "ready"
    assert answer.json["me"]["certificate_serial"]
    assert certificates(web_doors) == 1


def test_asking_twice_with_the_same_key_gives_the_same_certificate(reader: SeatVisitor, web_doors: Web) -> None:
    first, second = ready(reader), ready(reader)
    assert first.json["me"]["certificate_serial"] == second.json["me"]["certificate_serial"]
    assert certificates(web_doors) == 1


def test_a_second_key_gets_no_second_certificate(reader: SeatVisitor, web_doors: Web) -> None:
    """One certificate per invitation: whoever copied the session cannot add a key of their own."""
    ready(reader)
    thief = ec.generate_private_key(ec.SECP256R1())
    challenge = b64decode(reader.open(reader.api).get_json()["me"]["challenge"])
    with nothing_changes(web_doors.case.services):
        said = problem(
            ready(
                reader,
                csr=request_by(thief),
                challenge_signature=b64encode(raw_signature(thief, challenge)).decode(),
            ),
            409,
            "certificate.second",
        )
    assert "It must be revoked first" in said


def test_a_challenge_signed_by_another_key(reader: SeatVisitor, web_doors: Web) -> None:
    """The request is one's own, the test signature somebody else's: no certificate for a key one does not hold."""
    thief = ec.generate_private_key(ec.SECP256R1())
    challenge = b64decode(reader.open(reader.api).get_json()["me"]["challenge"])
    signature = b64encode(raw_signature(thief, challenge)).decode()
    with nothing_changes(web_doors.case.services):
        said = problem(ready(reader, challenge_signature=signature), 422, "certificate.refused")
    assert "the test signature is not by the key in the request" in said
    with nothing_changes(web_doors.case.services):
        problem(ready(reader, csr=request_by(thief)), 422, "certificate.refused")


def test_the_challenge_of_another_seat(reader: SeatVisitor, web_doors: Web) -> None:
    other = web_doors.case.seats[1].board().challenge
    signature = b64encode(raw_signature(reader.seat.key, b64decode(other))).decode()
    with nothing_changes(web_doors.case.services):
        problem(ready(reader, challenge_signature=signature), 422, "certificate.refused")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP384R1()), None),
        (ec.generate_private_key(ec.SECP256K1()), None),
        (rsa.generate_private_key(65537, 2048), None),
        (ec.generate_private_key(ec.SECP256R1()), hashes.SHA512()),
    ],
    ids=["P-384", "secp256k1", "RSA", "SHA-512"],
)
def test_a_request_of_another_kind(reader: SeatVisitor, web_doors: Web, key: Any, algorithm: Any) -> None:
    with nothing_changes(web_doors.case.services):
        answer = ready(reader, csr=request_by(key, algorithm))
        assert answer.status_code == 422
        assert answer.json["code"] == "keys.algorithm_not_allowed"
    assert certificates(web_doors) == 0


@pytest.mark.parametrize("place", [20, -10, -1])
def test_a_request_changed_on_the_way(reader: SeatVisitor, web_doors: Web, place: int) -> None:
    csr = bytearray(certification_request(reader.seat.key, "林知远"))
    csr[place] ^= 0x01
    with nothing_changes(web_doors.case.services):
        answer = ready(reader, csr=b64encode(bytes(csr)).decode())
        assert answer.status_code == 422
        assert answer.json["code"].startswith("keys.")


@pytest.mark.parametrize("csr", ["", "AAAA", b64encode(b"\x30\x82" * 2000).decode(), b64encode(b"x" * 5000).decode()])
def test_what_is_no_request(reader: SeatVisitor, web_doors: Web, csr: str) -> None:
    with nothing_changes(web_doors.case.services):
        assert ready(reader, csr=csr).status_code == 422


def test_the_name_in_the_request_is_not_believed(reader: SeatVisitor, web_doors: Web) -> None:
    """The subject comes from the agreement; a request in the name of the rector gets the signatory's own name."""
    ready(reader, csr=b64encode(certification_request(reader.seat.key, "The Rector")).decode())
    with web_doors.case.services.db.read() as session:
        der = session.scalars(select(Certificate.der)).one()
    subject = x509.load_der_x509_certificate(der).subject.rfc4514_string()
    assert "Rector" not in subject
    assert reader.seat.board().me.name in subject


def test_unread_pages_are_named(web_doors: Web) -> None:
    seated = web_doors.at_seat(web_doors.case.seats[0])
    with nothing_changes(web_doors.case.services):
        said = problem(ready(seated), 409, "seat.pages_unread")
    assert "Pages 1, 2, 3" in said
    board = seated.open(seated.api).get_json()
    pages = board["agreement"]["pages"]
    body = {"pages": list(range(1, pages)), "document_sha256": board["agreement"]["document_sha256"]}
    assert seated.call(f"{seated.api}/pages", body).status_code == 200
    said = problem(ready(seated), 409, "seat.pages_unread")
    assert f"Pages {pages} were not displayed yet" in said


def test_pages_of_another_document_are_not_read(web_doors: Web) -> None:
    seated = web_doors.at_seat(web_doors.case.seats[0])
    with nothing_changes(web_doors.case.services, REFUSED):
        body = {"pages": [1, 2], "document_sha256": "0" * 64}
        problem(seated.call(f"{seated.api}/pages", body), 409, "signature.other_document")


def test_a_page_there_is_not_cannot_be_read(web_doors: Web) -> None:
    seated = web_doors.at_seat(web_doors.case.seats[0])
    sha256 = seated.seat.document_sha256
    with nothing_changes(web_doors.case.services, REFUSED):
        said = problem(
            seated.call(f"{seated.api}/pages", {"pages": [1, 999], "document_sha256": sha256}),
            422,
            "service.invalid_input",
        )
    assert said == "pages: there is no such page"


@pytest.mark.parametrize("other", ["zh-Hans", "de", "fi"])
def test_the_sentence_of_another_language(reader: SeatVisitor, web_doors: Web, other: str) -> None:
    """The words of one language cannot be accepted under the name of another."""
    english = reader.seat.board("en").consent
    wrong = {"text_id": english.text_id, "language": other, "sha256": english.sha256}
    with nothing_changes(web_doors.case.services):
        said = problem(ready(reader, consent=wrong), 409, "signature.consent_missing")
    assert "Read it and tick the sentence first" in said


def test_the_sentence_in_ones_own_language_is_kept_word_for_word(reader: SeatVisitor, web_doors: Web) -> None:
    chinese = reader.seat.board("zh-Hans").consent
    given = {"text_id": chinese.text_id, "language": "zh-Hans", "sha256": chinese.sha256}
    assert ready(reader, consent=given).status_code == 200
    with web_doors.case.services.db.read() as session:
        kept = session.execute(select(Consent.language, Consent.text, Consent.text_sha256)).one()
    assert tuple(kept) == ("zh-Hans", chinese.text, chinese.sha256)
    assert "第1版" in chinese.text


@pytest.mark.parametrize(
    "change", [{"text_id": "sign-and-bind/0"}, {"sha256": "0" * 64}], ids=["another wording", "another text"]
)
def test_another_sentence(reader: SeatVisitor, web_doors: Web, change: dict[str, str]) -> None:
    right = reader.ready_body()["consent"]
    with nothing_changes(web_doors.case.services):
        problem(ready(reader, consent=right | change), 409, "signature.consent_missing")


def test_another_document(reader: SeatVisitor, web_doors: Web) -> None:
    with nothing_changes(web_doors.case.services):
        said = problem(ready(reader, document_sha256="ab" * 32), 409, "signature.other_document")
    assert "The document on this screen (abababababab) is not the one to be signed" in said


def test_nobody_is_ready_before_the_doors_open(web_invited: Web) -> None:
    """Identified early, everything read: the host has not opened the doors."""
    seat = identified(web_invited.case, invitation_links(web_invited.case)[0])
    seated = web_invited.at_seat(seat)
    seat.read()
    with nothing_changes(web_invited.case.services):
        said = problem(ready(seated), 409, "ceremony.wrong_state")
    assert "“planned”" in said
