"""The draft form, without script: nothing typed is ever lost, every problem stands at its field."""

from __future__ import annotations

import pytest

from agreements.drafts import BLANK_ROW, FormField
from signing_service.pages.draft_rows import numbered, without_row
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House


def test_a_draft_is_started_from_a_template_and_says_what_is_missing(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.started(legal)
    assert page.address.endswith("/draft")
    assert "Agreement number" in page.all("//*[@data-part='left']//li")
    assert page.all("//form[@id='draft']//h2")[:2] == ["1 Document", "2 Parties"]


def test_an_unfinished_draft_is_kept_as_typed(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.started(legal)
    page = legal.press(page, "Save draft", {"agreement_no": "not a number!", "place.zh-Hans": "成都"})
    assert "The draft is saved." in page.text
    assert page.field("agreement_no").get("value") == "not a number!"
    assert page.field("place.zh-Hans").get("value") == "成都"
    assert page.field("place.en").get("value") == ""


def test_a_refused_version_shows_every_problem_at_its_field(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = legal.press(drafting.started(legal), "Save version 1", {"agreement_no": "two words"})
    assert page.status == 422
    problems = page.tree.xpath("//div[contains(@class, 'error-summary')]//li/a/@href")
    assert "#agreement_no" in problems
    assert len(problems) > 5
    for address in problems:
        assert page.tree.get_element_by_id(address[1:]) is not None, f"{address} leads nowhere"
    number = page.field("agreement_no")
    assert number.get("value") == "two words"
    assert number.get("aria-invalid") == "true"
    described = page.tree.get_element_by_id(number.get("aria-describedby").split()[-1])
    assert "SCA-2020-017" in described.text_content()


def test_rows_come_and_go_without_losing_what_was_typed(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = legal.press(drafting.started(legal), "＋ Area of cooperation", {"place.en": "Chengdu"})
    rows = page.tree.xpath("//*[@id='areas']/div[@data-rows-here]/*")
    assert [row.get("data-row") for row in rows] == ["areas.0", "areas.1"]
    assert page.field("place.en").get("value") == "Chengdu"
    assert "not saved yet" in page.text
    filled = {"areas.0.name.en": "first", "areas.1.name.en": "second"}
    page = legal.press(page, "Save draft", filled)
    page = legal.press(page, "Remove Area of cooperation 1")
    assert page.field("areas.0.name.en").get("value") == "second"


def test_the_whole_sample_becomes_version_one(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.version(legal, drafting.started(legal).address)
    assert page.address.endswith("/versions/1")
    assert "Version 1 is saved" in page.text
    assert "Article 5 Working mechanism" in page.all("//h2")
    assert "第五条 工作机制" in page.all("//h2")
    assert page.button("Send version 1 for approval") is not None


def test_a_number_that_is_taken_is_said_at_the_field(frozen_house: House) -> None:
    legal = frozen_house.signed_in("legal")
    page = drafting.version(legal, drafting.started(legal).address)
    assert page.status == 422
    assert "#agreement_no" in page.tree.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert "belongs to another agreement" in page.text


def test_two_people_save_and_the_second_keeps_their_words(staffed_house: House) -> None:
    first, second = staffed_house.signed_in("legal"), staffed_house.signed_in("legal_review")
    address = drafting.started(first).address
    page_of_first, page_of_second = first.open(address), second.open(address)
    first.press(page_of_first, "Save draft", {"place.en": "Chengdu"})
    page = second.press(page_of_second, "Save draft", {"place.en": "Helsinki"})
    assert page.status == 409
    assert "沈月 Shen Yue saved this draft while you were writing" in page.text
    assert page.field("place.en").get("value") == "Helsinki"
    assert "The draft is saved." in second.press(page, "Save draft").text
    assert first.open(address).field("place.en").get("value") == "Helsinki"


def test_a_field_comes_when_its_condition_holds(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.with_rows(legal, drafting.started(legal), "parties.0.representatives", 1)
    path = "parties.0.representatives.0"
    hidden = page.tree.xpath(f"//*[@data-field='{path}.authority_document'][@hidden]")
    assert hidden, "a document of authority is asked only for a power of attorney"
    filled = {f"{path}.authority": "power_of_attorney", "parties.1.legal_name.en": "The other party"}
    page = legal.press(page, "Save draft", filled)
    assert not page.tree.xpath(f"//*[@data-field='{path}.authority_document'][@hidden]")


def test_only_legal_staff_may_draft(staffed_house: House) -> None:
    assert staffed_house.signed_in("host").open("/agreements/new").status == 403
    assert staffed_house.stranger().open("/agreements/new").status == 401


def test_removing_a_row_takes_only_its_own_fields() -> None:
    typed = {"areas.1.name.en": "x", "areas.10.name.en": "y", "areas.1": "z", "place.en": "Chengdu"}
    assert without_row(typed, "areas.1") == {"areas.10.name.en": "y", "place.en": "Chengdu"}
    assert without_row(typed, "") == typed


def test_a_blank_row_gets_its_number_and_inner_blanks_stay_blank() -> None:
    inner = FormField(f"p.{BLANK_ROW}.r.{BLANK_ROW}", "input", "text", "")
    blank = FormField(
        f"p.{BLANK_ROW}",
        "group",
        "record",
        "",
        fields=(FormField(f"p.{BLANK_ROW}.r", "rows", "list", "", blank=inner),),
    )
    third = numbered(blank, "p", 2)
    assert third.path == "p.2"
    assert third.fields[0].path == "p.2.r"
    assert third.fields[0].blank is not None
    assert third.fields[0].blank.path == f"p.2.r.{BLANK_ROW}"


def test_the_preview_follows_what_is_typed_and_stores_nothing(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.started(legal)
    fields = page.fields() | {"agreement_no": "SCA-1", "place.zh-Hans": "成都", "place.en": "Chengdu"}
    shown = legal.post(f"{page.address}/preview", fields)
    assert "This Agreement (No. SCA-1) is made at Chengdu" in shown.text
    assert shown.tree.xpath("//span[@class='gap'][@data-place='parties.0.legal_name']")
    assert legal.open(page.address).field("agreement_no").get("value") == ""


def test_autosave_answers_with_the_row_version_and_a_lost_race_with_every_difference(staffed_house: House) -> None:
    first, second = staffed_house.signed_in("legal"), staffed_house.signed_in("legal_review")
    page = drafting.started(first)
    other = second.open(page.address)
    saved = first.post(f"{page.address}/autosave", page.fields() | {"place.en": "Chengdu"})
    assert (saved.status, saved.json["row_version"]) == (200, 2)
    lost = second.post(f"{page.address}/autosave", other.fields() | {"place.en": "Helsinki"})
    assert (lost.status, lost.json["row_version"], lost.json["who"]) == (409, 2, "沈月 Shen Yue")
    found = {one["path"]: (one["theirs"], one["yours"]) for one in lost.json["differences"]}
    assert found["place.en"] == ("Chengdu", "Helsinki")
    assert first.open(page.address).field("place.en").get("value") == "Chengdu"


def test_an_agreement_can_begin_like_another_without_its_number(frozen_house: House) -> None:
    legal = frozen_house.signed_in("legal")
    page = legal.press(legal.open("/agreements/new"), "Begin like this")
    assert page.field("agreement_no").get("value") == ""
    assert page.field("parties.1.legal_name.en").get("value") == "Sichuan Association of Circular Economy"
    assert "1 field left" in page.text


@pytest.mark.parametrize("where", ["", "/preview", "/autosave"])
def test_only_legal_staff_reach_the_desk(frozen_house: House, where: str) -> None:
    manager = frozen_house.signed_in("management")
    token = manager.open("/").tree.xpath("//meta[@name='csrf-token']/@content")[0]
    address = f"/agreements/{frozen_house.case.agreement_id}/draft{where}"
    assert manager.post(address, {"agreement_no": "SCA-9", "csrf_token": token}).status == 403
