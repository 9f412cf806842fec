"""People in browsers at one ceremony: signatories on phones, the host on a laptop, the audience before a wall."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from types import TracebackType
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from signing_service.accounts.tokens import stage_token
from signing_service.operations import mails, people
from signing_service.pades.drawing import HEIGHT, WIDTH
from signing_service.permissions import SYSTEM
from tests.factories import case as cases
from tests.factories.browser_sessions import browser_session
from tests.factories.rooms import Rooms
from tests.functional.chromium import LAPTOP, PHONE, WALL

NUMBERS = count(1)
STEADY_MS = 900  # the seat ignores a press in the first moments of a new button

#: Brings everything in the scroller into view, a little at a time, as a thumb does.
READ = """async () => {
  const pages = document.querySelector("[data-scroller]");
  for (let y = 0; y <= pages.scrollHeight; y += Math.max(120, pages.clientHeight * 0.45)) {
    pages.scrollTop = y;
    await new Promise((resolve) => setTimeout(resolve, 320));
  }
}"""


class Guest:
    """Somebody with a browser of their own; remembers what its console complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        lost_turn = "status of 409" in message.text  # Chromium prints it; the page prepares again
        if message.type in ("error", "warning") and not lost_turn:
            self.complaints.append(message.text)

    def text(self, selector: str) -> str:
        return " ".join((self.page.locator(selector).text_content() or "").split())

    def barriers(self) -> list[str]:
        """What axe finds."""
        found = Axe().run(self.page).response["violations"]
        return [f"{v['id']}: {[n['html'] for n in v['nodes']][:3]}" for v in found]

    def comes_to(self, step: str) -> None:
        """Wait until the seat is at this step."""
        self.page.wait_for_selector(f"body[data-step={step}]", timeout=30000)

    def press(self, selector: str = "#next") -> None:
        self.page.wait_for_timeout(STEADY_MS)
        self.page.locator(selector).click()

    def draws(self, strokes: list[list[int]]) -> None:
        """Draw these strokes on the pad and put them into the stamp."""
        if self.page.locator("#drawing:not([open])").count():
            self.page.locator("#drawing summary").click()
        pad = self.page.locator("#pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        for stroke in strokes:
            for number, (x, y) in enumerate(zip(stroke[::2], stroke[1::2], strict=True)):
                self.page.mouse.move(box["x"] + x / WIDTH * box["width"], box["y"] + y / HEIGHT * box["height"])
                if number == 0:
                    self.page.mouse.down()
            self.page.mouse.up()
        self.page.locator("#drawing-keep").click()
        self.page.wait_for_selector("#drawing[data-state=kept]")


class Hall:
    """One ceremony on the running server and everybody who looks at it. Use it with `with`."""

    def __init__(self, rooms: Rooms, browser: Browser) -> None:
        self.rooms = rooms
        self.browser = browser
        self.base = rooms.server.base_url
        self.case = cases.planned(rooms.another(f"SCA-2027-{next(NUMBERS):04d}"))
        self.links = cases.invitation_links(self.case)
        self.guests: list[Guest] = []

    def guest(self, device: dict[str, Any], locale: str = "en-GB", **more: Any) -> Guest:
        guest = Guest(self.browser.new_context(**device, locale=locale, **more))
        guest.context.add_cookies([{"name": "lang", "value": "en", "url": self.base}])
        self.guests.append(guest)
        return guest

    def newest_code(self) -> str:
        """The code in the newest mail, read where the operator reads it."""
        sent = mails.outbox(self.rooms.services, self.case.staff["outbox"], self.case.agreement_id)
        code = next(m.code for m in sent if m.kind == "code")
        assert code is not None
        return code

    def seated(self, place: int, locale: str = "en-GB", device: dict[str, Any] | None = None, **more: Any) -> Guest:
        """The signatory of a place, identified, everything read, the seat's page open."""
        seat, token = cases.identified_with_token(self.case, self.links[place])
        seat.read()
        guest = self.guest(device or PHONE, locale, **more)
        cookie, _csrf = browser_session({"seats": {seat.actor.signatory_id: token}})
        guest.context.add_cookies([{"name": "signing", "value": cookie, "url": self.base}])
        guest.page.goto(f"{self.base}/seat/{seat.actor.signatory_id}")
        return guest

    def ready(self, place: int, **more: Any) -> Guest:
        """The same, having accepted the sentence and made a key."""
        guest = self.seated(place, **more)
        guest.comes_to("agree")
        guest.page.check("#agree")
        guest.press()
        guest.comes_to("waiting")
        return guest

    def audience(self) -> Guest:
        guest = self.guest(WALL)
        token = stage_token(self.rooms.services.settings.master_key, self.case.ceremony_id)
        guest.page.goto(f"{self.base}/stage/{self.case.ceremony_id}/{token}")
        guest.page.wait_for_selector("[data-tile]")
        return guest

    def host(self) -> Guest:
        services, until = self.rooms.services, self.rooms.services.clock() + timedelta(days=1)
        token = people.demo_link(services, SYSTEM, self.case.staff["host"].id, until)
        guest = self.guest(LAPTOP)
        guest.page.goto(f"{self.base}/enter/{token}")
        guest.page.locator("main form button[type=submit]").click()
        guest.page.goto(f"{self.base}/ceremonies/{self.case.ceremony_id}")
        guest.page.wait_for_selector("#seats tr")
        return guest

    def __enter__(self) -> Hall:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for guest in self.guests:
            guest.context.close()
