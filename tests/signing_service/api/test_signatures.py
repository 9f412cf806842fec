"""Pressing “Sign and bind” over HTTP: once, twice, out of turn, over something else, in somebody else's seat."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest

from tests.attacks.unchanged import log_types, nothing_changes
from tests.attacks.visitor import SeatVisitor, Web, problem
from tests.factories.case import Case, raw_signature
from tests.factories.installation import StoppedClock

REFUSED = ("access.refused",)
TURN = ("turn_request",)


@pytest.fixture
def web(at_stage: Callable[[str], Case]) -> Web:
    return Web(at_stage("round_open"))


@pytest.fixture
def lin(web: Web) -> SeatVisitor:
    return web.at_seat(web.case.seats[0])


@pytest.fixture
def zhou(web: Web) -> SeatVisitor:
    return web.at_seat(web.case.seats[1])


def prepared(visitor: SeatVisitor, command_key: str = "command-key-1") -> dict[str, Any]:
    answer = visitor.press(command_key)
    assert answer.status_code == 200, answer.text
    state = dict(answer.get_json())
    assert state["state"] == "prepared"
    return state


def hand_in(visitor: SeatVisitor, state: dict[str, Any], value: bytes, command_key: str = "command-key-1") -> Any:
    return visitor.call(state["value_url"], {"value": b64encode(value).decode(), "command_key": command_key})


def value(visitor: SeatVisitor, state: dict[str, Any]) -> bytes:
    """What the page's script does: recompute the digest of the prepared file, sign what contains it."""
    pdf = visitor.open(state["prepared_url"]).data
    zero, first, second, rest = state["byte_range"]
    assert (zero, second + rest) == (0, len(pdf))
    attributes = b64decode(state["signed_attributes"])
    assert hashlib.sha256(pdf[:first] + pdf[second:]).digest() in attributes
    return raw_signature(visitor.seat.key, attributes)


def test_one_press_signs_and_gives_a_receipt(lin: SeatVisitor) -> None:
    state = prepared(lin)
    signed = hand_in(lin, state, value(lin, state)).get_json()
    assert (signed["state"], signed["revision"]) == ("signed", 3)
    assert hashlib.sha256(lin.open(f"{lin.api}/document.pdf").data).hexdigest() == signed["document_sha256"]
    assert lin.open(f"{lin.api}/commands/command-key-1").get_json()["state"] == "signed"


def part_of(visitor: SeatVisitor, state: dict[str, Any], wanted: str) -> Any:
    return visitor.open(state["prepared_url"], environ_overrides={"HTTP_RANGE": wanted})


