"""Attack: make a practice key sign a real document, bring a real key into a rehearsal, or enter somebody else's."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from keys.custody import CustodyKind
from keys.errors import KeysError
from keys.keyring import Keyring
from keys.rehearsal_errors import RehearsalKeyReused, RehearsalKeysRefused
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.rehearsals import Rehearsal, RehearsalKey, RehearsalSeat
from signing_service.db.models.signatories import Certificate, Consent, Signatory
from signing_service.errors import ConsentMissing, NotFound, OtherDocument, RehearsalOver
from signing_service.ids import new_id
from signing_service.operations import (
    endings,
    invitations,
    own_certificates,
    rehearsal_seats,
    rehearsal_signing,
    rehearsals,
    seats,
    signatures,
)
from signing_service.operations.signatures import Ready
from signing_service.pades.errors import RehearsalCertificate, RehearsalDocument
from tests.attacks.unchanged import REFUSED, nothing_changes
from tests.attacks.visitor import SeatVisitor, Web, page, problem
from tests.factories.case import Case, raw_signature
from tests.factories.databases import Postgres
from tests.factories.installation import MASTER_KEY
from tests.factories.practice import Practising, practising


@pytest.fixture
def server() -> None:
    """SQLite; the guards of the database are asked for on both at the end."""


@pytest.fixture
def rehearsing(at_stage: Callable[[str], Case]) -> Case:
    return at_stage("rehearsing")


@pytest.fixture
def one(rehearsing: Case) -> Practising:
    """A signatory who holds a practice key and its certificate, the page still open."""
    found = practising(rehearsing)[0]
    found.open()
    found.read()
    found.ready()
    return found


def practice_certificate(case: Case) -> bytes:
    with case.services.db.read() as session:
        wanted = select(RehearsalSeat.certificate_der).where(RehearsalSeat.certificate_der.is_not(None))
        der = session.scalars(wanted).one()
    assert der is not None
    return der


def day_has_come(case: Case) -> None:
    """The round is open and everybody ready, with keys of their own."""
    case.command("open_doors")
    for seat in case.seats:
        seat.be_ready()
    case.command("go_live")
    case.command("open_round")


# -- a practice key on the way to a real signature ------------------------------------------------------------------


def test_the_practice_key_gets_no_real_certificate(rehearsing: Case, one: Practising) -> None:
    """The very same key, with proof of possession, at the real seat on the day; also long after the rehearsal."""
    one.sign()
    rehearsing.command("open_doors")
    real = one.seat
    real.key = one.key
    for days in (0, 3):
        rehearsing.services.clock.forward(days=days)  # type: ignore[attr-defined]
        rehearsals.tidy_due(rehearsing.services)
        real.read()
        with pytest.raises(RehearsalKeyReused):
            seats.ready(rehearsing.services, real.actor, real.ready_request())
    assert real.board().certificate_serial is None


def test_the_practice_sentence_is_no_consent_at_the_real_seat(rehearsing: Case, one: Practising) -> None:
    said = one.board().consent
    rehearsing.command("open_doors")
    one.seat.read()
    for changes in (
        {"consent_text_id": said.text_id},
        {"consent_text_id": said.text_id, "consent_sha256": said.sha256},
        {"consent_sha256": said.sha256},
    ):
        with pytest.raises(ConsentMissing):
            seats.ready(rehearsing.services, one.seat.actor, one.seat.ready_request(**changes))


def test_the_practice_certificate_is_no_own_certificate(rehearsing: Case, one: Practising) -> None:
    """Uploaded as a signatory's own certificate, alone or with its authority, where strangers' issuers are accepted."""
    der = practice_certificate(rehearsing)
    above = rehearsing.services.rehearsal_keys.authority(rehearsing.services.clock()).certificate
    with rehearsing.services.db.write() as session:
        session.execute(
            update(Signatory)
            .where(Signatory.id == one.seat.actor.signatory_id)
            .values(custody=CustodyKind.OWN_CERTIFICATE.value)
        )
    for upload in (der, pem(der) + above.public_bytes(Encoding.PEM)):
        with pytest.raises(RehearsalKeysRefused):
            own_certificates.look(rehearsing.services, one.seat.actor, upload)


def pem(der: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + b64encode(der) + b"\n-----END CERTIFICATE-----\n"


def test_a_practice_certificate_written_into_the_tables_signs_nothing(rehearsing: Case, one: Practising) -> None:
    """Somebody with the database puts it in the place of the real one: the document itself refuses."""
    der = practice_certificate(rehearsing)
    day_has_come(rehearsing)
    real = one.seat
    with rehearsing.services.db.write() as session:
        session.execute(update(Certificate).where(Certificate.signatory_id == real.actor.signatory_id).values(der=der))
    with pytest.raises(RehearsalCertificate):
        real.prepare()
    other = rehearsing.seats[1]
    prepared = other.prepare()
    assert isinstance(prepared, Ready)
    with rehearsing.services.db.write() as session:  # between the two halves of a signature
        session.execute(update(Certificate).where(Certificate.signatory_id == other.actor.signatory_id).values(der=der))
    with pytest.raises(RehearsalCertificate):
        signatures.complete(rehearsing.services, other.actor, prepared.attempt_id, other.value(prepared))
    assert real.board().board.signed == 0


def test_a_value_of_the_practice_key_is_no_value_of_the_real_one(rehearsing: Case, one: Practising) -> None:
    day_has_come(rehearsing)
    prepared = one.seat.prepare()
    assert isinstance(prepared, Ready)
    with pytest.raises(KeysError):
        signatures.complete(
            rehearsing.services, one.seat.actor, prepared.attempt_id, raw_signature(one.key, prepared.signed_attributes)
        )


def test_the_practice_attempt_is_unknown_at_the_real_seat(rehearsing: Case, one: Practising) -> None:
    one.prepare()
    day_has_come(rehearsing)
    for attempt in ("practice", "att_practice"):
        with pytest.raises(NotFound):
            signatures.complete(rehearsing.services, one.seat.actor, attempt, b"\1" * 64)
    assert signatures.outcome(rehearsing.services, one.seat.actor, "practice-key-1") is None


def test_the_rehearsal_cannot_be_pointed_at_the_real_document(rehearsing: Case, one: Practising) -> None:
    real = one.seat.document_sha256
    services, actor = rehearsing.services, one.seat.actor
    with pytest.raises(OtherDocument):
        rehearsal_signing.prepare(services, actor, real, "practice-key-9")
    with pytest.raises(OtherDocument):
        rehearsal_seats.pages_read(services, actor, [1], real)
    with services.db.write() as session:  # and if somebody with the database puts it there: the mark is missing
        session.execute(update(Rehearsal).values(pdf=one.seat.document(), document_sha256=real))
    with pytest.raises(RehearsalCertificate):
        one.prepare()


def test_the_keys_of_rehearsals_do_not_open_as_the_keys_of_the_service(rehearsing: Case, one: Practising) -> None:
    """The whole folder, or its authority under the names of the real one, in the place of the service's keys."""
    settings = rehearsing.services.settings
    copy = settings.data_dir / "exchanged"
    shutil.copytree(settings.rehearsal_keys_dir, copy)
    with pytest.raises(KeysError):
        Keyring.open(copy, MASTER_KEY)
    shutil.rmtree(copy)
    shutil.copytree(settings.keys_dir, copy)
    for name in ("issuing.key", "issuing.pem", "root.pem"):
        shutil.copy(settings.rehearsal_keys_dir / name, copy / name)
    with pytest.raises(KeysError):
        Keyring.open(copy, MASTER_KEY)


