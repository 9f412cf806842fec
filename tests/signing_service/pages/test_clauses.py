"""The clauses of a draft in the pages: choosing, writing with mistakes shown, adding, going back, what is stale."""

from __future__ import annotations

import pytest

from signing_service.operations import deviations, drafts
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor

REASON = "The partner asked for it."
ZH = "# 费用\n\n各方自行承担费用。"
EN = "# Costs\n\nEach Party bears its own costs."


@pytest.fixture
def legal(staffed_house: House) -> Visitor:
    return staffed_house.signed_in("legal")


@pytest.fixture
def base(legal: Visitor) -> str:
    """The address of an agreement whose draft is filled in and saved as version 1."""
    started = legal.press(legal.open("/agreements/new"), "Start: Strategic Cooperation Agreement")
    return "/agreements/" + drafting.version(legal, started.address).address.split("/")[2]


def clauses(legal: Visitor, base: str) -> Page:
    return legal.open(f"{base}/clauses")


def written(legal: Visitor, base: str, zh: str = ZH, en: str = EN, reason: str = REASON) -> Page:
    page = legal.open(f"{base}/clauses/costs/text")
    return legal.press(page, "Save the clause", {"text.zh-Hans": zh, "text.en": en, "reason": reason})


def test_nothing_departs_at_first_and_fixed_clauses_offer_nothing(legal: Visitor, base: str) -> None:
    page = clauses(legal, base)
    assert "All 20 clauses are the template’s standard" in page.text
    fixed = page.tree.get_element_by_id("clause-nature")
    assert "fixed by the template" in fixed.text_content()
    assert not fixed.xpath(".//a[contains(@href, '/text')]")


def test_a_variant_is_chosen_with_its_redline_before_and_after(legal: Visitor, base: str) -> None:
    page = legal.open(f"{base}/clauses/disputes/wordings")
    assert page.all("//*[@class='name']") == [
        "Disputes, CIETAC in Beijing",
        "Disputes, HKIAC in Hong Kong",
        "Disputes, SCC in Stockholm",
    ]
    assert "fallback 1 after Disputes, CIETAC in Beijing" in page.text
    assert "walk-away position after Disputes, CIETAC in Beijing" in page.text
    assert any("Beijing" in words for words in page.all("//ins"))
    hkiac = page.tree.xpath("//input[starts-with(@value, 'disputes_hkiac@')]/@value")[0]
    page = legal.press(page, "Use this wording", {"wording": hkiac, "reason": REASON})
    assert "1 variant · 1 of 20 clauses" in page.text
    section = page.tree.get_element_by_id("clause-disputes")
    assert REASON in section.text_content()
    assert "disputes_hkiac · version 1" in " ".join(section.text_content().split())
    assert {found.get("lang") for found in section.xpath(".//*[@lang][.//ins]")} >= {"zh-Hans", "en"}
    page = legal.press(page, "Back to the standard")
    assert "All 20 clauses are the template’s standard" in page.text


def test_a_wording_that_lacks_a_language_of_the_agreement_is_named_and_not_offered(legal: Visitor) -> None:
    base = drafting.started(legal, "de", "fi").address.removesuffix("/draft")
    page = legal.open(f"{base}/clauses/disputes/wordings")
    assert "The library has no wording for this place" in page.text
    assert "Disputes, CIETAC in Beijing" in page.all("//section/ul/li")
    assert len(legal.open(f"{base}/clauses/costs/text").all("//textarea[starts-with(@name, 'text.')]")) == 4


def test_a_choice_without_a_reason_comes_back_with_what_was_chosen(legal: Visitor, base: str) -> None:
    page = legal.open(f"{base}/clauses/disputes/wordings")
    scc = page.tree.xpath("//input[starts-with(@value, 'disputes_scc@')]/@value")[0]
    page = legal.press(page, "Use this wording", {"wording": scc})
    assert page.status == 422
    assert "say why this agreement departs from the standard" in page.text
    assert page.tree.xpath("//input[@checked]/@value") == [scc]


def test_own_words_are_shown_with_who_when_and_why(legal: Visitor, base: str) -> None:
    page = written(legal, base)
    assert "1 in own words · 1 of 20 clauses" in page.text
    section = " ".join(page.tree.get_element_by_id("clause-costs").text_content().split())
    assert "own words" in section
    assert "沈月 Shen Yue" in section
    assert REASON in section


def test_mistakes_are_shown_by_language_and_line_and_nothing_is_lost(legal: Visitor, base: str) -> None:
    page = written(legal, base, en="# Costs\n\nEach {{nobody}} pays <b>alone</b>.")
    assert page.status == 422
    assert page.field("text.en").text.strip() == "# Costs\n\nEach {{nobody}} pays <b>alone</b>."
    assert page.field("reason").text.strip() == REASON
    (mistake,) = page.all("//*[@id='mistakes-en']/li")
    assert mistake.startswith("Line 3: “<” is not used in clause texts")
    assert "Each {{nobody}} pays" in mistake
    assert not page.all("//*[@id='mistakes-zh-Hans']/li")
    assert "All 20 clauses" in clauses(legal, base).text


def test_a_preview_reads_with_the_values_of_the_draft_and_saves_nothing(legal: Visitor, base: str) -> None:
    page = legal.open(f"{base}/clauses/costs/text")
    fill = {"text.zh-Hans": "# 费用\n\n编号{{agreement_no}}。", "text.en": "# Costs\n\nNo. {{agreement_no}}."}
    page = legal.press(page, "Preview", fill)
    assert "No. SCA-2020-017." in page.tree.get_element_by_id("preview").text_content()
    assert page.field("text.en").text.strip() == fill["text.en"]
    assert "All 20 clauses" in clauses(legal, base).text


