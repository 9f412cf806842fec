"""Attack: guessing the one-time code, using an old one, or one that was mailed for another link."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from signing_service.db.models.signatories import OneTimeCode, SeatSession
from tests.attacks.unchanged import log_types, nothing_changes
from tests.attacks.visitor import Visitor, Web, page
from tests.factories.case import invitation_links
from tests.factories.installation import StoppedClock

TRIED = ("one_time_code",)


class AtTheDoor:
    """Somebody who asked for a code with a link."""

    def __init__(self, web: Web, number: int = 0) -> None:
        self.web = web
        self.token = invitation_links(web.case)[number]
        self.visitor: Visitor = web.stranger()
        self.ask()

    def ask(self) -> None:
        self.visitor.open(f"/s/{self.token}")
        assert self.visitor.send(f"/s/{self.token}/code").status_code == 303
        self.code = self.web.code()

    def other_code(self) -> str:
        return f"{(int(self.code) + 1) % 1_000_000:06d}"

    def enter(self, code: str) -> tuple[int, str]:
        answer = self.visitor.send(f"/s/{self.token}", {"code": code})
        return answer.status_code, answer.text

    def sessions(self) -> int:
        with self.web.case.services.db.read() as session:
            return len(session.scalars(select(SeatSession)).all())


@pytest.fixture
def door(web_invited: Web) -> AtTheDoor:
    return AtTheDoor(web_invited)


def test_a_wrong_code_is_counted_recorded_and_tells_how_many_tries_are_left(door: AtTheDoor) -> None:
    for left in (4, 3, 2, 1):
        with nothing_changes(door.web.case.services, recorded=("code.refused",), but=TRIED):
            status, text = door.enter(door.other_code())
        assert status == 422
        assert f"You have {left} tries left" in text
    assert door.enter(door.code)[0] == 303


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(door: AtTheDoor) -> None:
    for _ in range(5):
        status, text = door.enter(door.other_code())
    assert status == 410
    assert "no longer valid" in text
    with nothing_changes(door.web.case.services):
        assert door.enter(door.code)[0] == 410
    assert door.sessions() == 0
    door.ask()
    assert door.enter(door.code)[0] == 303


def test_a_code_ends_after_ten_minutes(door: AtTheDoor, clock: StoppedClock) -> None:
    clock.forward(minutes=10, seconds=1)
    with nothing_changes(door.web.case.services):
        status, text = door.enter(door.code)
    assert status == 410
    assert "Press “Send me a code” for a new one" in text


def test_a_code_works_once(door: AtTheDoor) -> None:
    assert door.enter(door.code)[0] == 303
    thief = door.web.stranger()
    thief.open(f"/s/{door.token}")
    with nothing_changes(door.web.case.services):
        assert thief.send(f"/s/{door.token}", {"code": door.code}).status_code == 410
    assert door.sessions() == 1


def test_a_code_of_another_link_opens_nothing(web_invited: Web) -> None:
    lin, zhou = AtTheDoor(web_invited, 0), AtTheDoor(web_invited, 1)
    assert lin.code != zhou.code
    with nothing_changes(web_invited.case.services, recorded=("code.refused",), but=TRIED):
        assert lin.enter(zhou.code)[0] == 422
    assert lin.sessions() == 0


def test_a_code_without_having_asked_for_one(web_invited: Web) -> None:
    token = invitation_links(web_invited.case)[0]
    visitor = web_invited.stranger()
    with nothing_changes(web_invited.case.services):
        page(visitor.send(f"/s/{token}", {"code": "000000"}), 410)


def test_a_new_code_ends_the_one_before(door: AtTheDoor) -> None:
    old = door.code
    door.ask()
    if old != door.code:
        assert door.enter(old)[0] == 422
    assert door.enter(door.code)[0] == 303


def test_codes_are_not_mailed_without_end(door: AtTheDoor, clock: StoppedClock) -> None:
    """Nobody fills a signatory's mailbox with codes; after an hour it goes on."""
    for _ in range(5):
        assert door.visitor.send(f"/s/{door.token}/code").status_code == 303
    with nothing_changes(door.web.case.services):
        said = page(door.visitor.send(f"/s/{door.token}/code"), 429)
    assert "Too many codes were asked for with this link" in said
    clock.forward(minutes=61)
    door.ask()
    assert door.enter(door.code)[0] == 303


def test_tries_are_not_won_back_by_asking_again_and_again(door: AtTheDoor) -> None:
    """Six codes an hour with five tries each: thirty guesses of a million, then nothing for the rest of the hour."""
    guesses = 0
    while True:
        for _ in range(5):
            status, _text = door.enter(door.other_code())
            assert status in (422, 410)
            guesses += 1
        if door.visitor.send(f"/s/{door.token}/code").status_code == 429:
            break
        door.code = door.web.code()
    assert guesses == 30
    assert door.enter(door.other_code())[0] == 410
    assert log_types(door.web.case.services).count("code.refused") == 30


@pytest.mark.parametrize("code", ["", "   ", "12345", "1234567", "abcdef", "123456" * 1000, "१२३४५६", "𝟏𝟐𝟑𝟒𝟓𝟔"])
def test_what_is_no_code_is_refused(door: AtTheDoor, code: str) -> None:
    with nothing_changes(door.web.case.services, recorded=("code.refused",) if code.strip() else (), but=TRIED):
        assert door.enter(code)[0] == 422
    assert door.sessions() == 0


def test_a_code_of_nul_characters_is_no_try(door: AtTheDoor) -> None:
    with nothing_changes(door.web.case.services):
        assert door.enter("\x00" * 6)[0] == 422
    assert door.sessions() == 0


def test_a_code_typed_the_way_people_type_is_accepted(door: AtTheDoor) -> None:
    """With a space in the middle, and in the full-width digits of a Chinese keyboard."""
    typed = "".join(chr(ord(digit) + 0xFF10 - 0x30) for digit in door.code[:3]) + " " + door.code[3:]
    assert door.enter(typed)[0] == 303


def test_the_database_does_not_reveal_the_code(door: AtTheDoor) -> None:
    with door.web.case.services.db.read() as session:
        (mac,) = session.scalars(select(OneTimeCode.code_mac))
    assert len(mac) == 64
    assert door.code not in mac


def test_the_code_stands_in_no_log_entry(door: AtTheDoor) -> None:
    door.enter(door.other_code())
    door.enter(door.code)
    auditor = door.web.staff("auditor")
    assert door.code not in auditor.open("/log/entries").text
