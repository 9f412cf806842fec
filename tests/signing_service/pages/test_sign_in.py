"""Signing in by a mailed link: what a person, a mail scanner and a stranger see."""

from __future__ import annotations

import re

import pytest

from signing_service.operations import mails
from tests.signing_service.pages.conftest import House


def mailed_link(house: House) -> str:
    newest = next(m for m in mails.outbox(house.case.services, house.case.staff["outbox"]) if m.kind == "sign_in")
    found = re.search(r"/enter/\S+", newest.body)
    assert found is not None
    return found.group(0)


def test_a_person_asks_for_a_link_and_is_in_after_one_press(staffed_house: House) -> None:
    katja = staffed_house.stranger()
    page = katja.press(katja.open("/sign-in"), "Send me a link", {"email": "katja.brandt@chengdu.example"})
    assert page.heading == "Look into your mailbox"
    page = katja.press(katja.open(mailed_link(staffed_house)), "Sign in")
    assert page.heading == "Agreements"
    assert "Katja Brandt" in page.text


def test_opening_a_link_uses_nothing_up(staffed_house: House) -> None:
    """Mail scanners follow links; the person who comes after one still gets in."""
    katja = staffed_house.stranger()
    katja.press(katja.open("/sign-in"), "Send me a link", {"email": "katja.brandt@chengdu.example"})
    link = mailed_link(staffed_house)
    scanner = staffed_house.stranger()
    assert scanner.open(link).heading == "One press and you are in"
    assert scanner.open("/").heading != "Agreements"
    assert katja.press(katja.open(link), "Sign in").heading == "Agreements"


def test_a_used_link_says_so_and_offers_a_way_on(staffed_house: House) -> None:
    katja = staffed_house.stranger()
    katja.press(katja.open("/sign-in"), "Send me a link", {"email": "katja.brandt@chengdu.example"})
    link = mailed_link(staffed_house)
    katja.press(katja.open(link), "Sign in")
    thief = staffed_house.stranger()
    page = thief.press(thief.open(link), "Sign in")
    assert page.status == 410
    assert "used before" in page.text


def test_an_unknown_address_gets_the_same_answer(staffed_house: House) -> None:
    stranger = staffed_house.stranger()
    page = stranger.press(stranger.open("/sign-in"), "Send me a link", {"email": "nobody@nowhere.example"})
    assert page.heading == "Look into your mailbox"
    assert not mails.outbox(staffed_house.case.services, staffed_house.case.staff["outbox"])


def test_half_an_address_is_pointed_out_and_kept(staffed_house: House) -> None:
    stranger = staffed_house.stranger()
    page = stranger.press(stranger.open("/sign-in"), "Send me a link", {"email": "katja"})
    assert page.status == 422
    assert page.field("email").get("value") == "katja"
    assert page.field("email").get("aria-describedby") == "email-error"


@pytest.mark.parametrize(
    ("next_address", "reached"),
    [
        ("/audit", "/audit"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/audit", "/"),
        ("/\\elsewhere.example", "/"),
    ],
)
def test_a_link_leads_on_inside_this_site_only(staffed_house: House, next_address: str, reached: str) -> None:
    auditor = staffed_house.stranger()
    page = auditor.open(f"{staffed_house.link('auditor')}?next={next_address}")
    assert auditor.press(page, "Sign in").address == reached


def test_two_people_at_one_device_and_signing_out(staffed_house: House) -> None:
    device = staffed_house.signed_in("legal")
    device.press(device.open(staffed_house.link("legal_review")), "Sign in")
    page = device.open("/")
    assert "Signed in as Katja Brandt" in page.text
    page = device.press(page, "Act as 沈月 Shen Yue")
    assert "Signed in as 沈月 Shen Yue" in page.text
    device.press(page, "Sign out")
    assert "Signed in as Katja Brandt" in device.open("/").text
