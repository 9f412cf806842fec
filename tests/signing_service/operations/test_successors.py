"""An amendment beside a completed agreement, a replacement in its place: begun, linked, named, concluded."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from agreements.clause_choices import ClauseChoice, plain
from agreements.course_errors import NotConcluded, SuccessionCycle, SuccessorUnderWay
from signing_service.audit.verify import verify_log
from signing_service.cli import demo_case
from signing_service.db.models.agreements import Agreement, AgreementVersion, Draft
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.succession import Succession
from signing_service.errors import InvalidInput, NotPermitted
from signing_service.operations import (
    agreements,
    approvals,
    audit_log,
    documents,
    drafts,
    endings,
    successors,
    versions,
)
from signing_service.worker import run_once
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories import case as cases
from tests.factories.case import Case
from tests.factories.databases import Postgres

REFUSED = ("access.refused",)


@pytest.fixture
def server() -> None:
    """SQLite only: what races is in test_ending_at_once.py, on both databases."""


def start(case: Case, relation: str = "amends", number: str = "SCA-2020-017-A1", who: str = "legal") -> str:
    return successors.start(case.services, case.staff[who], case.agreement_id, relation, number)


def state(case: Case, agreement_id: str) -> str:
    return agreements.read(case.services, case.staff["legal"], agreement_id).row.state


def saved(case: Case, agreement_id: str) -> versions.VersionReading:
    row = versions.save(case.services, case.staff["legal"], agreement_id, 1)
    return versions.read(case.services, case.staff["legal"], agreement_id, row.number)


def concluded(case: Case, agreement_id: str) -> Case:
    """The whole way of a successor: saved as it is, approved, frozen, signed by both, closed."""
    services, who = case.services, case.staff
    sha256 = saved(case, agreement_id).sha256
    approvals.submit(services, who["legal"], agreement_id, sha256)
    approvals.decide(services, who["legal_review"], agreement_id, "approve", sha256)
    approvals.decide(services, who["management"], agreement_id, "approve", sha256)
    documents.freeze(services, who["host"], agreement_id, sha256)
    later = cases.planned(Case(services, who, agreement_id))
    later.command("open_doors")
    later.seats = [cases.identified(later, link) for link in cases.invitation_links(later)]
    for seat in later.seats:
        seat.be_ready()
    later.command("go_live")
    later.command("open_round")
    for number, seat in enumerate(later.seats):
        seat.sign(f"command-key-{number}")
    return later


def test_an_amendment_begins_with_what_was_agreed(completed: Case) -> None:
    services, legal = completed.services, completed.staff["legal"]
    assert successors.suggestion(services, legal, completed.agreement_id, "amends") == "SCA-2020-017-A1"
    size = len(log_types(services))
    begun = start(completed)
    assert log_types(services, size) == ("agreement.created", "draft.saved")
    reading = saved(completed, begun)
    before = versions.read(services, legal, completed.agreement_id, 1).version
    assert reading.version.values == {**before.values, "agreement_no": "SCA-2020-017-A1"}
    with services.db.read() as session:
        wanted = select(DocumentRevision).where(DocumentRevision.agreement_id == completed.agreement_id)
        closed = session.scalars(wanted.where(DocumentRevision.kind == "closed")).one()
        created = session.scalars(select(LogEntry).where(LogEntry.agreement == begun).order_by(LogEntry.idx)).first()
        assert created is not None
        data = json.loads(created.encoded)["data"]
        session.expunge_all()
    assert (data["predecessor"], data["relation"]) == (completed.agreement_id, "amends")
    named = reading.version.predecessor
    assert named is not None
    assert (named.relation, named.agreement_no, named.title) == ("amends", "SCA-2020-017", before.title)
    assert (named.completed_on, named.pdf_sha256) == (closed.created_at.date().isoformat(), closed.sha256)


def test_the_chain_is_seen_from_both_ends(completed: Case) -> None:
    services, legal = completed.services, completed.staff["legal"]
    begun = start(completed)
    first = successors.chain(services, legal, completed.agreement_id)
    assert ([one.id for one in first.after], first.before, first.may_start) == ([begun], (), False)
    second = successors.chain(services, completed.staff["auditor"], begun)
    assert [(one.id, one.relation) for one in second.before] == [(completed.agreement_id, "amends")]
    assert not second.may_start


def test_one_at_a_time_and_after_it_ended_another(completed: Case) -> None:
    begun = start(completed)
    for relation in ("amends", "supersedes"):
        with nothing_changes(completed.services, REFUSED), pytest.raises(SuccessorUnderWay):
            start(completed, relation, "SCA-2020-017-R1")
    with nothing_changes(completed.services, REFUSED), pytest.raises(NotConcluded, match="draft"):
        successors.start(completed.services, completed.staff["legal"], begun, "amends", "SCA-2020-017-A1-A1")
    endings.withdraw(completed.services, completed.staff["legal"], begun, "Not needed after all.", 1)
    start(completed, "supersedes", "SCA-2020-017-R1")


@pytest.mark.parametrize("number", ["", " ", "SCA-2020-017", "x" * 61, "two words", "---"])
def test_the_number_is_new_and_a_number(completed: Case, number: str) -> None:
    with nothing_changes(completed.services, REFUSED), pytest.raises(InvalidInput) as refused:
        start(completed, number=number)
    assert refused.value.params["field"] == "number"


def test_another_relation_is_none(completed: Case) -> None:
    with nothing_changes(completed.services, REFUSED), pytest.raises(InvalidInput):
        start(completed, "contradicts")


def test_only_legal_staff_begin(completed: Case) -> None:
    for who in ("host", "management", "auditor", "outbox"):
        with nothing_changes(completed.services, REFUSED), pytest.raises(NotPermitted):
            start(completed, who=who)


def test_what_is_not_completed_has_no_successor(frozen: Case) -> None:
    with nothing_changes(frozen.services, REFUSED), pytest.raises(NotConcluded, match="frozen"):
        start(frozen)


def test_a_circle_in_the_database_is_named_and_nothing_begins(completed: Case) -> None:
    begun = start(completed)
    endings.withdraw(completed.services, completed.staff["legal"], begun, "Not needed after all.", 1)
    with completed.services.db.write() as session:
        session.add(Succession(agreement_id=completed.agreement_id, predecessor_id=begun, relation="amends"))
    with nothing_changes(completed.services, REFUSED), pytest.raises(SuccessionCycle):
        start(completed, number="SCA-2020-017-A2")


def as_if_completed(case: Case, agreement_id: str) -> None:
    """Signing it would prove nothing where only the beginning of its successor is looked at."""
    with case.services.db.write() as session:
        row = session.get_one(Agreement, agreement_id)
        row.state, row.frozen_version = "completed", 1
        signed = session.scalars(select(AgreementVersion.sha256).where(AgreementVersion.agreement_id == agreement_id))
        session.add(
            DocumentRevision(
                id="rev_closed",
                agreement_id=agreement_id,
                number=3,
                kind="closed",
                sha256=signed.one(),
                created_at=case.services.clock(),
            )
        )


def test_an_amendment_leaves_the_agreement_in_force(completed: Case) -> None:
    concluded(completed, start(completed))
    run_once(completed.services)
    assert state(completed, completed.agreement_id) == "completed"
    found = successors.chain(completed.services, completed.staff["legal"], completed.agreement_id)
    assert ([one.state for one in found.after], found.may_start) == (["completed"], True)
    suggested = successors.suggestion(completed.services, completed.staff["legal"], completed.agreement_id, "amends")
    assert suggested == "SCA-2020-017-A2"


def test_clauses_in_words_of_their_own_are_carried_over(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    agreement_id = drafts.start(services, legal, demo_case.TEMPLATE)
    row_version = drafts.save(services, legal, agreement_id, demo_case.flat(demo_case.sample()), 1)
    own = ClauseChoice("costs", "custom", {"zh-Hans": "# 费用\n\n各自承担。\n", "en": "# Costs\n\nEach its own.\n"})
    with services.db.write() as session:
        session.get_one(Draft, agreement_id).clauses = plain([own])
    versions.save(services, legal, agreement_id, row_version)
    as_if_completed(staffed, agreement_id)
    begun = successors.start(services, legal, agreement_id, "supersedes", "SCA-2020-017-R1")
    (kept,) = saved(staffed, begun).version.deviations
    assert (kept.clause_id, kept.sources) == ("costs", own.sources)


def test_what_was_typed_after_the_version_was_not_agreed(staffed: Case) -> None:
    """The draft went on after the approval and before the freezing; a successor begins with what was signed."""
    services, who = staffed.services, staffed.staff
    agreement_id, sha256 = demo_case.approved(services, who, demo_case.sample())
    drafts.save(services, who["legal"], agreement_id, demo_case.flat(demo_case.sample()) | {"copies": "9"}, 2)
    documents.freeze(services, who["host"], agreement_id, sha256)
    as_if_completed(staffed, agreement_id)
    begun = successors.start(services, who["legal"], agreement_id, "amends", "SCA-2020-017-A1")
    assert saved(staffed, begun).version.values["copies"] == demo_case.sample()["copies"]


class TestOnBothDatabases:
    """The move of the predecessor in the transaction that completes its successor."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def server(self, request: pytest.FixtureRequest) -> Postgres | None:
        return request.getfixturevalue("postgres") if request.param == "postgresql" else None

    def test_a_replacement_supersedes_when_it_is_completed_and_not_before(self, completed: Case) -> None:
        services = completed.services
        begun = start(completed, "supersedes", "SCA-2020-017-R1")
        later = concluded(completed, begun)
        assert (state(completed, completed.agreement_id), state(completed, begun)) == ("completed", "signing")
        size = len(log_types(services))
        run_once(services)
        assert (state(completed, completed.agreement_id), state(completed, begun)) == ("superseded", "completed")
        with services.db.read() as session:
            types = log_types(services, size)
            assert types.count("agreement.superseded") == 1
            told = session.scalars(select(LogEntry).where(LogEntry.type == "agreement.superseded")).one()
            assert (told.agreement, json.loads(told.encoded)["data"]["by"]) == (completed.agreement_id, begun)
            assert list(verify_log(session, [audit_log.verifier_key(services)], None)) == []
        assert not successors.chain(services, completed.staff["legal"], completed.agreement_id).may_start
        with pytest.raises(NotConcluded):
            start(completed, number="SCA-2020-017-A1")
        pdf, _name = documents.download(services, later.staff["legal"], completed.agreement_id)
        assert pdf.startswith(b"%PDF")
