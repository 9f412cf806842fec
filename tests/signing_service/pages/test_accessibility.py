"""Every staff page in a real browser: axe finds nothing, nothing runs out of the screen, the console stays silent.

Wide by day in Chinese, narrow by night in English.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from signing_service.operations import templates
from tests.factories import directory, packages
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAPTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
SMALL_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
PAGES = (
    ("", "/"),
    ("", "/sign-in"),
    ("", "/verify"),
    ("", "/verify/SCA-2020-017"),
    ("legal", "/"),
    ("legal", "/agreements/new"),
    ("legal", "/agreements/{frozen}"),
    ("legal", "/templates"),
    ("legal", "/templates/{template}/changes"),
    ("legal", "/agreements/{draft}/draft"),
    ("legal", "/agreements/{draft}/versions/2"),
    ("legal_review", "/agreements/{draft}/redline?from=1&to=2"),
    ("legal", "/organisations"),
    ("legal", "/organisations/{organisation}"),
    ("legal", "/organisations/{organisation}/edit"),
    ("legal_review", "/delegations"),
    ("legal", "/agreements/{draft}"),
    ("legal", "/agreements/{fresh}/route"),
    ("legal_review", "/agreements/{draft}/redline?from=template&to=2"),
    ("legal", "/agreements/{draft}/clauses/costs/text"),
    ("legal", "/agreements/{draft}/clauses"),
    ("legal", "/clauses/new"),
    ("legal", "/agreements/{draft}/comments"),
    ("legal", "/agreements/{draft}/reviewers"),
    ("legal", "/agreements/{draft}/proposals"),
    ("host", "/agreements/{frozen}/ceremony"),
    ("auditor", "/audit"),
    ("outbox", "/outbox"),
)


@pytest.fixture
def base(frozen_house: House) -> Iterator[str]:
    """The address of the served house."""
    server = make_server("127.0.0.1", 0, frozen_house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def draft(frozen_house: House) -> str:
    """An agreement under review in its second version; returns its id."""
    legal = frozen_house.signed_in("legal")
    page = drafting.version(legal, drafting.started(legal).address, agreement_no="SCA-2020-018")
    agreement_id = page.address.split("/")[2]
    page = drafting.version(legal, f"/agreements/{agreement_id}/draft", agreement_no="SCA-2020-018", term__count="48")
    legal.press(page, "Send version 2 for approval")
    return agreement_id


@pytest.fixture
def fresh(frozen_house: House) -> str:
    """An agreement just begun, whose route can be adapted; returns its id."""
    return drafting.started(frozen_house.signed_in("legal")).address.split("/")[2]


@pytest.fixture
def template(frozen_house: House) -> str:
    """A version of a template that waits for a second person; returns its hash."""
    continued = packages.read(packages.shipped_continued("1.1.0"))
    return templates.add(frozen_house.case.services, frozen_house.case.staff["legal_review"], continued, 2)


@pytest.mark.parametrize(
    ("screen", "language"), [(LAPTOP, "zh-Hans"), (SMALL_PHONE, "en")], ids=["laptop by day", "small phone by night"]
)
def test_axe_finds_nothing(
    frozen_house: House,
    base: str,
    draft: str,
    fresh: str,
    template: str,
    browser: Browser,
    screen: dict[str, Any],
    language: str,
) -> None:
    people = {who: signed_in(browser, base, frozen_house, who, screen) for who in dict(PAGES)}
    organisation = directory.entered(frozen_house.case)
    for who, address in PAGES:
        filled = address.format(
            frozen=frozen_house.case.agreement_id,
            draft=draft,
            fresh=fresh,
            organisation=organisation,
            template=template,
        )
        joined = "&" if "?" in filled else "?"
        page = people[who].new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto(f"{base}{filled}{joined}lang={language}", wait_until="load")
        found = [(one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert not found, f"{filled}: {found}"
        assert too_wide <= 0, f"{filled} is {too_wide} px wider than the screen"
        assert not said, f"{filled}: {said}"
        page.close()


def signed_in(browser: Browser, base: str, house: House, who: str, screen: dict[str, Any]) -> BrowserContext:
    """A browser of this person's own; nobody's for "" """
    context = browser.new_context(**screen)
    if who:
        page = context.new_page()
        page.goto(base + house.link(who))
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/")
        page.close()
    return context


def test_the_draft_form_with_its_script(frozen_house: House, base: str, browser: Browser) -> None:
    """Rows appear at once with their own names, the keyboard is in the new row, and leaving asks first."""
    context = signed_in(browser, base, frozen_house, "legal", LAPTOP)
    page = context.new_page()
    page.goto(f"{base}/agreements/new?lang=en")
    page.get_by_role("button", name="Start: Strategic Cooperation Agreement").click()
    page.wait_for_url("**/draft")
    page.goto(f"{page.url}?lang=en")
    page.locator("#areas > [data-add-row]").click()
    assert page.evaluate("document.activeElement.name") == "areas.1.name.zh-Hans"
    page.locator("#parties > [data-add-row]").click()
    assert page.locator("#parties > [data-rows-here] > * > .row-head .row-title").all_inner_texts()[2] == "Party C"
    page.locator("[data-row='parties.2'] [data-add-row]").first.click()
    assert page.evaluate("document.activeElement.name") == "parties.2.identifiers.0.scheme"
    assert page.locator("[data-unsaved]").is_visible()
    page.get_by_role("button", name="Save draft").first.click()
    page.wait_for_load_state()
    assert page.locator("[data-unsaved]").is_hidden()
    context.close()


def test_the_clause_editor_with_its_script(frozen_house: House, base: str, draft: str, browser: Browser) -> None:
    """Mistakes and the preview follow the typing, nothing is saved by it, and leaving asks first."""
    context = signed_in(browser, base, frozen_house, "legal", LAPTOP)
    page = context.new_page()
    page.goto(f"{base}/agreements/{draft}/clauses/costs/text?lang=en")
    page.locator("#text-en").fill("# Costs\n\nEach {{nobody}} pays.")
    page.locator("#mistakes-en li").first.wait_for()
    assert page.locator("#text-en").get_attribute("aria-invalid") == "true"
    page.locator("#text-zh-Hans").fill("# 费用\n\n编号{{agreement_no}}。")
    page.locator("#text-en").fill("# Costs\n\nNo. {{agreement_no}}.")
    page.locator("#preview", has_text="No. SCA-2020-018.").wait_for()
    assert page.locator("#mistakes-en li").count() == 0
    assert page.locator("[data-unsaved]").is_visible()
    page.locator("#reason").fill("For the test.")
    page.get_by_role("button", name="Save the clause").click()
    page.wait_for_url("**/clauses#clause-costs")
    assert page.locator("#clause-costs").inner_text().count("For the test.") == 1
    context.close()
