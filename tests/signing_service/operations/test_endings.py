"""Withdrawing, declaring void, expiring, declining: what follows for everybody, and what stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from agreements.course_errors import FullySigned, NobodySigned, NotPermittedInState, SecondPersonNeeded, SignedAlready
from signing_service.audit.verify import verify_log
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.signatories import Certificate, Invitation
from signing_service.errors import ChangedMeanwhile, InvalidInput, LinkEnded, LinkRevoked, NotPermitted, SigningEnded
from signing_service.operations import (
    agreements,
    audit_log,
    boards,
    documents,
    drafts,
    endings,
    events,
    invitations,
    mails,
    people,
    refusals,
    seats,
    signatures,
)
from signing_service.permissions import ANONYMOUS
from signing_service.worker import run_once
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories import case as cases
from tests.factories.case import Case

REASON = "The board of the association asks for other terms."
REFUSED = ("access.refused",)


@pytest.fixture
def server() -> None:
    """SQLite only: what races is in test_ending_at_once.py, on both databases."""


def view(case: Case, who: str = "legal") -> agreements.AgreementView:
    return agreements.read(case.services, case.staff[who], case.agreement_id)


def withdraw(case: Case, who: str = "legal", reason: str = REASON) -> None:
    endings.withdraw(case.services, case.staff[who], case.agreement_id, reason, view(case).row_version)


def ask_void(case: Case, who: str = "legal") -> str:
    return endings.ask_void(case.services, case.staff[who], case.agreement_id, REASON, view(case).row_version)


def confirm(case: Case, ending: str, who: str = "management") -> None:
    endings.confirm_void(case.services, case.staff[who], case.agreement_id, ending)


def void(case: Case) -> None:
    confirm(case, ask_void(case))


def mails_of(case: Case, kind: str) -> dict[str, str]:
    found = mails.outbox(case.services, case.staff["outbox"], case.agreement_id)
    return {mail.recipient: mail.body for mail in found if mail.kind == kind}


def certificates(case: Case) -> dict[str, str | None]:
    with case.services.db.read() as session:
        return {one.signatory_id: one.revocation_reason for one in session.scalars(select(Certificate))}


# --- withdrawal -----------------------------------------------------------------------------------------------------


def test_a_draft_is_withdrawn_and_nobody_is_written_to(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    staffed.agreement_id = drafts.start(services, legal, "strategic_cooperation")
    size = len(log_types(services))
    withdraw(staffed)
    assert view(staffed).row.state == "withdrawn"
    assert log_types(services, size) == ("agreement.withdrawn",)
    assert mails.outbox(services, staffed.staff["outbox"], staffed.agreement_id) == []
    with pytest.raises(ChangedMeanwhile):
        drafts.save(services, legal, staffed.agreement_id, {"place.en": "Chengdu"}, 1)


def test_everything_ends_with_a_withdrawal(round_open: Case) -> None:
    services, (lin, zhou) = round_open.services, round_open.seats
    size = len(log_types(services))
    withdraw(round_open)
    told = log_types(services, size)
    assert told[:2] == ("agreement.withdrawn", "ceremony.aborted")
    assert sorted(told[2:]) == ["certificate.revoked"] * 2 + ["invitation.revoked"] * 2
    assert set(certificates(round_open).values()) == {"cessation_of_operation"}
    written = mails_of(round_open, "withdrawn")
    assert len(written) == 2
    assert all(REASON in body for body in written.values())
    with services.db.read() as session:
        assert session.get_one(Ceremony, round_open.ceremony_id).state == "aborted"
        assert list(verify_log(session, [audit_log.verifier_key(services)], None)) == []
    for seat in (lin, zhou):
        with pytest.raises(LinkEnded, match="withdrawn before anybody signed"):
            invitations.landing(services, ANONYMOUS, seat.token)
        with pytest.raises(LinkRevoked):
            events.after(services, seat.actor, round_open.ceremony_id, -1)
        with pytest.raises(SigningEnded, match="withdrawn"):
            seat.prepare()


def test_the_mail_is_in_the_language_of_its_reader(round_open: Case) -> None:
    withdraw(round_open)
    bodies = "".join(mails_of(round_open, "withdrawn").values())
    assert "已在任何一方签署之前撤回" in bodies


def test_a_withdrawal_needs_a_reason_of_some_length(frozen: Case) -> None:
    for reason, problem in (("  ", "say in a sentence"), ("x" * 1001, "1000")):
        with nothing_changes(frozen.services, REFUSED), pytest.raises(InvalidInput, match=problem):
            withdraw(frozen, reason=reason)
    withdraw(frozen, reason="x" * 1000)


def test_the_host_withdraws_what_is_frozen_and_not_what_is_being_signed(at_stage: Callable[[str], Case]) -> None:
    signing = at_stage("round_open")
    assert "withdraw" not in view(signing, "host").allowed
    with nothing_changes(signing.services, REFUSED), pytest.raises(NotPermitted):
        withdraw(signing, "host")
    assert "withdraw" in view(signing, "legal_review").allowed


def test_the_host_withdraws_what_is_frozen(frozen: Case) -> None:
    assert "withdraw" in view(frozen, "host").allowed
    withdraw(frozen, "host")
    assert view(frozen).row.state == "withdrawn"
    assert view(frozen).ending is not None


def test_after_a_signature_nobody_withdraws(round_open: Case) -> None:
    round_open.seats[0].sign()
    assert {"withdraw", "void"} & view(round_open).allowed == {"void"}
    with nothing_changes(round_open.services, REFUSED), pytest.raises(SignedAlready):
        withdraw(round_open)


def test_an_old_page_withdraws_nothing(frozen: Case) -> None:
    old = view(frozen).row_version
    cases.planned(frozen)
    with nothing_changes(frozen.services, REFUSED), pytest.raises(ChangedMeanwhile):
        endings.withdraw(frozen.services, frozen.staff["legal"], frozen.agreement_id, REASON, old)


# --- void -----------------------------------------------------------------------------------------------------------


def test_void_takes_two_people_and_keeps_what_was_signed(round_open: Case) -> None:
    services, (lin, zhou) = round_open.services, round_open.seats
    signed = lin.sign()
    size = len(log_types(services))
    asked = ask_void(round_open)
    assert log_types(services, size) == ("agreement.void_asked",)
    assert set(mails_of(round_open, "void_asked")) == {
        "katja.brandt@chengdu.example",
        "he.qing@chengdu.example",
        "mikko.saari@chengdu.example",
    }
    assert view(round_open).row.state == "signing"
    with nothing_changes(services, REFUSED), pytest.raises(SecondPersonNeeded):
        confirm(round_open, asked, "legal")
    confirm(round_open, asked)

    found = view(round_open)
    assert found.row.state == "void"
    assert found.ending is not None
    assert (found.ending.asked_by_name, found.ending.confirmed_by_name) == ("沈月 Shen Yue", "何清 He Qing")
    bodies = mails_of(round_open, "void")
    assert len(bodies) == 2
    assert sum("evidence" in body or "证据" in body for body in bodies.values()) == 1
    entry = next(
        one
        for one in audit_log.entries(services, round_open.staff["auditor"], round_open.agreement_id).entries
        if one.type == "agreement.voided"
    )
    assert (entry.actor_name, entry.details["asked_by"]) == ("何清 He Qing", round_open.staff["legal"].id)
    assert entry.personal["words"] == REASON

    # What was signed is still there, for the one who signed and for the staff; whoever had not is out.
    pdf, _name = documents.download(services, lin.actor, round_open.agreement_id)
    assert (
        documents.revision_bytes(services, round_open.staff["auditor"], round_open.agreement_id, signed.document_sha256)
        == pdf
    )
    board = lin.board().board
    assert (board.agreement.state, board.final_sha256) == ("void", None)
    assert certificates(round_open)[lin.actor.signatory_id or ""] is None
    assert certificates(round_open)[zhou.actor.signatory_id or ""] == "cessation_of_operation"
    with pytest.raises(LinkEnded, match="declared void"):
        invitations.landing(services, ANONYMOUS, zhou.token)


def test_void_is_for_what_was_signed_and_not_concluded(round_open: Case) -> None:
    with nothing_changes(round_open.services, REFUSED), pytest.raises(NobodySigned):
        ask_void(round_open)
    for number, seat in enumerate(round_open.seats):
        seat.sign(f"command-key-{number}")
    for act in (ask_void, withdraw):
        with nothing_changes(round_open.services, REFUSED), pytest.raises(FullySigned):
            act(round_open)
    run_once(round_open.services)
    for act in (ask_void, withdraw):
        with nothing_changes(round_open.services, REFUSED), pytest.raises(NotPermittedInState):
            act(round_open)
    assert view(round_open).row.state == "completed"


def test_whoever_signs_last_before_the_second_person_concludes_it(round_open: Case) -> None:
    lin, zhou = round_open.seats
    lin.sign()
    asked = ask_void(round_open)
    zhou.sign("command-key-2")
    with pytest.raises(FullySigned):
        confirm(round_open, asked)
    run_once(round_open.services)
    with pytest.raises(NotPermittedInState):
        confirm(round_open, asked)
    assert view(round_open).row.state == "completed"


def test_a_question_can_be_taken_back_and_asked_anew(round_open: Case) -> None:
    round_open.seats[0].sign()
    first = ask_void(round_open)
    with pytest.raises(ChangedMeanwhile):
        ask_void(round_open, "legal_review")
    endings.drop_void(round_open.services, round_open.staff["legal"], round_open.agreement_id, first)
    with pytest.raises(ChangedMeanwhile):
        confirm(round_open, first)
    second = ask_void(round_open, "legal_review")
    confirm(round_open, second, "legal")
    assert view(round_open).row.state == "void"


# --- what the same end means at the seats -----------------------------------------------------------------------------


def test_a_closed_seat_knows_why(at_stage: Callable[[str], Case]) -> None:
    case = at_stage("invited")
    seat, token = cases.identified_with_token(case, cases.invitation_links(case)[0])
    assert people.seat_end(case.services, ANONYMOUS, token) is None
    withdraw(case)
    assert people.seat_actor(case.services, ANONYMOUS, token) is None
    assert people.seat_end(case.services, ANONYMOUS, token) == "withdrawn"
    assert people.seat_end(case.services, ANONYMOUS, "somebody else's") is None
    with pytest.raises(SigningEnded):
        invitations.reissue(case.services, case.staff["host"], seat.actor.signatory_id or "")


def test_no_certificate_is_issued_after_an_end(doors_open: Case) -> None:
    lin, zhou = doors_open.seats
    zhou.read()
    request = zhou.ready_request()
    refusals.decline(lin.services, lin.actor, "Our board has not agreed.")
    with pytest.raises(SigningEnded):
        seats.ready(zhou.services, zhou.actor, request)
    assert certificates(doors_open) == {}


def test_who_declines_after_another_signed_ends_it_and_the_signature_stays(round_open: Case) -> None:
    services, (lin, zhou) = round_open.services, round_open.seats
    lin.sign()
    refusals.decline(services, zhou.actor, "Our board has not agreed.")
    found = view(round_open)
    assert (found.row.state, found.signed, found.allowed & {"withdraw", "void", "deadline"}) == ("declined", 1, set())
    written = mails_of(round_open, "declined")
    assert len(written) == 1
    assert "Our board" not in "".join(written.values())
    assert "evidence" in "".join(written.values()) or "证据" in "".join(written.values())
    assert lin.board().me.state == "signed"
    assert documents.download(services, lin.actor, round_open.agreement_id)[0].startswith(b"%PDF")
    run_once(services)
    assert view(round_open).row.state == "declined"
    board = boards.host(services, round_open.staff["host"], round_open.ceremony_id)
    assert (board.allowed, board.final_sha256) == (("abort",), None)
    round_open.command("abort", "A party declined.")
    assert view(round_open).row.state == "declined"


def test_a_press_under_way_when_it_is_withdrawn_is_not_stored(round_open: Case) -> None:
    lin = round_open.seats[0]
    prepared = lin.prepare()
    assert isinstance(prepared, signatures.Ready)
    value = lin.value(prepared)
    withdraw(round_open)
    with pytest.raises(SigningEnded, match="withdrawn"):
        signatures.complete(lin.services, lin.actor, prepared.attempt_id, value)
    with round_open.services.db.read() as session:
        row = session.get_one(Agreement, round_open.agreement_id)
        assert row.state == "withdrawn"
        assert session.scalars(select(Invitation.revoked_at).where(Invitation.revoked_at.is_(None))).all() == []
    assert "signature.applied" not in log_types(round_open.services)
