"""Ending an agreement at the same instant as something else happens to it: one of the two is right, never both."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from agreements.course_errors import FullySigned, NotPermittedInState, SignedAlready, SuccessorUnderWay
from agreements.errors import AgreementError
from agreements.lifecycle import Command
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementEnded, VersionSaved
from signing_service.audit.verify import verify_log
from signing_service.db.models.agreements import Agreement
from signing_service.errors import AttemptExpired, ChangedMeanwhile, SigningEnded, StaleBase
from signing_service.operations import agreements, audit_log, endings, rows, signatures, successors
from signing_service.operations.operation import Act, MoveNotRecorded, command
from signing_service.permissions import Action
from signing_service.worker import run_once
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories.case import Case, Seat
from tests.signing_service.operations.test_at_once import together

REASON = "The board asks for other terms."


def state(case: Case) -> str:
    return agreements.read(case.services, case.staff["legal"], case.agreement_id).row.state


def sound(case: Case) -> bool:
    with case.services.db.read() as session:
        return list(verify_log(session, [audit_log.verifier_key(case.services)], None)) == []


@command(Action.AGREEMENT_WITHDRAW)
def moved_as_read(act: Act, read: Agreement) -> None:
    """Move an agreement as somebody read it before, with no lock taken: the guard alone decides."""
    rows.move(act, read, Command.WITHDRAW)
    act.record(Recorded.AGREEMENT_WITHDRAWN, AgreementEnded("frozen"), agreement=read.id)


def test_who_read_first_and_moves_second_has_lost(frozen: Case) -> None:
    """Eight read the same row and all move it: one does, seven are told, and nothing of theirs is kept."""
    services, legal = frozen.services, frozen.staff["legal"]
    copies = []
    for _ in range(8):
        with services.db.read() as session:
            copies.append(session.get_one(Agreement, frozen.agreement_id))
            session.expunge_all()
    before = copies[0].row_version
    outcomes: list[str] = []

    def move(read: Agreement) -> Callable[[], None]:
        def run() -> None:
            try:
                moved_as_read(services, legal, read)
                outcomes.append("moved")
            except ChangedMeanwhile:
                outcomes.append("lost")

        return run

    together(*[move(read) for read in copies])
    assert sorted(outcomes) == ["lost"] * 7 + ["moved"]
    assert log_types(services).count("agreement.withdrawn") == 1
    with services.db.read() as session:
        row = session.get_one(Agreement, frozen.agreement_id)
        assert (row.state, row.row_version) == ("withdrawn", before + 1)
    assert sound(frozen)


@command(Action.AGREEMENT_WITHDRAW)
def moved_and_told(act: Act, agreement_id: str, entries: int) -> int:
    """Move and record as many entries of it; returns the row version the object then has."""
    row = rows.agreement_locked(act, agreement_id)
    row.title = {"en": "changed in the same act"}
    rows.move(act, row, Command.WITHDRAW)
    for _ in range(entries):
        act.record(Recorded.AGREEMENT_WITHDRAWN, AgreementEnded("frozen"), agreement=agreement_id)
    act.record(Recorded.VERSION_SAVED, VersionSaved(1, "ab" * 32), agreement=agreement_id)
    return row.row_version


@pytest.mark.parametrize("entries", [0, 2])
def test_a_move_without_its_one_entry_is_rolled_back(frozen: Case, entries: int) -> None:
    with nothing_changes(frozen.services), pytest.raises(MoveNotRecorded):
        moved_and_told(frozen.services, frozen.staff["legal"], frozen.agreement_id, entries)


def test_after_a_move_the_object_is_what_the_database_holds(frozen: Case) -> None:
    version = moved_and_told(frozen.services, frozen.staff["legal"], frozen.agreement_id, 1)
    with frozen.services.db.read() as session:
        row = session.get_one(Agreement, frozen.agreement_id)
        assert (row.row_version, row.state) == (version, "withdrawn")
        assert row.title == {"en": "changed in the same act"}


def withdrawing(case: Case, outcomes: list[str]) -> Callable[[], None]:
    version = agreements.read(case.services, case.staff["legal"], case.agreement_id).row_version

    def run() -> None:
        try:
            endings.withdraw(case.services, case.staff["legal"], case.agreement_id, REASON, version)
            outcomes.append("withdrawn")
        except (SignedAlready, FullySigned, NotPermittedInState) as refused:
            outcomes.append(refused.code)

    return run


def signing(seat: Seat, outcomes: list[str], number: int = 0) -> Callable[[], None]:
    """Hand in a value that was made before: what races is the storing."""
    prepared = seat.prepare(f"command-key-{number}")
    assert isinstance(prepared, signatures.Ready)
    value = seat.value(prepared)

    def run() -> None:
        try:
            signatures.complete(seat.services, seat.actor, prepared.attempt_id, value)
            outcomes.append("signed")
        except SigningEnded as refused:
            outcomes.append(refused.code)

    return run


def test_a_withdrawal_and_a_signature_at_the_same_instant(round_open: Case) -> None:
    """Either the signature is in and the withdrawal is refused by name, or the other way round."""
    outcomes: list[str] = []
    together(withdrawing(round_open, outcomes), signing(round_open.seats[0], outcomes))
    types = log_types(round_open.services)
    if state(round_open) == "withdrawn":
        assert sorted(outcomes) == ["signature.agreement_ended", "withdrawn"]
        assert "signature.applied" not in types
    else:
        assert state(round_open) == "signing"
        assert sorted(outcomes) == ["agreement.signed_already", "signed"]
        assert "agreement.withdrawn" not in types
    assert sound(round_open)


def test_a_withdrawal_before_the_first_press_refuses_every_press(round_open: Case) -> None:
    """Everybody presses, somebody withdraws, the worker closes what it can: one end, and it is whole."""
    outcomes: list[str] = []

    def press(seat: Seat, number: int) -> Callable[[], None]:
        def run() -> None:
            while "withdrawn" not in outcomes:
                try:
                    found = seat.prepare(f"command-key-{number}")
                    if isinstance(found, signatures.Ready):
                        signatures.complete(seat.services, seat.actor, found.attempt_id, seat.value(found))
                        outcomes.append("signed")
                        return
                except (StaleBase, AttemptExpired):
                    continue
                except SigningEnded as refused:
                    outcomes.append(refused.code)
                    return
                threading.Event().wait(0.02)

        return run

    presses = [press(seat, number) for number, seat in enumerate(round_open.seats)]
    together(withdrawing(round_open, outcomes), *presses)
    run_once(round_open.services)
    types = log_types(round_open.services)
    ended = {"withdrawn": types.count("agreement.withdrawn"), "completed": types.count("agreement.completed")}
    assert sum(ended.values()) == 1
    assert ended[state(round_open)] == 1
    assert types.count("signature.applied") == (0 if ended["withdrawn"] else 2)
    assert sound(round_open)


def test_the_last_signature_and_the_second_person_at_the_same_instant(round_open: Case) -> None:
    """Void or completed, never a concluded agreement that is void."""
    lin, zhou = round_open.seats
    lin.sign()
    version = agreements.read(round_open.services, round_open.staff["legal"], round_open.agreement_id).row_version
    asked = endings.ask_void(round_open.services, round_open.staff["legal"], round_open.agreement_id, REASON, version)
    outcomes: list[str] = []

    def confirm() -> None:
        try:
            endings.confirm_void(round_open.services, round_open.staff["management"], round_open.agreement_id, asked)
            outcomes.append("void")
        except AgreementError as refused:
            outcomes.append(refused.code)

    together(confirm, signing(zhou, outcomes, 1))
    run_once(round_open.services)
    types = log_types(round_open.services)
    if state(round_open) == "void":
        assert sorted(outcomes) == ["signature.agreement_ended", "void"]
        assert types.count("signature.applied") == 1
    else:
        assert state(round_open) == "completed"
        assert "signed" in outcomes
    assert types.count("agreement.voided") + types.count("agreement.completed") == 1
    assert sound(round_open)


def test_two_second_persons_and_one_who_drops_it(round_open: Case) -> None:
    round_open.seats[0].sign()
    version = agreements.read(round_open.services, round_open.staff["legal"], round_open.agreement_id).row_version
    asked = endings.ask_void(round_open.services, round_open.staff["legal"], round_open.agreement_id, REASON, version)

    def decide(act: Callable[..., None], who: str) -> Callable[[], None]:
        def run() -> None:
            try:
                act(round_open.services, round_open.staff[who], round_open.agreement_id, asked)
            except ChangedMeanwhile:
                return

        return run

    together(
        decide(endings.confirm_void, "management"),
        decide(endings.confirm_void, "legal_review"),
        decide(endings.drop_void, "legal"),
    )
    types = log_types(round_open.services)
    assert types.count("agreement.voided") + types.count("agreement.void_dropped") == 1
    assert sound(round_open)


def test_two_workers_let_it_expire_once(round_open: Case) -> None:
    with round_open.services.db.write() as session:
        row = session.get_one(Agreement, round_open.agreement_id)
        row.sign_until_at, row.sign_until_zone = round_open.services.clock(), "UTC"
    together(*[lambda: endings.expire_due(round_open.services)] * 3)
    assert log_types(round_open.services).count("agreement.expired") == 1
    assert state(round_open) == "expired"


def test_two_amendments_begun_at_once_are_one(completed: Case) -> None:
    outcomes: list[str] = []

    def begin(number: str) -> Callable[[], None]:
        def run() -> None:
            try:
                successors.start(completed.services, completed.staff["legal"], completed.agreement_id, "amends", number)
                outcomes.append("begun")
            except SuccessorUnderWay as refused:
                outcomes.append(refused.code)

        return run

    together(*[begin(f"SCA-2020-017-A{number}") for number in range(1, 4)])
    assert sorted(outcomes) == ["begun", "succession.under_way", "succession.under_way"]
