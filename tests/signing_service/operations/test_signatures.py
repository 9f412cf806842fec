"""The signing path: two presses, repeated commands, wrong values, lost turns; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from keys.errors import KeysError
from signing_service.errors import AttemptExpired, NotFound, OtherDocument, SigningOutOfTurn, StaleBase
from signing_service.operations import bases, boards, closing, seats, signatures, verification
from signing_service.permissions import ANONYMOUS
from tests.factories.case import Case, raw_signature
from tests.factories.installation import StoppedClock


def test_both_sign_and_the_agreement_is_closed_at_b_lta(round_open: Case) -> None:
    for number, seat in enumerate(round_open.seats):
        signed = seat.sign(f"command-key-{number}")
        assert signed.revision == 3 + number
    assert closing.close_due(round_open.services) == 1
    report = verification.by_number(round_open.services, ANONYMOUS, "SCA-2020-017").to_json()
    assert report["document"]["indication"] == "TOTAL_PASSED", report["findings"]
    assert [s["level"] for s in report["signatures"] if s["kind"] == "signature"] == ["B-LTA"] * 3


def test_pressing_twice_signs_once(round_open: Case) -> None:
    seat = round_open.seats[0]
    first = seat.sign("command-key-1")
    assert seat.prepare("command-key-1") == first
    assert seat.prepare("another-key-2") == first


def test_a_repeated_prepare_gives_the_same_attempt(round_open: Case) -> None:
    seat = round_open.seats[0]
    first, second = seat.prepare(), seat.prepare()
    assert isinstance(first, signatures.Ready)
    assert isinstance(second, signatures.Ready)
    assert first.attempt_id == second.attempt_id


@pytest.mark.parametrize("how", ["ready", "heartbeat"])
def test_who_is_ready_finds_everything_at_hand(doors_open: Case, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Made when they become ready, and after a restart of the service while they wait: a press draws nothing."""
    seats_ready = doors_open.seats
    for seat in seats_ready:
        seat.be_ready()
    doors_open.command("go_live")
    doors_open.command("open_round")
    if how == "heartbeat":
        doors_open.services.bases.forget()
        doors_open.services.warmed.clear()
        for seat in seats_ready:
            seats.heartbeat(seat.services, seat.actor)
    made: list[object] = []
    monkeypatch.setattr(signatures, "make_at_hand", made.append)
    monkeypatch.setattr(bases, "make", made.append)
    for number, seat in enumerate(seats_ready):
        assert seat.sign(f"command-key-{number}").revision == 3 + number
    assert made == []


def test_a_repeated_value_gives_the_first_result(round_open: Case) -> None:
    seat = round_open.seats[0]
    prepared = seat.prepare()
    assert isinstance(prepared, signatures.Ready)
    value = seat.value(prepared)
    first = signatures.complete(seat.services, seat.actor, prepared.attempt_id, value)
    assert signatures.complete(seat.services, seat.actor, prepared.attempt_id, value) == first


def test_the_second_waits_while_the_first_holds_the_turn(round_open: Case) -> None:
    lin, zhou = round_open.seats
    prepared = lin.prepare()
    assert zhou.prepare("zhou-command") == signatures.Waiting(1)
    assert isinstance(prepared, signatures.Ready)
    signatures.complete(lin.services, lin.actor, prepared.attempt_id, lin.value(prepared))
    assert isinstance(zhou.prepare("zhou-command"), signatures.Ready)


def test_whoever_is_next_is_served_when_the_one_before_is_stored(
    round_open: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not ask again: their press is still there when the turn comes."""
    monkeypatch.setattr(signatures, "AT_THE_DOOR_SECONDS", 60.0)
    lin, zhou = round_open.seats
    prepared = lin.prepare()
    assert isinstance(prepared, signatures.Ready)
    with ThreadPoolExecutor(1) as others:
        pressed = others.submit(zhou.prepare, "zhou-command")
        while not round_open.services.pace.at_the_door:
            assert not pressed.done()
        signatures.complete(lin.services, lin.actor, prepared.attempt_id, lin.value(prepared))
        assert isinstance(pressed.result(60), signatures.Ready)


def test_a_browser_that_does_not_answer_loses_the_turn_not_the_signature(round_open: Case, clock: StoppedClock) -> None:
    lin, zhou = round_open.seats
    slow = lin.prepare("lin-command")
    assert isinstance(slow, signatures.Ready)
    value = lin.value(slow)
    clock.forward(seconds=30)
    zhou.sign("zhou-command")
    with pytest.raises((StaleBase, AttemptExpired)):
        signatures.complete(lin.services, lin.actor, slow.attempt_id, value)
    assert lin.sign("lin-command").revision == 4


def test_a_value_over_something_else_is_refused_and_the_turn_is_free(round_open: Case) -> None:
    lin, zhou = round_open.seats
    prepared = lin.prepare()
    assert isinstance(prepared, signatures.Ready)
    with pytest.raises(KeysError):
        signatures.complete(lin.services, lin.actor, prepared.attempt_id, raw_signature(lin.key, b"something else"))
    assert isinstance(zhou.prepare("zhou-command"), signatures.Ready)
    assert boards.host(lin.services, round_open.staff["host"], round_open.ceremony_id).signed == 0


def test_a_value_by_another_key_is_refused(round_open: Case) -> None:
    lin, zhou = round_open.seats
    prepared = lin.prepare()
    assert isinstance(prepared, signatures.Ready)
    with pytest.raises(KeysError):
        signatures.complete(
            lin.services, lin.actor, prepared.attempt_id, raw_signature(zhou.key, prepared.signed_attributes)
        )


def test_somebody_elses_attempt_is_not_found(round_open: Case) -> None:
    lin, zhou = round_open.seats
    prepared = lin.prepare()
    assert isinstance(prepared, signatures.Ready)
    with pytest.raises(NotFound):
        signatures.complete(zhou.services, zhou.actor, prepared.attempt_id, lin.value(prepared))


def test_another_document_is_refused_by_name(round_open: Case) -> None:
    seat = round_open.seats[0]
    with pytest.raises(OtherDocument):
        signatures.prepare(seat.services, seat.actor, "0" * 64, "command-key-1")


def test_nobody_signs_before_the_round_is_open(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    seat.be_ready()
    with pytest.raises(SigningOutOfTurn):
        seat.prepare()


def test_what_became_of_a_command(round_open: Case) -> None:
    seat = round_open.seats[0]
    assert signatures.outcome(seat.services, seat.actor, "never-sent-1") is None
    prepared = seat.prepare("lost-command")
    assert signatures.outcome(seat.services, seat.actor, "lost-command") == prepared
    signed = seat.sign("lost-command")
    assert signatures.outcome(seat.services, seat.actor, "lost-command") == signed
