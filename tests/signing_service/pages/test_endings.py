"""The quiet commands of an agreement: withdrawing, declaring void, the last day, amending; and what pages then say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from agreements.lifecycle import State
from signing_service.db.models.agreements import Agreement
from signing_service.worker import run_once
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor


def overview(house: House, who: Visitor) -> Page:
    return who.open(f"/agreements/{house.case.agreement_id}")


def more(page: Page) -> list[str]:
    return page.all("//details[@class='more']//a")


def follow(who: Visitor, page: Page, words: str) -> Page:
    return who.open(next(a.get("href") for a in page.tree.xpath("//main//a") if a.text_content().startswith(words)))


def test_withdrawing_says_what_it_does_asks_why_and_does_it(frozen_house: House) -> None:
    legal = frozen_house.signed_in("legal")
    page = overview(frozen_house, legal)
    assert more(page) == ["Last day for signing …", "Withdraw the agreement …"]
    page = follow(legal, page, "Withdraw")
    assert "cannot be taken up again" in page.text
    page = legal.press(page, "Withdraw", {"reason": "  "})
    assert page.status == 422
    assert page.all("//*[@id='reason-error']") == ["say in a sentence why"]
    page = legal.press(page, "Withdraw", {"reason": "Other terms\nare needed."})
    assert page.heading.startswith("Strategic Cooperation Agreement")
    assert "This agreement was withdrawn. By 沈月 Shen Yue" in page.text
    assert "Other terms are needed." in page.text
    assert more(page) == []
    assert "cannot be withdrawn now: it is “Withdrawn”" in legal.open(f"{page.address}/withdraw").text


def test_a_host_may_withdraw_and_others_are_offered_nothing(frozen_house: House) -> None:
    assert "Withdraw the agreement …" in more(overview(frozen_house, frozen_house.signed_in("host")))
    for who in ("auditor", "management"):
        assert more(overview(frozen_house, frozen_house.signed_in(who))) == []


def test_two_people_declare_it_void(house: Callable[[str], House]) -> None:
    open_house = house("round_open")
    legal, management = open_house.signed_in("legal"), open_house.signed_in("management")
    open_house.case.seats[0].sign()
    page = overview(open_house, legal)
    assert more(page) == ["Last day for signing …", "Declare the agreement void …"]
    page = legal.press(follow(legal, page, "Declare"), "Ask a second person", {"reason": "The wrong annex."})
    assert "asks to declare this agreement void" in page.text
    page = follow(legal, page, "See and decide")
    assert "has to be somebody else who confirms" in page.text
    assert page.all("//main//div[contains(@class, 'page-actions')]//button") == ["Take it back"]
    page = follow(management, overview(open_house, management), "See and decide")
    assert "The wrong annex." in page.text
    assert "1 of 2" in page.text
    page = management.press(page, "Declare void")
    assert "This agreement is void. It was never concluded." in page.text
    assert "Asked for by 沈月 Shen Yue, confirmed by 何清 He Qing" in page.text
    assert "One signature was given" in page.text
    assert "Verify the signed PDF" not in page.text


def test_the_last_day_is_set_shown_and_taken_away(frozen_house: House) -> None:
    legal = frozen_house.signed_in("legal")
    page = follow(legal, overview(frozen_house, legal), "Last day")
    day = (frozen_house.case.services.clock() + timedelta(days=30)).date()
    page = legal.press(page, "Set the last day", {"until_day": day.isoformat(), "until_zone": "Europe/Helsinki"})
    assert f"Open for signature until the end of {day.day} " in page.text
    assert "(Europe/Helsinki)" in page.text
    page = follow(legal, page, "Last day")
    assert page.field("until_day").get("value") == day.isoformat()
    page = legal.press(page, "Set the last day", {"until_day": ""})
    assert "Open for signature" not in page.text


def test_the_last_day_can_be_set_with_the_plan(frozen_house: House) -> None:
    host, now = frozen_house.signed_in("host"), frozen_house.case.services.clock()
    begins, last = now + timedelta(days=3), now + timedelta(days=5)
    address = f"/agreements/{frozen_house.case.agreement_id}"
    plan = {"title_zh": "签约", "title_en": "Signing", "day": begins.date().isoformat(), "time": "16:30"}
    page = host.open(f"{address}/ceremony")
    page = host.press(page, "Plan and invite", plan | {"until_day": now.date().isoformat(), "until_zone": "UTC"})
    assert page.status == 422
    assert page.all("//*[@id='until_day-error']")[0].endswith("the ceremony begins after it.")
    page = host.press(page, "Plan and invite", plan | {"until_day": last.date().isoformat()})
    assert page.address.startswith("/ceremonies/")
    assert "Open for signature until the end of" in host.open(address).text


def test_a_plan_after_the_last_day_is_told_at_the_day_and_kept(frozen_house: House) -> None:
    host, now = frozen_house.signed_in("host"), frozen_house.case.services.clock()
    last = (now + timedelta(days=3)).date().isoformat()
    page = follow(host, overview(frozen_house, host), "Last day")
    page = host.press(page, "Set the last day", {"until_day": last, "until_zone": "UTC"})
    page = host.open(f"/agreements/{frozen_house.case.agreement_id}/ceremony")
    begins = (now + timedelta(days=9)).date().isoformat()
    page = host.press(page, "Plan and invite", {"title_zh": "签约", "title_en": "S", "day": begins, "time": "16:30"})
    assert page.status == 422
    assert page.all("//*[@id='day-error']") == ["the time for signing is over before the ceremony begins"]
    assert page.field("day").get("value") == begins


def test_an_expired_agreement_says_so_at_the_link_and_on_its_page(house: Callable[[str], House]) -> None:
    open_house = house("round_open")
    case = open_house.case
    with case.services.db.write() as session:
        row = session.get_one(Agreement, case.agreement_id)
        row.sign_until_at, row.sign_until_zone = case.services.clock(), "UTC"
    run_once(case.services)
    page = overview(open_house, open_house.signed_in("legal"))
    assert "The time for signing is over. This agreement was never concluded." in page.text
    page = open_house.stranger().open(f"/s/{case.seats[0].token}")
    assert page.status == 410
    assert "The time for signing this agreement is over. Nothing can be signed with this link any more" in page.text


def test_an_amendment_begins_on_a_page_and_both_show_each_other(house: Callable[[str], House]) -> None:
    done = house("completed")
    legal = done.signed_in("legal")
    page = overview(done, legal)
    assert more(page) == ["Amend this agreement …", "Replace this agreement …"]
    page = follow(legal, page, "Amend")
    assert page.field("number").get("value") == "SCA-2020-017-A1"
    page = legal.press(page, "Begin the amendment", {"number": "SCA-2020-017"})
    assert page.status == 422
    assert page.all("//*[@id='number-error']") == ["this number belongs to another agreement already"]
    page = legal.press(page, "Begin the amendment", {"number": "SCA-2020-017-A1"})
    assert page.field("agreement_no").get("value") == "SCA-2020-017-A1"
    page = legal.press(page, "Save version")
    assert "Amends agreement SCA-2020-017, “Strategic Cooperation Agreement”, completed on" in page.text
    page = legal.open(page.address.rsplit("/versions", 1)[0])
    assert page.all("//ul[contains(@class, 'chain')]/li")[0].startswith("amended by this one")
    page = overview(done, legal)
    assert "amends this one" in page.all("//ul[contains(@class, 'chain')]/li")[0]
    assert more(page) == []
    page = legal.open(f"{page.address}/successors/supersedes")
    assert "under way already" in page.text
    assert legal.open(f"/agreements/{done.case.agreement_id}/successors/contradicts").status == 422


def test_every_state_has_words_a_place_on_the_start_page_and_a_page(frozen_house: House) -> None:
    legal = frozen_house.signed_in("legal")
    with_banner = {State.WITHDRAWN, State.VOID, State.EXPIRED, State.DECLINED, State.REJECTED, State.SUPERSEDED}
    for state in State:
        with frozen_house.case.services.db.write() as session:
            session.get_one(Agreement, frozen_house.case.agreement_id).state = state.value
        page = legal.open("/")
        (badge,) = page.all("//ul[contains(@class, 'agreements')]/li//*[contains(@class, 'state')]")
        assert badge != state.value
        page = overview(frozen_house, legal)
        assert page.status == 200
        assert badge in page.text
        banners = page.tree.xpath("//main//div[contains(@class, 'flash')]")
        assert len(banners) == (state in with_banner), state


def test_what_ended_stands_apart_and_can_be_looked_at_alone(house: Callable[[str], House]) -> None:
    done = house("completed")
    legal = done.signed_in("legal")
    legal.press(legal.open("/agreements/new"), "Start: Strategic Cooperation Agreement")
    page = legal.open("/")
    assert page.all("//main//h2") == ["Under way 1", "Concluded 1"]
    assert page.all("//nav[@class='filters']/a") == [
        "All 2",
        "Under way 1",
        "Concluded 1",
        "Ended without being concluded 0",
    ]
    page = legal.open("/?show=concluded")
    assert page.all("//main//h2") == ["Concluded 1"]
    assert "Nothing here at the moment" in legal.open("/?show=ended").text
    assert legal.open("/?show=<script>").all("//main//h2") == ["Under way 1", "Concluded 1"]
