"""People in a real browser. Their methods read as a story; what they see is awaited, never slept for.

Nothing is patched and no interface is called behind the page: everybody presses what is on their screen.
"""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.functional.chromium import LAPTOP, context

PATIENCE_MS = 60_000
DWELL_MS = 350
READING_SECONDS = 120


class Actor:
    """Somebody with a browser of their own."""

    def __init__(
        self, browser: Browser, base_url: str, device: dict[str, Any] | None = None, locale: str = "en-GB"
    ) -> None:
        self.base_url = base_url
        self.profile: BrowserContext = context(browser, device or LAPTOP, locale)
        self.profile.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.profile.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "401" not in message.text and "409" not in message.text:
            self.complaints.append(message.text)

    def opens(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.base_url + path)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE_MS)

    def presses(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def leaves(self) -> None:
        """Close the browser; whatever its console complained about fails the story."""
        self.profile.close()
        assert self.complaints == [], self.complaints


class StaffMember(Actor):
    """One of the operator's people."""

    def signs_in(self, link: str) -> None:
        self.opens(link)
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_load_state()


class Outbox(StaffMember):
    """Whoever may look at the outbox page of the embedded default."""

    def code_for(self, address: str) -> str:
        self.opens(f"/outbox?to={address}")
        return self.page.locator(".mail .code strong").first.inner_text().strip()

    def invitation_for(self, address: str) -> str:
        self.opens(f"/outbox?to={address}")
        link = self.page.locator(".mail .links a[href*='/s/']").first.get_attribute("href")
        assert link is not None
        return link


class Host(StaffMember):
    """Runs the ceremony from the console."""

    def gives(self, command: str, sees: str) -> None:
        """Press the one next command and wait for what the console then says."""
        expect(self.page.locator("#next")).to_contain_text(command, timeout=PATIENCE_MS)
        self.page.locator("#next").click()
        expect(self.page.locator("#ceremony-state")).to_contain_text(sees, timeout=PATIENCE_MS)

    def sees_counts(self, text: str) -> None:
        expect(self.page.locator("#counts")).to_contain_text(text, timeout=PATIENCE_MS)


class Signatory(Actor):
    """A signatory at their seat."""

    def follows(self, link: str) -> None:
        self.opens(link)
        self.page.locator(".landing-action button.btn-press").click()
        self.page.locator("#code").wait_for()

    def enters(self, code: str) -> None:
        self.page.fill("#code", code)
        self.page.locator(".landing-action button.btn-press").click()
        self.page.wait_for_url("**/seat/**")

    @property
    def step(self) -> str:
        """The one next action of the seat, as the page names it for its own script."""
        return str(self.page.evaluate("document.body.dataset.step || ''"))

    def comes_to(self, *steps: str) -> None:
        expect(self.page.locator("body")).to_have_attribute(
            "data-step", re.compile("^(" + "|".join(steps) + ")$"), timeout=PATIENCE_MS
        )

    def reads_every_page(self) -> None:
        """Press “Read on” until every page stood on the screen: on a phone over the whole screen, else in the page."""
        self.comes_to("read")
        self.page.locator("#next").click()
        deadline = time.monotonic() + READING_SECONDS
        while self.step == "read":
            assert time.monotonic() < deadline, f"still unread: {self.page.locator('[data-counter]').inner_text()}"
            self.page.wait_for_timeout(DWELL_MS)
            self.page.locator("[data-go-on]" if self._whole_screen() else "#next").click(timeout=5_000)
        if self._whole_screen():
            self.page.locator("[data-go-on]").click()

    def _whole_screen(self) -> bool:
        return bool(self.page.evaluate("document.body.classList.contains('reading')"))

    def agrees_and_is_ready(self) -> None:
        self.comes_to("agree")
        box = self.page.locator("#agree")
        assert not box.is_checked(), "the tick is the signatory's own"
        box.check()
        self.page.locator("#next").click()
        self.comes_to("waiting", "bind")

    def signs(self) -> None:
        """The press that binds."""
        self.comes_to("bind")
        self.page.wait_for_timeout(1000)  # the button ignores a press meant for what stood there before
        self.page.locator("#next").click()

    def has_signed(self) -> None:
        self.comes_to("signed")
        expect(self.page.locator("#receipt")).to_be_visible(timeout=PATIENCE_MS)


class Stage(Actor):
    """The wall in the room."""

    def shows_signed(self, count: int) -> None:
        expect(self.page.locator("[data-tile][data-state=signed]")).to_have_count(count, timeout=PATIENCE_MS)

    def shows_the_certificate(self) -> None:
        expect(self.page.locator("#certificate")).to_be_visible(timeout=PATIENCE_MS)
        expect(self.page.locator("#certificate-final")).to_be_visible(timeout=PATIENCE_MS)
