"""The clause library in the pages: reading, proposing with mistakes shown, approving by a second person, retiring."""

from __future__ import annotations

import pytest

from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor

TYPED = {
    "id": "costs_shared",
    "topics": "costs",
    "title.zh-Hans": "费用（分担）",
    "title.en": "Costs, shared",
    "text.zh-Hans": "# 费用\n\n费用由各方平均分担。",
    "text.en": "# Costs\n\nThe Parties share the costs equally.",
    "note.en": "Only where every Party spends alike.",
    "reason": "Two partners asked for it.",
}


@pytest.fixture
def legal(staffed_house: House) -> Visitor:
    return staffed_house.signed_in("legal")


def proposed(legal: Visitor, **changes: str) -> Page:
    return legal.press(
        legal.open("/clauses/new"), "Propose", TYPED | {k.replace("__", "."): v for k, v in changes.items()}
    )


def test_the_library_is_reached_from_the_navigation(legal: Visitor) -> None:
    page = legal.open("/")
    assert "/clauses" in page.tree.xpath("//nav/a/@href")
    page = legal.open("/clauses")
    assert page.heading == "Clause library"
    assert len(page.all("//*[@class='ledger library']/li")) == 14
    page = legal.open("/clauses/confidentiality_strict")
    assert page.all("//ol[@class='fallbacks']/li/a") == [
        "Confidentiality, marked information only",
        "Confidentiality, two years",
    ]
    assert "Never give away" in page.text
    assert "came with the software" in page.text


def test_a_proposal_waits_for_a_second_person_and_is_then_offered(legal: Visitor, staffed_house: House) -> None:
    page = proposed(legal)
    assert page.address == "/clauses/costs_shared"
    assert "Waits for a second person" in page.text
    assert not page.all("//button[@value='approve']")
    reviewer = staffed_house.signed_in("legal_review")
    page = reviewer.open("/clauses/costs_shared")
    assert "Two partners asked for it." in page.text
    page = reviewer.press(page, "Approve version 1")
    assert "In force: version 1" in page.text
    assert "approved by Katja Brandt" in page.text


def test_mistakes_stand_at_their_field_and_nothing_is_lost(legal: Visitor) -> None:
    page = proposed(legal, id="Costs 1", text__en="# Costs\n\nOne.\n\nTwo.", note__en="")
    assert page.status == 422
    assert page.field("text.en").text.strip() == "# Costs\n\nOne.\n\nTwo."
    assert page.field("title.zh-Hans").get("value") == TYPED["title.zh-Hans"]
    assert page.field("reason").text.strip() == TYPED["reason"]
    words = " ".join(page.all("//*[contains(@class, 'invalid-feedback')]"))
    for told in ("An id is small letters", "parts stand here", "Say when to use it"):
        assert told in words
    assert legal.open("/clauses/costs_shared").status == 404


def test_a_text_is_checked_in_every_template_it_is_written_for(legal: Visitor) -> None:
    page = legal.open("/clauses/new")
    typed = TYPED | {"text.zh-Hans": "# 费用\n\n{{cash_total}}。", "text.en": "# Costs\n\n{{cash_total}}."}
    page = legal.press(page, "Propose", typed, more={"templates": ["strategic_cooperation", "joint_laboratory"]})
    assert page.status == 422
    words = " ".join(page.all("//*[contains(@class, 'invalid-feedback')]"))
    assert "“cash_total” is not a value that is known here. (strategic_cooperation)" in words
    assert "(joint_laboratory)" not in words
    checked = page.tree.xpath("//input[@name='templates'][@checked]/@value")
    assert sorted(checked) == ["joint_laboratory", "strategic_cooperation"]


def test_the_next_version_shows_what_it_would_change_and_declining_needs_words(
    legal: Visitor, staffed_house: House
) -> None:
    page = legal.press(legal.open("/clauses/audit_right"), legal.open("/clauses/audit_right").button("Retire"), {})
    assert page.status == 422  # a reason is asked for
    page = legal.open("/clauses/audit_right/versions/new")
    english = page.field("text.en").text.strip().replace("thirty (30) days", "twenty (20) days")
    chinese = page.field("text.zh-Hans").text.strip().replace("三十（30）日", "二十（20）日")
    page = legal.press(page, "Propose", {"text.en": english, "text.zh-Hans": chinese, "reason": "Shorter."})
    assert "Proposed: version 2" in page.text
    assert {"twenty", "20"} <= set(" ".join(page.all("//ins")).split())
    reviewer = staffed_house.signed_in("legal_review")
    page = reviewer.open("/clauses/audit_right")
    assert reviewer.press(page, "Decline").status == 422
    page = reviewer.press(page, "Decline", {"words": "Thirty is our policy."})
    assert "In force: version 1" in page.text
    assert "Thirty is our policy." in page.text


def test_somebody_proposed_meanwhile(legal: Visitor) -> None:
    first, second = legal.open("/clauses/audit_right/versions/new"), legal.open("/clauses/audit_right/versions/new")
    text = first.field("text.en").text.strip()
    legal.press(first, "Propose", {"text.en": text.replace("ten (10)", "five (5)"), "reason": "Shorter."})
    page = legal.press(second, "Propose", {"text.en": text.replace("ten (10)", "six (6)"), "reason": "Shorter."})
    assert page.status == 409
    assert "six (6)" in page.field("text.en").text


def test_a_retired_clause_says_why(legal: Visitor) -> None:
    page = legal.press(legal.open("/clauses/audit_right"), "Retire", {"reason": "Never used."})
    assert "Retired by 沈月 Shen Yue" in page.text
    assert "Never used." in page.text
    assert not page.all("//button[.='Retire']")


def test_management_reads_and_others_do_not(staffed_house: House) -> None:
    page = staffed_house.signed_in("management").open("/clauses/audit_right")
    assert page.status == 200
    assert not page.tree.xpath("//main//form")
    assert staffed_house.signed_in("management").open("/clauses/new").status == 403
    assert staffed_house.signed_in("host").open("/clauses").status == 403


@pytest.mark.parametrize("lang", ["zh-Hans", "de", "fi"])
def test_the_pages_hold_in_every_language(legal: Visitor, lang: str) -> None:
    for path in ("/clauses", "/clauses/disputes_hkiac", "/clauses/new", "/clauses/disputes_hkiac/versions/new"):
        assert legal.open(f"{path}?lang={lang}").status == 200
