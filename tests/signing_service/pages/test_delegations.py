"""Delegating from the page, deciding on behalf, and what each page shows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.installation import StoppedClock
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor


@pytest.fixture
def submitted(staffed_house: House) -> tuple[House, str]:
    """A version under review; the address of the agreement."""
    legal = staffed_house.signed_in("legal")
    page = drafting.version(legal, drafting.started(legal).address)
    return staffed_house, legal.press(page, "Send version 1 for approval").address


def delegated(house: House, who: str, to: str) -> tuple[Visitor, Page]:
    today = house.case.services.clock().date()
    person = house.signed_in(who)
    page = person.open("/delegations")
    days = {"begins_on": str(today), "ends_on": str(today + timedelta(days=3)), "zone": "UTC"}
    return person, person.press(page, "Delegate", {"delegate": house.case.staff[to].id, **days})


def test_a_delegation_is_given_seen_and_revoked(staffed_house: House) -> None:
    katja, page = delegated(staffed_house, "legal_review", "management")
    assert "Delegated. Your colleague gets a mail" in page.text
    assert "whole days in UTC" in page.text
    assert "running" in page.text
    theirs = staffed_house.signed_in("management").open("/delegations")
    assert "Delegated to you" in theirs.text
    assert not theirs.tree.xpath("//button[starts-with(@aria-label, 'Revoke')]")
    page = katja.press(page, "Revoke the delegation to 何清 He Qing")
    assert "The delegation is revoked." in page.text


def test_what_is_wrong_stands_at_its_field_and_is_kept(staffed_house: House) -> None:
    katja = staffed_house.signed_in("legal_review")
    page = katja.press(katja.open("/delegations"), "Delegate", {"begins_on": "2030-02-30", "ends_on": "2030-01-01"})
    assert page.status == 422
    assert "Nothing was delegated" in page.text
    assert page.field("begins_on").get("aria-invalid") == "true"
    assert page.field("ends_on").get("value") == "2030-01-01"


def test_the_start_page_says_what_is_asked_and_until_when(submitted: tuple[House, str], clock: StoppedClock) -> None:
    house, _address = submitted
    katja = house.signed_in("legal_review")
    (asked,) = katja.open("/").all("//section[contains(@class, 'asked-of-you')]//li")
    assert "Legal review · Version 1" in asked
    assert "due 20" in asked
    assert "UTC" in asked
    clock.forward(hours=49)
    late = house.signed_in("legal_review").open("/")
    assert "overdue since" in late.all("//section[contains(@class, 'asked-of-you')]//li")[0]
    assert "Asked of you" not in house.signed_in("management").open("/").text
    assert "Asked of you" not in house.signed_in("legal").open("/").text


def test_a_delegate_decides_and_every_page_says_on_whose_behalf(submitted: tuple[House, str]) -> None:
    house, address = submitted
    delegated(house, "legal_review", "management")
    he = house.signed_in("management")
    assert "on behalf of Katja Brandt" in he.open("/").text
    page = he.open(f"{address}/versions/1")
    assert "You decide on behalf of Katja Brandt" in page.text
    assert "何清 He Qing may decide on behalf of Katja Brandt" in page.text
    page = he.press(page, "Approve version 1", {"text": "Seen."})
    assert "何清 He Qing on behalf of Katja Brandt approved version 1" in page.text
    picture = page.all("//svg[@role='img']//text")
    assert "on behalf of Katja Brandt" in " ".join(picture)


def test_who_has_two_voices_chooses_one(submitted: tuple[House, str]) -> None:
    house, address = submitted
    katja = house.signed_in("legal_review")
    katja.press(katja.open(f"{address}/versions/1"), "Approve version")
    delegated(house, "management_2", "management")
    he = house.signed_in("management")
    page = he.open(f"{address}/versions/1")
    assert page.all("//input[@name='on_behalf_of']/..") == ["for yourself", "on behalf of Mikko Saari"]
    page = he.press(page, "Approve version", {"on_behalf_of": house.case.staff["management_2"].id})
    assert "on behalf of Mikko Saari approved version 1" in page.text
    assert "Approved" in page.text


def test_the_picture_says_what_the_list_says(submitted: tuple[House, str], clock: StoppedClock) -> None:
    house, address = submitted
    katja = house.signed_in("legal_review")
    katja.press(katja.open(f"{address}/versions/1"), "Approve version")
    legal = house.signed_in("legal")
    page = legal.press(legal.open(f"{address}/draft"), "Save version 2", {"term.count": "48"})
    legal.press(page, "Send version 2 for approval")
    clock.forward(hours=60)
    page = house.signed_in("legal").open(address)
    drawn = " ".join(page.all("//svg[@role='img']//text"))
    for words in ("Legal review", "Management", "Katja Brandt", "approved version 1", "The content changed", "overdue"):
        assert words in drawn
    listed = page.all("//ol[@class='timeline']/li")
    assert "overdue since" in listed[1]
    assert "then within 72 hours" in listed[2]
    assert not page.tree.xpath("//svg//@style")
    assert page.tree.xpath("//svg[@role='img']/@aria-label")
