"""The drafting desk in a real browser: the text follows the typing, and nothing typed is lost, whatever happens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.functional.actors import PATIENCE_MS, StaffMember
from tests.functional.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""
SAVED = re.compile(r"saved \d\d:\d\d:\d\d UTC")


class Drafter(StaffMember):
    """Legal staff at the drafting desk."""

    def begins(self, link: str) -> str:
        """Sign in and start a strategic cooperation agreement; returns the address of its draft."""
        self.signs_in(link)
        self.opens("/agreements/new?lang=en")
        self.presses(re.compile("^Start: Strategic"))
        self.page.wait_for_url("**/draft")
        return self.page.url

    def field(self, path: str) -> Locator:
        return self.page.locator(f'[name="{path}"]').first

    def types(self, path: str, text: str) -> None:
        self.field(path).fill(text)
        self.field(path).blur()

    def pastes(self, text: str) -> None:
        """Paste into the field that has the focus."""
        self.page.evaluate(PASTE, text)

    def has_saved(self) -> None:
        expect(self.page.locator("[data-saved]")).to_have_text(SAVED, timeout=PATIENCE_MS)

    def reads(self, text: str) -> None:
        """The text in the preview."""
        expect(self.page.locator("[data-part=preview]")).to_contain_text(text, timeout=PATIENCE_MS)


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
    shen.field("areas.0.name.zh-Hans").focus()
    table = "港口物流\tPort logistics\t港口运营\toperating ports\n园区\tParks\t绿色园区\tgreen parks"
    shen.pastes(table)
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
