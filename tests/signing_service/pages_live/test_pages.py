"""The live pages as they are served, before any script runs: who may see them, and what they say and do not say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from signing_service.accounts.tokens import stage_token
from signing_service.app import create_app
from signing_service.operations import invitations, people
from signing_service.pages.stage import languages_of
from signing_service.permissions import ANONYMOUS, SYSTEM
from tests.factories import case as cases
from tests.factories.browser_sessions import browser_session
from tests.signing_service.pages.visitor import Page, Visitor, visitor


class House:
    """A case with its pages."""

    def __init__(self, case: cases.Case) -> None:
        self.case = case
        self.app = create_app(case.services.settings, case.services)

    def stranger(self) -> Visitor:
        return visitor(self.app)

    def host(self) -> Visitor:
        until = self.case.services.clock().replace(year=2099)
        link = people.demo_link(self.case.services, SYSTEM, self.case.staff["host"].id, until)
        who = self.stranger()
        who.press(who.open(f"/enter/{link}"), "Sign in")
        return who

    def signatory(self, place: int) -> tuple[Visitor, str]:
        """The browser of a signatory who has entered the code, and the address of the seat."""
        link = cases.invitation_links(self.case)[place]
        seat, token = cases.identified_with_token(self.case, link)
        cookie, _csrf = browser_session({"seats": {seat.actor.signatory_id: token}})
        who = self.stranger()
        who.client.set_cookie("signing", cookie)
        return who, f"/seat/{seat.actor.signatory_id}"

    @property
    def stage(self) -> str:
        token = stage_token(self.case.services.settings.master_key, self.case.ceremony_id)
        return f"/stage/{self.case.ceremony_id}/{token}"


@pytest.fixture
def house(at_stage: Callable[[str], cases.Case]) -> House:
    return House(at_stage("invited"))


def state_of(visitor: Visitor, address: str) -> dict[str, Any]:
    """The first board a page carries."""
    body = visitor.client.get(address).get_data(as_text=True)
    block = body.split('<script type="application/json" id="state">', 1)[1].split("</script>", 1)[0]
    return dict(json.loads(block))


def wrong_code(house: House) -> tuple[Visitor, Page]:
    who, link = house.stranger(), cases.invitation_links(house.case)[0]
    page = who.press(who.open(f"/s/{link}"), "Send me a code")
    return who, who.press(page, "Go to my seat", {"code": "000000"})


def test_the_first_page_of_a_link_says_nothing_personal(house: House) -> None:
    page = house.stranger().open(f"/s/{cases.invitation_links(house.case)[0]}")
    assert page.heading == "You are invited to sign an agreement"
    for seat in state_of(house.stranger(), house.stage)["seats"]:
        for text in (seat["name"], *seat["party"].values()):
            assert text not in page.text


def test_opening_the_link_records_nothing_until_the_script_says_so(house: House) -> None:
    who, link = house.stranger(), cases.invitation_links(house.case)[0]
    page = who.open(f"/s/{link}")
    assert {s["state"] for s in state_of(house.stranger(), house.stage)["seats"]} == {"invited"}
    token = page.tree.xpath("//meta[@name='csrf-token']/@content")[0]
    who.client.post(f"/s/{link}/opened", json={}, headers={"X-CSRFToken": token})
    assert sorted(s["state"] for s in state_of(house.stranger(), house.stage)["seats"]) == ["invited", "joined"]


def test_a_wrong_code_says_how_many_tries_are_left_beside_the_field(house: House) -> None:
    _who, page = wrong_code(house)
    assert page.status == 422
    assert page.field("code").get("aria-describedby") == "code-error"
    assert page.all("//*[@id='code-error']") == ["That is not the code we sent. You have 4 tries left."]


def test_the_right_code_leads_to_the_seat_and_may_be_typed_with_blanks(house: House) -> None:
    who, page = wrong_code(house)
    code = cases.newest_code(house.case, cases.invitation_links(house.case)[0])
    page = who.press(page, "Go to my seat", {"code": f" {code[:3]} {code[3:]} "})
    assert page.heading.startswith("You sign for ")


def test_a_withdrawn_link_says_what_to_do(house: House) -> None:
    old = cases.invitation_links(house.case)[0]
    host = house.host()
    console = host.open(f"/ceremonies/{house.case.ceremony_id}")
    signatory = invitations.landing(house.case.services, ANONYMOUS, old).signatory_id
    token = console.tree.xpath("//meta[@name='csrf-token']/@content")[0]
    sent = {"invited": signatory, "csrf_token": token}
    answer = host.client.post(f"/ceremonies/{house.case.ceremony_id}/invitations", data=sent, follow_redirects=True)
    assert "A new link is on its way" in Page(answer).text
    page = house.stranger().open(f"/s/{old}")
    assert page.status == 410
    assert "Use the newest mail" in page.text
    assert old not in cases.invitation_links(house.case)


def test_a_seat_without_a_code_says_how_to_come_back(house: House) -> None:
    _who, address = house.signatory(0)
    page = house.stranger().open(address)
    assert page.status == 401
    assert page.heading == "Your seat is closed in this browser"


def test_a_seat_opens_for_its_own_signatory_only(house: House) -> None:
    first, _address = house.signatory(0)
    _other, second = house.signatory(1)
    assert first.open(second).status == 401


def test_the_seat_says_whom_i_bind_and_as_what_and_shows_every_page(house: House) -> None:
    who, address = house.signatory(0)
    page, board = who.open(address), state_of(who, address)
    me = board["me"]
    assert page.heading == f"You sign for {me['party']['en']}"
    assert f"{me['name']} · {me['title']['en']}" in page.text
    assert len(page.tree.xpath("//*[@data-page]")) == board["agreement"]["pages"]
    assert page.tree.xpath("//input[@id='agree']/@checked") == []


def test_the_sentence_carries_its_own_language(house: House) -> None:
    who, address = house.signatory(0)
    sentence = Page(who.client.get(f"{address}?lang=zh-Hans")).tree.xpath("//*[@id='consent-text']")[0]
    assert sentence.get("lang") == "zh-Hans"
    assert "本人已阅读" in sentence.text_content()


def test_no_live_page_has_a_script_or_style_of_its_own(house: House) -> None:
    seat, address = house.signatory(0)
    host = house.host()
    for who, where in ((seat, address), (host, f"/ceremonies/{house.case.ceremony_id}"), (seat, house.stage)):
        page = who.open(where)
        assert page.tree.xpath("//script[not(@src) and not(@type='application/json')]") == []
        assert page.tree.xpath("//style | //*[@style] | //*[@*[starts-with(name(), 'on')]]") == []


def test_words_of_a_page_never_break_out_of_their_block(house: House) -> None:
    """A name with markup in it is data, in the block as on the page."""
    who, address = house.signatory(0)
    body = who.client.get(address).get_data(as_text=True)
    block = body.split('id="state">', 1)[1].split("</script>", 1)[0]
    assert "<" not in block


def test_the_console_is_for_the_host(house: House) -> None:
    address = f"/ceremonies/{house.case.ceremony_id}"
    assert house.stranger().open(address).status == 401
    assert house.host().open(address).status == 200


def test_the_stage_needs_its_token_and_nothing_else(house: House) -> None:
    assert house.stranger().open(house.stage).status == 200
    other = "1" if house.stage.endswith("0") else "0"
    assert house.stranger().open(house.stage[:-1] + other).status in (401, 403, 404)


def test_the_stage_tells_no_mail_address_and_no_command(house: House) -> None:
    board = state_of(house.stranger(), house.stage)
    assert "@" not in json.dumps(board["seats"])
    assert "stage_url" not in board


@pytest.mark.parametrize(
    ("title", "first", "shown"),
    [
        ({"en": "A", "zh-Hans": "甲"}, None, ("zh-Hans", "en")),
        ({"en": "A", "zh-Hans": "甲"}, "en", ("en", "zh-Hans")),
        ({"de": "A", "en": "B"}, None, ("en", "de")),
        ({"de": "A", "fi": "B", "zh-Hans": "甲"}, "fi", ("fi", "zh-Hans")),
        ({"fi": "A"}, "xx", ("fi",)),
        ({}, None, ("en",)),
    ],
)
def test_the_stage_speaks_the_languages_of_the_parties(
    title: dict[str, str], first: str | None, shown: tuple[str, ...]
) -> None:
    assert languages_of(title, first) == shown
