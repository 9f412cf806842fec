"""The start page and one agreement from approval to a planned ceremony."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from signing_service.db.models.audit import LogEntry
from signing_service.db.models.ceremonies import Ceremony
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House


def test_a_stranger_learns_what_this_is(staffed_house: House) -> None:
    page = staffed_house.stranger().open("/")
    assert page.status == 200
    assert "/sign-in" in page.tree.xpath("//main//a/@href")
    assert "/verify" in page.tree.xpath("//main//a/@href")


def test_an_empty_list_says_what_to_do(staffed_house: House) -> None:
    page = staffed_house.signed_in("legal").open("/")
    assert "No agreement yet" in page.text
    assert "/agreements/new" in page.tree.xpath("//main//a/@href")


def test_the_list_shows_state_and_the_one_next_action(frozen_house: House) -> None:
    host = frozen_house.signed_in("host")
    row = host.open("/").all("//ul[contains(@class, 'agreements')]/li")[0]
    assert "SCA-2020-017" in row
    assert "Strategic Cooperation Agreement" in row
    assert "战略合作协议" in row
    assert "Frozen" in row
    assert row.endswith("Plan the ceremony")


def test_one_agreement_shows_everything_about_it(frozen_house: House) -> None:
    page = frozen_house.signed_in("auditor").open(f"/agreements/{frozen_house.case.agreement_id}")
    assert page.heading == "Strategic Cooperation Agreement SCA-2020-017"
    signatories = page.all("//ul[@class='signatories']/li")
    assert "四川省循环经济协会" in signatories[1]
    assert "Not invited yet" in signatories[1]
    revisions = page.all("//ol[@class='revisions']/li")
    assert revisions[0].startswith("Frozen text revision 1")
    assert revisions[1].startswith("Service certification revision 2")
    assert [step.split()[0] for step in page.all("//ol[@class='timeline']/li")] == ["Legal", "Management"]
    assert page.all("//ul[contains(@class, 'versions')]/li")[0].startswith("Version 1")


def test_freezing_says_what_it_does_and_does_it(staffed_house: House) -> None:
    legal, katja, he_qing = (staffed_house.signed_in(who) for who in ("legal", "legal_review", "management"))
    page = drafting.version(legal, drafting.started(legal).address)
    address = legal.press(page, "Send version 1 for approval").address
    for person in (katja, he_qing):
        person.press(person.open(f"{address}/versions/1"), "Approve version 1")
    host = staffed_house.signed_in("host")
    page = host.open(f"{address}/freeze")
    assert "Only signatures can be added" in page.text or "only signatures can be added" in page.text
    page = host.press(page, "Freeze version 1")
    assert "these bytes are what is signed" in page.text
    assert "Frozen" in page.text


def test_what_is_not_approved_cannot_be_frozen(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    address = drafting.version(legal, drafting.started(legal).address).address.rsplit("/versions", 1)[0]
    page = legal.open(f"{address}/freeze")
    assert page.button("Freeze version 1").get("disabled") is not None
    page = legal.press(page, "Freeze version 1")
    assert page.status in (409, 422)


def test_the_pdf_can_be_taken_home(frozen_house: House) -> None:
    auditor = frozen_house.signed_in("auditor")
    answer = auditor.client.get(f"/agreements/{frozen_house.case.agreement_id}/document.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert "SCA-2020-017.pdf" in answer.headers["Content-Disposition"]
    assert frozen_house.stranger().client.get(answer.request.path).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "2020-12-21"}, "day"),
        ({"day": ""}, "day"),
        ({"title_en": " "}, "title_en"),
        ({"zone": "Mars/Base"}, "zone"),
    ],
)
def test_a_wrong_plan_is_told_at_the_field_and_kept(frozen_house: House, wrong: dict[str, str], field: str) -> None:
    host = frozen_house.signed_in("host")
    page = host.open(f"/agreements/{frozen_house.case.agreement_id}/ceremony")
    plan = {
        "title_zh": "签约仪式",
        "title_en": "Signing",
        "day": "2099-12-21",
        "time": "16:30",
        "zone": "Asia/Shanghai",
    }
    page = host.press(page, "Plan and invite", plan | wrong)
    assert page.status == 422
    assert f"#{field}" in page.tree.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert page.field("title_zh").get("value") == "签约仪式"
    assert page.field("time").get("value") == "16:30"


def test_a_planned_ceremony_names_its_moment_in_both_zones(frozen_house: House) -> None:
    host = frozen_house.signed_in("host")
    address = f"/agreements/{frozen_house.case.agreement_id}"
    plan = {
        "title_zh": "签约仪式",
        "title_en": "Signing",
        "day": "2099-12-21",
        "time": "16:30",
        "zone": "Asia/Shanghai",
    }
    page = host.open(f"{address}/ceremony")
    box = page.field("drawings")
    assert box.get("checked") is not None
    del box.attrib["checked"]  # this host wants no drawn signatures
    page = host.press(page, "Plan and invite", plan)
    assert page.address.startswith("/ceremonies/")
    with frozen_house.case.services.db.read() as session:
        assert session.scalars(select(Ceremony.drawings)).all() == [False]
        planned = session.scalars(select(LogEntry.encoded).where(LogEntry.type == "ceremony.planned")).one()
    assert b'"drawings":false' in planned
    page = host.open(address)
    assert "2099-12-21 16:30 (Asia/Shanghai) = 2099-12-21 08:30 UTC" in page.text
    assert all("Invited" in person for person in page.all("//ul[@class='signatories']/li"))
