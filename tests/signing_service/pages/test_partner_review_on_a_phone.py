"""A reviewer proposes other words on a small phone: the change is drawn while it is typed; axe finds nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from signing_service.operations import mails
from tests.factories.reviewers import Drafted, drafted
from tests.signing_service.pages.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SMALL_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "locale": "en-GB"}


@pytest.fixture
def draft(staffed_house: House) -> Drafted:
    return drafted(staffed_house.case)


@pytest.fixture
def base(staffed_house: House, draft: Drafted) -> Iterator[str]:
    """The address of the served house."""
    server = make_server("127.0.0.1", 0, staffed_house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def looks_well(page: Page) -> None:
    found = [(one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
    assert not found, f"{page.url}: {found}"
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} px wider than the screen"


def test_proposing_on_a_phone(staffed_house: House, draft: Drafted, base: str, browser: Browser) -> None:
    context = browser.new_context(**SMALL_PHONE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{base}/r/{draft.invite()}")
    looks_well(page)
    page.get_by_role("button", name="Send me a code").click()
    found = mails.outbox(staffed_house.case.services, staffed_house.case.staff["outbox"])
    page.get_by_label("Six-digit code").fill(next(m.code for m in found if m.code is not None))
    page.get_by_role("button", name="Read the draft").click()
    page.wait_for_url("**/review/*")
    looks_well(page)
    page.get_by_role("link", name="Propose other words for article 5").click()
    page.wait_for_url("**/proposal")
    assert page.get_by_role("button", name="Show the change").is_hidden()
    words = page.locator("textarea[name='text.en']")
    words.fill(words.input_value().replace("online or in person", "online"))
    page.locator("#redline .places del").wait_for()
    assert page.locator("#redline .places del").inner_text().strip().endswith("or in person")
    looks_well(page)
    page.get_by_role("button", name="Send the proposal").click()
    page.wait_for_url("**/review/*")
    assert page.get_by_text("waits for an answer").first.is_visible()
    assert said == []
    context.close()


def test_selected_words_are_offered_for_a_comment(
    staffed_house: House, draft: Drafted, base: str, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "lang", "value": "en", "url": base}])
    page = context.new_page()
    page.goto(base + staffed_house.link("legal"))
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/")
    page.goto(f"{base}/agreements/{draft.agreement_id}/versions/1?lang=en")
    page.evaluate(
        """() => {
          const text = document.querySelector("#clause-costs [lang=en] p").lastChild;
          const range = document.createRange();
          range.setStart(text, text.data.indexOf("Each Party"));
          range.setEnd(text, text.data.indexOf(" that it incurs"));
          document.getSelection().addRange(range);
        }"""
    )
    page.get_by_role("link", name="Comment on the selection").click()
    page.wait_for_url("**/comments/new?**")
    assert page.get_by_label("Quoted words").input_value() == "Each Party bears the costs"
    page.get_by_label("Your words").fill("Also of the interpreter?")
    looks_well(page)
    page.get_by_role("button", name="Add the comment").click()
    page.wait_for_url("**/versions/1*")
    assert page.get_by_text("Also of the interpreter?").is_visible()
    context.close()