def test_a_browser_is_sent_only_what_follows_the_document_it_displays(lin: SeatVisitor, zhou: SeatVisitor) -> None:
    """Also when a signature came in between: its bytes are in what follows."""
    state = prepared(lin)
    hand_in(lin, state, value(lin, state))
    state = prepared(zhou, "command-key-2")
    shown, whole = zhou.open(f"{zhou.api}/document.pdf").data, zhou.open(state["prepared_url"]).data
    for begin in (0, len(shown), len(whole) - 5):
        part = part_of(zhou, state, f"bytes={begin}-")
        assert (part.status_code, part.data) == (206, whole[begin:])
        assert part.headers["Content-Range"] == f"bytes {begin}-{len(whole) - 1}/{len(whole)}"
    beyond = part_of(zhou, state, f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


def test_any_other_range_gives_the_whole(lin: SeatVisitor) -> None:
    state = prepared(lin)
    whole = lin.open(state["prepared_url"]).data
    for other in ("bytes=-5", "bytes=0-5", "bytes=0-1,4-", "pages=1-", "bytes=x-", "bytes=" + "9" * 5000 + "-"):
        answer = part_of(lin, state, other)
        assert (answer.status_code, answer.data) == (200, whole), other[:20]


def test_pressing_twice_signs_once(lin: SeatVisitor) -> None:
    state = prepared(lin)
    first = hand_in(lin, state, value(lin, state)).get_json()
    with nothing_changes(lin.seat.services):
        assert lin.press("command-key-1").get_json() == first
        assert lin.press("command-key-2").get_json() == first
        assert hand_in(lin, state, b"\x01" * 64).get_json() == first
    assert log_types(lin.seat.services).count("signature.applied") == 1


def test_the_second_is_told_how_many_are_before(lin: SeatVisitor, zhou: SeatVisitor) -> None:
    prepared(lin)
    with nothing_changes(lin.seat.services, but=TURN):
        answer = zhou.press("zhou-command").get_json()
    assert answer == {"state": "waiting", "before_you": 1, "retry_ms": 25}


def test_nobody_signs_before_the_host_opens_the_round(at_stage: Callable[[str], Case]) -> None:
    web = Web(at_stage("doors_open"))
    web.case.seats[0].be_ready()
    lin = web.at_seat(web.case.seats[0])
    with nothing_changes(web.case.services, REFUSED):
        said = problem(lin.press(), 409, "signature.out_of_turn")
    assert "The host has not opened the round" in said


def test_nobody_signs_who_is_not_ready(at_stage: Callable[[str], Case]) -> None:
    web = Web(at_stage("doors_open"))
    web.case.command("go_live")
    web.case.command("open_round")
    lin = web.at_seat(web.case.seats[0])
    with nothing_changes(web.case.services, REFUSED):
        said = problem(lin.press(), 409, "seat.wrong_state")
    assert said == "Your seat is “identified”; it cannot “sign” now."


def test_another_document_is_named_with_both_hashes(lin: SeatVisitor) -> None:
    with nothing_changes(lin.seat.services, REFUSED):
        said = problem(lin.press(document_sha256="ab" * 32), 409, "signature.other_document")
    assert "abababababab" in said
    assert lin.seat.document_sha256[:12] in said


def test_a_value_over_something_else(lin: SeatVisitor) -> None:
    """Signed was another text with the right key: refused, recorded, and the seat is ready to press again."""
    state = prepared(lin)
    size = len(log_types(lin.seat.services))
    said = problem(hand_in(lin, state, raw_signature(lin.seat.key, b"I owe you nothing.")), 422, "keys.wrong_value")
    assert said
    assert log_types(lin.seat.services, size) == ("signature.failed",)
    board = lin.open(lin.api).get_json()
    assert (board["me"]["state"], board["signed"]) == ("ready", 0)
    again = prepared(lin, "command-key-2")
    assert hand_in(lin, again, value(lin, again)).get_json()["state"] == "signed"


def test_a_value_of_another_attempt(lin: SeatVisitor, clock: StoppedClock) -> None:
    """The value of the first, abandoned attempt does not fit the second."""
    first = prepared(lin)
    old = value(lin, first)
    clock.forward(seconds=2)  # the stamp shows the time: other bytes
    second = prepared(lin, "command-key-2")
    assert second["attempt_id"] != first["attempt_id"]
    problem(hand_in(lin, second, old), 422, "keys.wrong_value")
    problem(hand_in(lin, first, old), 409, "signature.attempt_expired")


@pytest.mark.parametrize("raw", [b"", b"\x00" * 64, b"\xff" * 64, b"\x01" * 63, b"\x01" * 65])
def test_what_is_no_value(lin: SeatVisitor, raw: bytes) -> None:
    state = prepared(lin)
    answer = hand_in(lin, state, raw)
    assert answer.status_code == 422
    assert lin.open(lin.api).get_json()["signed"] == 0


def test_somebody_elses_attempt(lin: SeatVisitor, zhou: SeatVisitor) -> None:
    """Zhou names Lin's attempt under the own seat, and Lin's seat with the own cookie."""
    state = prepared(lin)
    right = value(lin, state)
    foreign = dict(state, value_url=state["value_url"].replace(lin.signatory_id, zhou.signatory_id))
    with nothing_changes(lin.seat.services):
        problem(hand_in(zhou, foreign, right), 404, "service.not_found")
        problem(hand_in(zhou, state, right), 401, "service.sign_in_needed")
        prepared_url = state["prepared_url"].replace(lin.signatory_id, zhou.signatory_id)
        problem(zhou.open(prepared_url), 404, "service.not_found")


def test_the_seat_of_another_in_the_address(lin: SeatVisitor, zhou: SeatVisitor) -> None:
    body = {"document_sha256": zhou.seat.document_sha256, "command_key": "command-key-1"}
    with nothing_changes(lin.seat.services):
        problem(zhou.call(f"{lin.api}/signatures", body), 401, "service.sign_in_needed")


def test_who_declines_says_why_and_ends_it_for_everybody(lin: SeatVisitor, zhou: SeatVisitor) -> None:
    decline = {"reason": "Our board has not agreed.", "command_key": "command-key-1"}
    size = len(log_types(lin.seat.services))
    answer = lin.call(f"{lin.api}/decline", decline).get_json()
    assert (answer["me"]["state"], answer["agreement"]["state"]) == ("declined", "declined")
    assert log_types(lin.seat.services, size) == ("seat.declined", "agreement.declined")
    with nothing_changes(lin.seat.services, REFUSED):
        said = problem(zhou.press(), 409, "signature.agreement_ended")
    assert said.startswith("One of the parties declined to sign this agreement.")
    with nothing_changes(lin.seat.services, REFUSED):
        problem(lin.call(f"{lin.api}/decline", decline), 409, "seat.wrong_state")


def test_who_signed_cannot_decline(lin: SeatVisitor) -> None:
    state = prepared(lin)
    hand_in(lin, state, value(lin, state))
    with nothing_changes(lin.seat.services, REFUSED):
        said = problem(
            lin.call(f"{lin.api}/decline", {"reason": "Too late.", "command_key": "command-key-2"}),
            409,
            "seat.wrong_state",
        )
    assert said == "Your seat is “signed”; it cannot “decline” now."


def test_the_words_of_a_refusal_are_not_in_the_log_itself(lin: SeatVisitor, web: Web) -> None:
    """What a person typed lies beside the entry and can be erased; the log's bytes hold only its hash."""
    words = "Our chairman is in hospital."
    lin.call(f"{lin.api}/decline", {"reason": words, "command_key": "command-key-1"})
    assert words not in web.staff("auditor").open("/log/entries").text
