"""Attack: signing when one may not. Out of turn, in another's seat, after the show was stopped, twice, too late."""

from __future__ import annotations

from base64 import b64encode

import pytest

from signing_service.db.models.signatures import TurnRequest
from signing_service.errors import AttemptExpired, ServiceError, SigningOutOfTurn
from signing_service.operations import boards, invitations, refusals, signatures
from tests.attacks.unchanged import nothing_changes
from tests.factories.case import Case, Seat
from tests.factories.installation import StoppedClock


def prepared(seat: Seat, command_key: str = "command-key-1") -> signatures.Ready:
    found = seat.prepare(command_key)
    assert isinstance(found, signatures.Ready)
    return found


def signed(case: Case) -> int:
    return boards.host(case.services, case.staff["host"], case.ceremony_id).signed


def complete(seat: Seat, attempt: signatures.Ready, value: bytes) -> signatures.Signed:
    return signatures.complete(seat.services, seat.actor, attempt.attempt_id, value)


def test_an_aborted_ceremony_takes_no_signature_that_was_prepared_before(round_open: Case) -> None:
    seat = round_open.seats[0]
    attempt = prepared(seat)
    value = seat.value(attempt)
    round_open.command("abort", "The delegations have left.")
    with pytest.raises(SigningOutOfTurn):
        complete(seat, attempt, value)
    assert signed(round_open) == 0


def test_a_paused_ceremony_takes_no_signature_and_nothing_is_lost(round_open: Case) -> None:
    seat = round_open.seats[0]
    attempt = prepared(seat)
    value = seat.value(attempt)
    round_open.command("pause", "A legal observer objects.")
    with pytest.raises(SigningOutOfTurn):
        complete(seat, attempt, value)
    assert signed(round_open) == 0
    round_open.command("resume")
    assert seat.sign("command-key-1").revision == 3


def test_nobody_signs_what_another_declined(round_open: Case) -> None:
    lin, zhou = round_open.seats
    attempt = prepared(zhou)
    value = zhou.value(attempt)
    refusals.decline(lin.services, lin.actor, "Our board has not agreed.")
    with pytest.raises(SigningOutOfTurn):
        complete(zhou, attempt, value)
    with pytest.raises(SigningOutOfTurn):
        zhou.prepare("command-key-2")
    assert signed(round_open) == 0


def test_the_host_can_end_the_show_after_a_refusal(round_open: Case) -> None:
    lin = round_open.seats[0]
    refusals.decline(lin.services, lin.actor, "Our board has not agreed.")
    board = boards.host(lin.services, round_open.staff["host"], round_open.ceremony_id)
    assert "abort" in board.allowed
    round_open.command("abort", "One party declined.")
    board = boards.host(lin.services, round_open.staff["host"], round_open.ceremony_id)
    assert (board.ceremony.state, board.agreement.state) == ("aborted", "declined")


def test_the_host_can_end_the_show_when_one_declines_after_another_signed(round_open: Case) -> None:
    lin, zhou = round_open.seats
    zhou.sign()
    refusals.decline(lin.services, lin.actor, "Our board has not agreed.")
    round_open.command("abort", "One party declined.")
    board = boards.host(lin.services, round_open.staff["host"], round_open.ceremony_id)
    assert (board.ceremony.state, board.agreement.state, board.signed) == ("aborted", "declined", 1)


def test_a_link_withdrawn_in_the_middle_of_signing_signs_nothing(round_open: Case) -> None:
    """The wrong person sits at the device: the host sends a new link between the two steps of a signature."""
    seat = round_open.seats[0]
    attempt = prepared(seat)
    value = seat.value(attempt)
    invitations.reissue(round_open.services, round_open.staff["host"], seat.actor.signatory_id or "")
    with pytest.raises(ServiceError):
        complete(seat, attempt, value)
    assert signed(round_open) == 0


def test_a_stored_signature_cannot_be_failed(round_open: Case) -> None:
    """A second tab hands in rubbish for the same attempt while the first tab's signature is stored."""
    seat = round_open.seats[0]
    attempt = prepared(seat)
    done = complete(seat, attempt, seat.value(attempt))
    with nothing_changes(seat.services, recorded=("access.refused",)), pytest.raises(AttemptExpired):
        signatures.fail(seat.services, seat.actor, attempt.attempt_id, "keys.wrong_value")
    assert complete(seat, attempt, b"\x00" * 64) == done
    assert signed(round_open) == 1


def test_a_slow_preparation_does_not_take_the_turn_of_another(
    round_open: Case, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the file is read for one, the lease runs out and another gets the turn: there is one holder."""
    lin, zhou = round_open.seats
    services = lin.services
    services.bases.forget()
    services.warmed.update(str(seat.actor.signatory_id) for seat in (lin, zhou))  # so that it is found out in the turn
    make = signatures.__dict__["make_at_hand"]
    slow = True

    def made(*args: object) -> None:
        nonlocal slow
        if slow:
            slow = False
            clock.forward(seconds=60)
            assert isinstance(zhou.prepare("zhou-command"), signatures.Ready)
        make(*args)

    monkeypatch.setattr(signatures, "make_at_hand", made)
    assert isinstance(lin.prepare("lin-command"), signatures.Waiting)
    with lin.services.db.read() as session:
        leases = [row.lease_until for row in session.query(TurnRequest)]
    assert len([lease for lease in leases if lease is not None and lease > clock()]) == 1
    assert zhou.sign("zhou-command").revision == 3
    assert lin.sign("lin-command").revision == 4


def test_a_value_may_not_be_longer_or_shorter(round_open: Case) -> None:
    seat = round_open.seats[0]
    attempt = prepared(seat)
    value = seat.value(attempt)
    for wrong in (value[:-1], value + b"\x00", b"", b64encode(value)):
        with pytest.raises(Exception, match="bytes"):
            complete(seat, attempt, wrong)
        attempt = prepared(seat, "command-key-2")
        value = seat.value(attempt)
    assert signed(round_open) == 0
