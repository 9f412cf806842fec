"""The outbox page: where people of a demo find links and codes."""

from __future__ import annotations

from tests.factories.case import invitation_links, newest_code
from tests.signing_service.pages.conftest import House


def test_a_code_stands_large_and_a_link_can_be_pressed(frozen_house: House) -> None:
    case = frozen_house.case
    host = frozen_house.signed_in("host")
    plan = {
        "title_zh": "签约仪式",
        "title_en": "Signing",
        "day": "2099-12-21",
        "time": "16:30",
        "zone": "Asia/Shanghai",
    }
    host.press(host.open(f"/agreements/{case.agreement_id}/ceremony"), "Plan and invite", plan)
    token = invitation_links(case)[0]
    code = newest_code(case, token)
    page = frozen_house.signed_in("outbox").open("/outbox")
    assert page.all("//div[@class='code']/strong") == [code]
    assert any(address.endswith(token) for address in page.tree.xpath("//a/@href"))
    assert page.tree.xpath("//button[@data-copy]/@data-copy") == [code]


def test_one_address_at_a_time(staffed_house: House) -> None:
    for email in ("katja.brandt@chengdu.example", "shen.yue@chengdu.example"):
        person = staffed_house.stranger()
        person.press(person.open("/sign-in"), "Send me a link", {"email": email})
    operator = staffed_house.signed_in("outbox")
    page = operator.press(operator.open("/outbox"), "Show", {"to": "shen.yue@chengdu.example"})
    assert len(page.all("//ul[@class='mails']/li")) == 1
    assert "您的登录链接" in page.text


def test_an_empty_outbox_says_what_will_be_here(staffed_house: House) -> None:
    assert "No mail yet" in staffed_house.signed_in("outbox").open("/outbox").text


def test_only_the_operator_looks(staffed_house: House) -> None:
    assert staffed_house.signed_in("legal").open("/outbox").status == 403