# -- a real key on the way into a rehearsal -------------------------------------------------------------------------


def test_a_key_with_a_real_certificate_does_not_practise(rehearsing: Case) -> None:
    """The key of another agreement's seat, or of a ceremony that was called off."""
    one = practising(rehearsing)[0]
    one.open()
    one.read()
    give_certificate(rehearsing, one)
    with pytest.raises(RehearsalKeyReused):
        one.ready()


def give_certificate(case: Case, one: Practising) -> bytes:
    """A real certificate for the key, as an earlier ceremony left it."""
    request = one.request()
    with case.services.db.write() as session:
        signatory = session.get_one(Signatory, one.seat.actor.signatory_id)
        issued = case.services.keyring.issuing.issue(
            request.csr_der, seats._subject(signatory), invitation_id="inv_1", now=case.services.clock()
        )
        session.add(
            Certificate(
                serial=f"{issued.serial:x}",
                signatory_id=signatory.id,
                invitation_id=one.seat.actor.invitation_id,
                der=issued.der,
                spki_sha256=issued.spki_sha256,
                issued_here=True,
                not_before=issued.not_before,
                not_after=issued.not_after,
            )
        )
    return issued.der


def test_a_real_certificate_written_into_a_rehearsal_signs_no_copy(rehearsing: Case, one: Practising) -> None:
    real = Practising(one.seat, ec.generate_private_key(ec.SECP256R1()))
    der = give_certificate(rehearsing, real)
    with rehearsing.services.db.write() as session:
        session.execute(update(RehearsalSeat).values(certificate_der=der))
    with pytest.raises(RehearsalDocument):
        one.prepare()


