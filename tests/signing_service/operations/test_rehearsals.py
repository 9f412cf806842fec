"""A rehearsal: the same steps with a marked copy, nothing of the agreement touched, and gone when its time is over."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from agreements.rendering.rehearsal import MARK
from keys.rehearsals import is_rehearsal
from signing_service.audit.verify import verify_log
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.rehearsals import Rehearsal, RehearsalKey, RehearsalSeat
from signing_service.errors import (
    CeremonyState,
    ConsentMissing,
    NotFound,
    OtherDocument,
    PagesUnread,
    RehearsalOver,
    SeatState,
)
from signing_service.operations import (
    audit_log,
    boards,
    mails,
    preflights,
    rehearsal_seats,
    rehearsal_signing,
    rehearsals,
)
from signing_service.verification.verify import verify
from tests.attacks.unchanged import log_types, nothing_changes, rows
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.factories.practice import Practising, practising

OWN = ("rehearsal", "rehearsal_seat", "rehearsal_key")


@pytest.fixture
def server() -> None:
    """SQLite; what differs between databases is in the class at the end."""


@pytest.fixture
def rehearsing(at_stage: Callable[[str], Case]) -> Case:
    return at_stage("rehearsing")


@pytest.fixture
def people(rehearsing: Case) -> list[Practising]:
    """Both signatories, identified; a rehearsal is running."""
    return practising(rehearsing)


def preflight(case: Case) -> preflights.Preflight:
    found = boards.host(case.services, case.staff["host"], case.ceremony_id).rehearsal
    assert found is not None
    return found


def steps(case: Case) -> list[tuple[bool, bool, bool, bool]]:
    seats = preflight(case).seats
    ids = [seat.actor.signatory_id or "" for seat in case.seats]
    return [(s.opened, s.shown, s.key_made, s.signed_at is not None) for s in (seats[one] for one in ids)]


def test_everybody_practises_and_the_host_sees_how_far(rehearsing: Case, people: list[Practising]) -> None:
    first, second = people
    assert steps(rehearsing) == [(False,) * 4, (False,) * 4]
    first.open()
    assert steps(rehearsing)[0] == (True, False, False, False)
    first.read()
    assert steps(rehearsing)[0] == (True, True, False, False)
    first.ready()
    assert steps(rehearsing)[0] == (True, True, True, False)
    first.sign()
    second.whole()
    assert steps(rehearsing) == [(True,) * 4, (True,) * 4]
    assert preflight(rehearsing).practised == 2


def test_every_entry_of_the_log_is_marked(rehearsing: Case, people: list[Practising]) -> None:
    people[0].whole()
    rehearsals.start(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    with rehearsing.services.db.read() as session:
        found = session.scalars(select(LogEntry).where(LogEntry.type.contains("rehears")).order_by(LogEntry.idx)).all()
        told = [(entry.type, json.loads(entry.encoded)["data"]) for entry in found]
    assert [kind for kind, _ in told] == [
        "rehearsal.started",
        "rehearsal.key_certified",
        "seat.rehearsed",
        "ceremony.rehearsed",
        "rehearsal.started",
    ]
    assert all(data["rehearsal"].startswith("reh_") and data["ceremony"] == rehearsing.ceremony_id for _, data in told)
    assert (told[3][1]["practised"], told[3][1]["seats"], told[3][1]["ended"]) == (1, 2, "repeated")


def test_everybody_is_told_once_in_their_language(rehearsing: Case) -> None:
    rehearsals.start(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    sent = mails.outbox(rehearsing.services, rehearsing.staff["outbox"], rehearsing.agreement_id)
    told = [mail for mail in sent if mail.kind == "rehearsal"]
    assert len(told) == 2
    assert all(mail.subject.startswith("演练（不签署任何文件）") for mail in told)
    assert all(not mail.links for mail in told)


def test_the_copy_is_marked_has_an_id_of_its_own_and_no_data(rehearsing: Case, people: list[Practising]) -> None:
    pdf = rehearsals.copy(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    assert f"/{MARK} <</Id ({preflight(rehearsing).id})>>".encode() in pdf
    assert b"agreement.json" not in pdf
    real = people[0].seat.board()
    board = people[0].board()
    assert board.board.agreement.document_sha256 != real.board.agreement.document_sha256
    assert board.board.agreement.version_sha256 == real.board.agreement.version_sha256
    with pytest.raises(NotFound):
        rehearsal_seats.copy(rehearsing.services, people[0].seat.actor, real.board.agreement.document_sha256)


def test_the_sentence_says_that_it_is_a_rehearsal_in_every_language(people: list[Practising]) -> None:
    begin = {"en": "REHEARSAL", "zh-Hans": "【演练】", "de": "PROBE", "fi": "HARJOITUS"}
    for language, word in begin.items():
        consent = people[0].board(language).consent
        assert (consent.text_id, consent.language) == ("rehearsal/1", language)
        assert consent.text.startswith(word)


def test_the_practice_signature_is_judged_as_a_rehearsal(rehearsing: Case, people: list[Practising]) -> None:
    people[0].whole()
    anchors = rehearsing.services.keyring.trust_anchors()
    report = verify(people[0].signed_copy(), name="copy.pdf", anchors=anchors, at=rehearsing.services.clock())
    assert report.document.indication == "INDETERMINATE"
    assert {"document.rehearsal", "signature.rehearsal"} <= {one.code for one in report.findings}
    assert report.document.summary["de"].startswith("Dies ist ein Probeexemplar.")


def test_the_steps_are_asked_for_in_their_order(people: list[Practising]) -> None:
    one = people[0]
    one.open()
    with pytest.raises(SeatState):
        one.prepare()
    with pytest.raises(PagesUnread):
        one.ready()
    one.read()
    with pytest.raises(ConsentMissing):
        one.ready(consent_sha256="0" * 64)
    with pytest.raises(ConsentMissing):
        one.ready(consent_text_id=one.seat.board().consent.text_id)
    with pytest.raises(OtherDocument):
        one.ready(document_sha256=one.seat.document_sha256)
    one.ready()
    assert one.ready().certificate_serial == one.board().certificate_serial, "the same key asks twice"


def test_a_repeated_command_gives_the_first_result(people: list[Practising]) -> None:
    one = people[0]
    done = one.whole()
    services, actor = one.seat.services, one.seat.actor
    assert one.prepare("practice-key-2") == done
    assert rehearsal_signing.complete(services, actor, b"\0" * 64) == done
    assert rehearsal_signing.outcome(services, actor, "practice-key-1") == done
    assert done.log_index == len(log_types(services)) - 1


def test_practising_again_begins_anew_on_any_device(rehearsing: Case, people: list[Practising]) -> None:
    one = people[0]
    one.whole()
    rehearsal_seats.again(rehearsing.services, one.seat.actor)
    assert steps(rehearsing)[0] == (True, False, False, False)
    Practising(one.seat).whole()
    assert steps(rehearsing)[0] == (True,) * 4


def test_starting_again_ends_the_one_before_with_a_new_copy(rehearsing: Case, people: list[Practising]) -> None:
    people[0].whole()
    before = preflight(rehearsing)
    rehearsals.start(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    now = preflight(rehearsing)
    assert (now.practised, before.practised) == (0, 1)
    assert now.document_sha256 != before.document_sha256
    people[0].whole()


def test_opening_the_doors_ends_it_and_the_real_seat_begins_at_its_beginning(
    rehearsing: Case, people: list[Practising]
) -> None:
    one = people[0]
    one.open()
    one.read()
    one.ready()
    rehearsing.command("open_doors")
    with pytest.raises(RehearsalOver):
        one.prepare()
    assert one.board().board.ceremony.state == "concluded"
    with pytest.raises(CeremonyState):
        rehearsals.start(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    assert one.seat.board().pages_read == ()
    for seat in rehearsing.seats:
        seat.be_ready()
    rehearsing.command("go_live")
    rehearsing.command("open_round")
    for number, seat in enumerate(rehearsing.seats):
        seat.sign(f"command-key-{number}")
    assert one.seat.board().board.signed == 2


def test_without_a_rehearsal_there_is_nothing_to_practise_with(rehearsing: Case) -> None:
    one = practising(rehearsing)[0]
    rehearsals.end(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    rehearsing.services.clock.forward(days=2)  # type: ignore[attr-defined]
    rehearsals.tidy_due(rehearsing.services)
    with pytest.raises(RehearsalOver):
        one.board()
    with pytest.raises(NotFound):
        rehearsals.end(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
    assert one.seat.board().board.rehearsal is None


def test_the_practice_certificate_is_of_the_other_authority(rehearsing: Case, people: list[Practising]) -> None:
    one = people[0]
    one.open()
    one.read()
    one.ready()
    with rehearsing.services.db.read() as session:
        (der,) = session.scalars(
            select(RehearsalSeat.certificate_der).where(RehearsalSeat.certificate_der.is_not(None))
        ).all()
    assert der is not None
    assert is_rehearsal(der)
    assert rehearsing.services.keyring.issuers.of(der) is None


class TestOnBothDatabases:
    """Rows that come and go."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def server(self, request: pytest.FixtureRequest) -> Postgres | None:
        return request.getfixturevalue("postgres") if request.param == "postgresql" else None

    def test_nothing_of_the_agreement_or_the_ceremony_changes(self, rehearsing: Case, people: list[Practising]) -> None:
        size = len(log_types(rehearsing.services))
        before = rows(rehearsing.services)
        people[0].whole()
        rehearsals.end(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id)
        after = rows(rehearsing.services)
        assert {name for name in before if before[name] != after[name]} <= set(OWN)
        gained = log_types(rehearsing.services, size)
        assert gained == ("rehearsal.key_certified", "seat.rehearsed", "ceremony.rehearsed")
        with rehearsing.services.db.read() as session:
            assert list(verify_log(session, [audit_log.verifier_key(rehearsing.services)], None)) == []

    def test_one_that_nobody_ends_is_over_after_two_weeks_and_deleted_a_day_later(
        self, rehearsing: Case, people: list[Practising]
    ) -> None:
        people[0].whole()
        clock = rehearsing.services.clock
        clock.forward(days=14)  # type: ignore[attr-defined]
        assert boards.host(rehearsing.services, rehearsing.staff["host"], rehearsing.ceremony_id).rehearsal is None
        assert rehearsals.tidy_due(rehearsing.services) == 0
        assert log_types(rehearsing.services)[-1] == "ceremony.rehearsed"
        clock.forward(days=1, seconds=1)  # type: ignore[attr-defined]
        assert rehearsals.tidy_due(rehearsing.services) == 1
        with rehearsing.services.db.read() as session:
            counts = [
                session.scalar(select(func.count()).select_from(t)) for t in (Rehearsal, RehearsalSeat, RehearsalKey)
            ]
        assert counts == [0, 0, 1], "the fingerprint of the key stays"
        with nothing_changes(rehearsing.services):
            assert rehearsals.tidy_due(rehearsing.services) == 0
