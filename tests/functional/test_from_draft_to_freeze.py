"""The way of one agreement through the house: drafted in few steps, other words proposed by the partner on a phone,
approved, changed by a word, approved anew, frozen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.functional.actors import PATIENCE_MS, Actor, Outbox, StaffMember
from tests.functional.chromium import PHONE
from tests.functional.conftest import Demo
from tests.functional.drafter import Drafter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CENTRE = "Sino-European New Economy Industry Innovation Center"
ASSOCIATION = "Sichuan Association of Circular Economy"
FEWEST = 40
REVIEWER = "he.wanning@circular-economy.example"
WAS = {"zh-Hans": "会议可以线上或者线下举行", "en": "online or in person"}
NOW = {"zh-Hans": "会议线上举行", "en": "online"}


def drafted(shen: Drafter, link: str) -> str:
    """Everything the case says, into an empty draft; returns the address of the agreement."""
    address = shen.begins(link).removesuffix("/draft")
    shen.takes_party(0, CENTRE)
    shen.takes_party(1, ASSOCIATION)
    shen.types("agreement_no", "SCA-2026-031")
    shen.pastes("place.zh-Hans", ("成都", "Chengdu"))
    shen.pastes(
        "background.zh-Hans", ("双方在2020中欧新经济线上合作大会上达成共识。", "The Parties met at the conference.")
    )
    shen.pastes(
        "areas.0.name.zh-Hans",
        ("循环经济技术转移", "Transfer of circular economy technology", "引进适用技术", "introducing technology", "a"),
        ("绿色产业园区", "Green industrial parks", "园区循环化改造", "converting industrial parks", "b"),
        ("企业对接", "Business matchmaking", "共同举办线上对接活动", "joint online matchmaking", "joint"),
    )
    shen.types("joint_group.members", "3")
    shen.types("joint_group.first_meeting", "2027-03-31")
    shen.clicks(shen.page.locator('[data-field="duties"] > [data-add-row]'))
    shen.pastes(
        "duties.0.who",
        ("a", "联络欧洲的企业", "liaises with European companies"),
        ("b", "组织会员单位提出技术需求", "gathers the needs of its members"),
    )
    shen.chooses("effective.mode", "last_signature")
    shen.types("term.count", "36")
    shen.chooses("term.unit", "months")
    shen.chooses("renewal", "written")
    shen.types("termination_notice.count", "60")
    shen.chooses("governing_law", "cn")
    shen.chooses("dispute.mode", "arbitration")
    shen.chooses("dispute.institution", "cietac")
    shen.pastes("dispute.seat_city.zh-Hans", ("成都", "Chengdu"))
    shen.types("dispute.seat_country", "CN")
    shen.chooses("dispute.language", "zh")
    shen.chooses("dispute.arbitrators", "three")
    shen.chooses("prevailing", "zh-Hans")
    shen.chooses("signature_level", "advanced")
    shen.has_saved()
    return address


class Reviewer(Actor):
    """Somebody of a party who was asked to read."""

    def comes_by_link(self, outbox: Outbox, address: str) -> None:
        outbox.opens(f"/outbox?to={address}")
        link = outbox.page.locator(".mail .links a[href*='/r/']").first.get_attribute("href")
        assert link is not None
        self.opens(link)
        self.page.locator(".landing button.btn-press").click()
        self.page.locator("#code").wait_for()
        self.page.fill("#code", outbox.code_for(address))
        self.page.locator(".landing button.btn-press").click()
        self.page.wait_for_url("**/review/*")

    def proposes(self, clause_id: str, was: dict[str, str], now: dict[str, str]) -> None:
        """Other words for a clause, in the languages given."""
        self.page.locator(f"#clause-{clause_id} a[href$='/proposal']").click()
        self.page.wait_for_url("**/proposal")
        for lang, words in now.items():
            text = self.page.locator(f"textarea[name='text.{lang}']")
            if not text.is_visible():
                self.page.locator(f"details[lang='{lang}'] > summary").click()
            text.fill(text.input_value().replace(was[lang], words))
        self.page.locator("#redline .places ins").first.wait_for()
        self.page.locator(".page-actions button.btn-press").click()
        self.page.wait_for_url("**/review/*")


def approves(person: StaffMember, address: str, version: int) -> None:
    person.opens(f"{address}/versions/{version}?lang=en")
    person.presses(f"Approve version {version}")
    person.sees("Your approval is recorded")


def test_from_an_empty_draft_to_the_frozen_document(browser: Browser, demo: Demo) -> None:
    shen = Drafter(browser, demo.base_url)
    address = drafted(shen, demo.links["legal"][0])
    shen.has_nothing_left()
    shen.clicks(shen.page.get_by_role("button", name="Save version 1"))
    shen.page.wait_for_url("**/versions/1")
    assert shen.interactions < FEWEST, shen.interactions

    # The association's reviewer reads it on a phone, in Chinese, and proposes other words in both languages
    shen.opens(f"{address}/reviewers")
    for name, words in (("name", "He Wanning"), ("email", REVIEWER)):
        shen.page.fill(f"#{name}", words)
    shen.page.select_option("#party", "1")
    shen.page.select_option("#language", "zh-Hans")
    shen.presses("Send the invitation")
    outbox = Outbox(browser, demo.base_url)
    outbox.signs_in(demo.links["outbox"][0])
    wanning = Reviewer(browser, demo.base_url, PHONE, "zh-CN")
    wanning.comes_by_link(outbox, REVIEWER)
    wanning.proposes("mechanism", WAS, NOW)
    wanning.sees("等待答复")

    # It is accepted; the values in it still follow the form, and the version names the deviation
    shen.opens(f"{address}/proposals")
    shen.presses("Accept into the draft")
    shen.opens(f"{address}/draft")
    shen.reads("online. Its meetings")
    shen.types("joint_group.meetings", "4")
    shen.reads("meets at least four times a year")
    shen.has_saved()
    shen.presses("Save version 2")
    shen.page.wait_for_url("**/versions/2")
    shen.sees("own words")

    # Legal review and management approve version 2; a changed word voids both, with the reason
    shen.presses("Send version 2 for approval")
    katja, he_qing = (StaffMember(browser, demo.base_url) for _ in range(2))
    katja.signs_in(demo.links["legal_review"][0])
    he_qing.signs_in(demo.links["management"][0])
    approves(katja, address, 2)
    approves(he_qing, address, 2)
    shen.opens(f"{address}/draft")
    shen.pastes("place.zh-Hans", ("赫尔辛基", "Helsinki"))
    shen.has_saved()
    shen.presses("Save version 3")
    shen.page.wait_for_url("**/versions/3")
    shen.opens(f"{address}?lang=en")
    shen.sees("The content changed after this decision.")

    # Approved anew, it is frozen
    shen.opens(f"{address}/versions/3?lang=en")
    shen.presses("Send version 3 for approval")
    approves(katja, address, 3)
    approves(he_qing, address, 3)
    host = StaffMember(browser, demo.base_url)
    host.signs_in(demo.links["host"][0])
    host.opens(f"{address}/freeze?lang=en")
    host.presses("Freeze version 3")
    expect(host.page.locator("body")).to_contain_text("Frozen", timeout=PATIENCE_MS)
    for person in (shen, outbox, wanning, katja, he_qing, host):
        person.leaves()