def test_the_values_one_may_use_stand_beside_the_text(legal: Visitor, base: str) -> None:
    page = legal.open(f"{base}/clauses/costs/text")
    assert "{{term}}" in page.all("//dt/code")
    assert "Term: 36 months |words |full" in page.all("//dd")


def test_a_clause_is_added_from_the_library_and_in_own_words_and_removed(legal: Visitor, base: str) -> None:
    page = legal.open(f"{base}/added-clauses?after=general")
    audit = page.tree.xpath("//input[starts-with(@value, 'audit_right@')]/@value")[0]
    page = legal.press(page, "Add this clause", {"wording": audit, "reason": REASON})
    assert "1 added · 1 of 21 clauses" in page.text
    page = legal.open(f"{base}/added-clauses/text?after=audit")
    page = legal.press(page, "Save the clause", {"text.zh-Hans": ZH, "text.en": EN, "reason": REASON})
    assert "2 added · 2 of 22 clauses" in page.text
    page = legal.press(page, "Remove the added clause: Audit")
    assert page.all("//nav//a[@class='changed']/span[2]") == ["Costs"]


def test_somebody_saved_meanwhile(legal: Visitor, base: str, staffed_house: House) -> None:
    """409, what was typed stands there, and saving again works."""
    case, page = staffed_house.case, legal.open(f"{base}/clauses/costs/text")
    agreement_id = base.split("/")[2]
    before = deviations.read(case.services, case.staff["legal"], agreement_id).row_version
    drafts.save(case.services, case.staff["legal_review"], agreement_id, drafting.sample(place__en="Beijing"), before)
    page = legal.press(page, "Save the clause", {"text.zh-Hans": ZH, "text.en": EN, "reason": REASON})
    assert page.status == 409
    assert page.field("text.en").text.strip() == EN
    assert "Nothing of yours is lost" in page.text
    page = legal.press(page, "Save the clause")
    assert "1 in own words" in page.text


def test_a_stale_translation_is_told_at_its_place_and_confirmed(legal: Visitor, base: str) -> None:
    page = legal.open(f"{base}/clauses/costs/text")
    chinese = page.field("text.zh-Hans").text.strip().replace("翻译", "口译")
    page = legal.press(page, "Save the clause", {"text.zh-Hans": chinese, "reason": REASON})
    told = "Translation is stale: the Chinese side changed. Freezing is blocked."
    assert told in page.tree.get_element_by_id("clause-costs").text_content()
    assert told in legal.open(f"{base}/clauses/costs/text").text
    page = drafting.version(legal, f"{base}/draft")
    here = page.tree.xpath("//*[@id='clause-costs']//*[contains(@class, 'second-script')]")[-1]
    assert told in here.text_content()
    assert told in legal.open(base).text
    page = legal.press(page, "It still is right")
    assert page.address == f"{base}/versions/2"
    assert told not in page.text + legal.open(base).text + clauses(legal, base).text


def test_a_field_that_fell_behind_is_told_in_its_article(legal: Visitor, base: str) -> None:
    page = drafting.version(legal, f"{base}/draft", **{"background__zh-Hans": "双方愿意合作。"})
    told = "Translation is stale: the Chinese side changed. Freezing is blocked."
    assert told in page.tree.get_element_by_id("clause-background").text_content()
    page = legal.open(base)
    assert told in page.text
    assert page.tree.xpath(f"//a[@href='{base}/versions/2#clause-background']")
    compared = legal.open(f"{base}/redline?from=1&to=2")
    assert told in compared.text
    compared = legal.press(compared, "It still is right")
    assert compared.address.startswith(f"{base}/redline")
    assert told not in compared.text


def test_a_version_marks_what_departs_and_says_so_beside_the_button(legal: Visitor, base: str) -> None:
    written(legal, base)
    page = drafting.version(legal, f"{base}/draft")
    assert "This agreement deviates in one clause" in page.text
    marks = dict(zip(page.all("//nav//li/a/span[2]"), page.all("//nav//li/a"), strict=True))
    assert marks["Costs"].endswith("own words")
    assert marks["Publicity"].endswith("std")
    assert "own words" in page.all("//*[@id='clause-costs']//h2")[0]
    assert "This agreement deviates in one clause" in legal.open(base).text


def test_approvers_see_the_deviations_and_no_way_to_change_them(
    legal: Visitor, base: str, staffed_house: House
) -> None:
    written(legal, base)
    page = staffed_house.signed_in("management").open(f"{base}/clauses")
    assert page.status == 200
    assert REASON in page.text
    assert "1 in own words" in page.text
    main = page.tree.get_element_by_id("main")
    assert not main.xpath(".//form[not(ancestor::header)]")
    assert not main.xpath(".//a[contains(@href, '/text') or contains(@href, '/wordings')]")


@pytest.mark.parametrize("lang", ["zh-Hans", "de", "fi"])
def test_the_pages_hold_in_every_language(legal: Visitor, base: str, lang: str) -> None:
    written(legal, base)
    for path in ("clauses", "clauses/disputes/wordings", "clauses/costs/text", "added-clauses", "versions/1"):
        assert legal.open(f"{base}/{path}?lang={lang}").status == 200
