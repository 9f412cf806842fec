"""Legal staff at the drafting desk, in a real browser; whatever they press, choose, type into or paste counts."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, expect

from tests.functional.actors import PATIENCE_MS, StaffMember

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""
SAVED = re.compile(r"saved \d\d:\d\d:\d\d UTC")


class Drafter(StaffMember):
    """`interactions`: presses, choices, and fields typed or pasted into, since the last `begins`."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        super().__init__(browser, base_url)
        self.interactions = 0

    def begins(self, link: str) -> str:
        """Sign in and start a strategic cooperation agreement; returns the address of its draft."""
        self.signs_in(link)
        self.opens("/agreements/new?lang=en")
        self.profile.add_cookies([{"name": "lang", "value": "en", "url": self.base_url}])
        self.interactions = 0
        self.clicks(self.page.get_by_role("button", name=re.compile("^Start: Strategic")))
        self.page.wait_for_url("**/draft")
        return self.page.url

    def clicks(self, what: Locator) -> None:
        self.interactions += 1
        what.click()

    def field(self, path: str) -> Locator:
        return self.page.locator(f'[name="{path}"]').first

    def types(self, path: str, text: str) -> None:
        self.interactions += 1
        self.field(path).fill(text)
        self.field(path).blur()

    def chooses(self, path: str, value: str) -> None:
        """An option of a list, or a radio button."""
        self.interactions += 1
        field = self.field(path)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            self.page.locator(f'[name="{path}"][value="{value}"]').check()

    def pastes(self, path: str, *rows: tuple[str, ...]) -> None:
        """Cells copied from a table, into the field that gets the first of them."""
        self.interactions += 1
        self.field(path).focus()
        self.page.evaluate(PASTE, "\n".join("\t".join(row) for row in rows))

    def takes_party(self, number: int, name: str) -> None:
        """Fill a party's block from the directory: choose, press."""
        row = self.page.locator(f'[data-row="parties.{number}"]')
        self.interactions += 1
        picker = row.locator("select[name^='pick:']").first
        picker.select_option(label=self._option(picker, name))
        with self.page.expect_navigation():
            self.clicks(row.get_by_role("button", name="Take from the directory"))

    def _option(self, picker: Locator, name: str) -> str:
        labels = picker.locator("option").all_inner_texts()
        return next(label for label in labels if name in label)

    def has_saved(self) -> None:
        expect(self.page.locator("[data-saved]")).to_have_text(SAVED, timeout=PATIENCE_MS)

    def reads(self, text: str) -> None:
        """The text in the preview."""
        expect(self.page.locator("[data-part=preview]")).to_contain_text(text, timeout=PATIENCE_MS)

    def has_nothing_left(self) -> None:
        expect(self.page.locator("[data-part=summary]")).to_have_text("Nothing is missing", timeout=PATIENCE_MS)
