"""The drafting desk in a real browser: the text follows the typing, and nothing typed is lost, whatever happens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.functional.actors import PATIENCE_MS
from tests.functional.conftest import Demo
from tests.functional.drafter import Drafter

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_text_follows_the_typing_and_nothing_is_lost(browser: Browser, demo: Demo) -> None:
    shen = Drafter(browser, demo.base_url)
    address = shen.begins(demo.links["legal"][0]) + "?lang=en"
    shen.opens(address)
    shen.reads("[Agreement number]")

    # What is typed stands in the text at once and is saved by itself
    shen.types("agreement_no", "SCA-2026-031")
    shen.reads("This Agreement (No. SCA-2026-031)")
    shen.has_saved()
    shen.opens(address)
    assert shen.field("agreement_no").input_value() == "SCA-2026-031"

    # A gap leads to its field; a wrong value says what would be right once one has left the field
    shen.page.locator('[data-place="parties.0.legal_name"]').last.click()
    assert shen.page.evaluate("document.activeElement.name") == "parties.0.legal_name.en"
    shen.types("agreement_no", "two words")
    expect(shen.page.locator('[data-field="agreement_no"] [data-live]')).to_contain_text("SCA-2020-017")
    shen.types("joint_group.first_meeting", "2027-03-31")
    expect(shen.page.locator('[data-field="joint_group.first_meeting"]')).to_contain_text("31 March 2027")

    # Cells copied from a table of two languages fill both sides and as many rows as there are
    ports = ("港口物流", "Port logistics", "港口运营", "operating ports")
    shen.pastes("areas.0.name.zh-Hans", ports, ("园区", "Parks", "绿色园区", "green parks"))
    shen.reads("Parks: green parks")
    assert shen.field("areas.1.description.zh-Hans").input_value() == "绿色园区"
    shen.has_saved()

    # Without a connection it stays in this browser, across a reload, and comes back
    shen.page.route("**/draft/autosave*", lambda route: route.abort("connectionreset"))
    shen.types("place.en", "Chengdu")
    expect(shen.page.locator("[data-saved]")).to_contain_text("no connection", timeout=PATIENCE_MS)
    shen.page.on("dialog", lambda dialog: dialog.accept())
    shen.opens(address)
    assert shen.field("place.en").input_value() == ""
    shen.page.unroute("**/draft/autosave*")
    shen.presses("Bring it back")
    shen.page.wait_for_load_state()
    assert shen.field("place.en").input_value() == "Chengdu"
    shen.types("place.zh-Hans", "成都")
    shen.has_saved()

    # Somebody else saves first: both ways are shown, and the drafter chooses
    katja = Drafter(browser, demo.base_url)
    katja.signs_in(demo.links["legal_review"][0])
    katja.opens(address)
    katja.types("place.en", "Helsinki")
    katja.has_saved()
    shen.types("place.en", "Chengdu, China")
    race = shen.page.locator("[data-race]")
    expect(race).to_contain_text("Katja Brandt saved this draft", timeout=PATIENCE_MS)
    expect(race).to_contain_text("Helsinki")
    race.get_by_role("button", name="Take theirs").first.click()
    race.get_by_role("button", name="Go on with what stands in the form").click()
    shen.has_saved()
    shen.opens(address)
    assert shen.field("place.en").input_value() == "Helsinki"
    for person in (shen, katja):
        person.complaints = [one for one in person.complaints if "ERR_CONNECTION_RESET" not in one]
        person.leaves()