def test_nothing_of_a_rehearsal_ends_among_consents_certificates_or_documents(
    rehearsing: Case, one: Practising
) -> None:
    one.sign()
    with rehearsing.services.db.read() as session:
        assert session.scalars(select(Certificate.serial)).all() == []
        assert session.scalars(select(Consent.id)).all() == []
    with pytest.raises(NotFound):
        rehearsal_seats.copy(rehearsing.services, one.seat.actor, one.seat.document_sha256)


# -- people ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def web(rehearsing: Case) -> Web:
    return Web(rehearsing)


def test_somebody_elses_rehearsal_is_closed(web: Web) -> None:
    """Another signatory, a stranger and the host: the address alone opens nothing."""
    mine, theirs = web.at_seat(web.case.seats[0]), web.case.seats[1].actor.signatory_id
    api = f"/api/v1/seats/{theirs}/rehearsal"
    for visitor in (mine, web.stranger(), web.staff("host")):
        with nothing_changes(web.case.services):
            for path in (api, f"{api}/document.pdf", f"{api}/signatures/practice/prepared"):
                problem(visitor.open(path), 401, "service.sign_in_needed")
            for path in ("join", "again", "ready", "signatures", "signatures/practice/value"):
                problem(visitor.call(f"{api}/{path}", {}), 401, "service.sign_in_needed")
            page(visitor.open(f"/seat/{theirs}/rehearsal"), 401)


def test_a_withdrawn_link_ends_the_practice_too(web: Web, rehearsing: Case) -> None:
    visitor = web.at_seat(rehearsing.seats[0])
    assert visitor.open(f"{visitor.api}/rehearsal").status_code == 200
    invitations.reissue(rehearsing.services, rehearsing.staff["host"], visitor.signatory_id)
    problem(visitor.open(f"{visitor.api}/rehearsal"), 401, "service.sign_in_needed")


@pytest.mark.parametrize("key", ["legal", "auditor", "outbox"])
def test_only_the_host_starts_and_ends_a_rehearsal(web: Web, key: str) -> None:
    somebody = web.staff(key)
    path = f"/ceremonies/{web.case.ceremony_id}/rehearsal"
    with nothing_changes(web.case.services, recorded=REFUSED * 2):
        page(somebody.send(path), 403, "service.not_permitted")
        page(somebody.send(f"{path}/end"), 403, "service.not_permitted")
    page(somebody.open(f"{path}/copy.pdf"), 403, "service.not_permitted")


def test_a_form_of_another_site_starts_ends_and_signs_nothing(web: Web) -> None:
    host, seated = web.staff("host"), web.at_seat(web.case.seats[0])
    path = f"/ceremonies/{web.case.ceremony_id}/rehearsal"
    with nothing_changes(web.case.services):
        page(host.http.post(path), 400, "request.csrf")
        page(host.http.post(f"{path}/end"), 400, "request.csrf")
        for step in ("join", "again", "pages", "ready", "signatures", "signatures/practice/value"):
            problem(seated.http.post(f"{seated.api}/rehearsal/{step}", json={}), 400, "request.csrf")


def test_no_rehearsal_after_the_doors_were_opened(web: Web, rehearsing: Case, one: Practising) -> None:
    """The host's old page still has the button, and the signatory's old page still sends."""
    host, seated = web.staff("host"), web.at_seat(rehearsing.seats[0])
    host.open(f"/ceremonies/{rehearsing.ceremony_id}")
    rehearsing.command("open_doors")
    path = f"/ceremonies/{rehearsing.ceremony_id}/rehearsal"
    with nothing_changes(rehearsing.services, recorded=REFUSED):
        page(host.send(path), 409, "ceremony.wrong_state")
        page(host.send(f"{path}/end"), 404, "service.not_found")
        late(seated)


def late(seated: SeatVisitor) -> None:
    body = {"document_sha256": "0" * 64, "command_key": "practice-key-1"}
    problem(seated.call(f"{seated.api}/rehearsal/signatures", body), 410, "rehearsal.over")


def test_a_withdrawn_agreement_is_not_practised(rehearsing: Case, one: Practising) -> None:
    services = rehearsing.services
    with services.db.read() as session:
        version = session.get_one(Agreement, rehearsing.agreement_id).row_version
    endings.withdraw(services, rehearsing.staff["legal"], rehearsing.agreement_id, "no longer wanted", version)
    with pytest.raises(RehearsalOver):
        one.prepare()


class TestTheDatabaseItself:
    """What no program of ours would write is refused by the tables."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def server(self, request: pytest.FixtureRequest) -> Postgres | None:
        return request.getfixturevalue("postgres") if request.param == "postgresql" else None

    def test_a_key_is_on_one_side_only_and_one_rehearsal_runs(self, rehearsing: Case, one: Practising) -> None:
        services, signatory = rehearsing.services, one.seat.actor.signatory_id
        with services.db.read() as session:
            practised = session.scalars(select(RehearsalKey.spki_sha256)).one()
            began, until = session.execute(select(Rehearsal.started_at, Rehearsal.expires_at)).one()
        certificate: dict[str, Any] = {
            "serial": "0f",
            "signatory_id": signatory,
            "invitation_id": one.seat.actor.invitation_id,
            "der": b"x",
            "issued_here": True,
            "not_before": began,
            "not_after": until,
        }
        refused(services, insert(Certificate).values(**certificate, spki_sha256=practised), "never|either")
        with services.db.write() as session:
            session.execute(insert(Certificate).values(**certificate, spki_sha256="1" * 64))
        refused(services, update(Certificate).values(spki_sha256=practised), "never|either")
        refused(services, insert(RehearsalKey).values(spki_sha256="1" * 64), "never|either")
        second = {"id": new_id("reh"), "ceremony_id": rehearsing.ceremony_id, "pdf": b"", "pages": 1}
        second |= {"document_sha256": "0" * 64, "started_at": began, "expires_at": until}
        refused(services, insert(Rehearsal).values(**second), "(?i)unique")
        unsigned = update(RehearsalSeat).where(RehearsalSeat.certificate_der.is_(None))
        refused(services, unsigned.values(signed_at=began), "(?i)check")


def refused(services: Any, statement: Any, words: str) -> None:
    with pytest.raises(DBAPIError, match=words), services.db.write() as session:
        session.execute(statement)
