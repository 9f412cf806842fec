"""Pictures of every page: a demo server, a real browser, phone, laptop and wall, Chinese and English.

    .venv/bin/python -m tools.pictures OUT zh|en

For people who change a page and want to look at all of them, and for the two pictures of the README.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from signing_service.cli import demo_case
from signing_service.cli.demo_server import Server
from signing_service.cli.server import opened
from tests.functional.chromium import LAPTOP, PHONE, WALL, chromium, context

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
DEVICES = {"phone": PHONE, "laptop": LAPTOP}


class Photographer:
    """Walks through the demo; one picture per page, device and language."""

    def __init__(self, browser: Browser, base_url: str, links: dict[str, list[str]], out: Path) -> None:
        self.browser = browser
        self.base_url = base_url
        self.links = links
        self.out = out

    def shoot(self, page: Page, name: str) -> None:
        """The whole page, however long."""
        page.wait_for_load_state("networkidle") if "stage" not in name else page.wait_for_timeout(1500)
        page.screenshot(path=self.out / f"{name}.png", full_page="stage" not in name)
        print(name, flush=True)

    def signed_in(self, key: str, device: str, language: str) -> Page:
        """A page of one of the staff."""
        page = context(self.browser, DEVICES[device], LANGUAGES[language]).new_page()
        page.goto(self.links[key][0])
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()
        return page


def main(out: Path, language: str) -> None:
    """Take them all, with one ceremony in `language`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        server = Server(Path(folder))
        os.environ.update({k: v for k, v in server.environment.items() if k.startswith("SIGNING_")})
        services = opened()
        demo_case.seed_once(services)
        services.db.close()
        links: dict[str, list[str]] = {}
        for link in json.loads((Path(folder) / "demo-links.json").read_text()):
            links.setdefault(link["key"], []).append(link["url"])
        with server, chromium() as browser:
            everything(Photographer(browser, server.base_url, links, out), language)


def everything(shots: Photographer, language: str) -> None:
    """Page by page."""
    for device in DEVICES:
        staff(shots, device, language)
        public(shots, device, language)
    ceremony(shots, language)


def public(shots: Photographer, device: str, language: str) -> None:
    """What a stranger sees."""
    page = context(shots.browser, DEVICES[device], LANGUAGES[language]).new_page()
    for name, path in {
        "welcome": "/",
        "sign-in": "/sign-in",
        "verify": "/verify",
        "verify-number": "/verify/SCA-2020-017",
        "not-found": "/nothing-here",
        "link": urlsplit(shots.links["signatory"][0]).path,
    }.items():
        page.goto(shots.base_url + path)
        shots.shoot(page, f"{name}-{device}-{language}")


def staff(shots: Photographer, device: str, language: str) -> None:
    """What the operator's people see."""
    legal = shots.signed_in("legal", device, language)
    legal.goto(shots.base_url + "/")
    shots.shoot(legal, f"dashboard-{device}-{language}")
    agreement = legal.locator("main a[href*='/agreements/agr_']").first.get_attribute("href")
    assert agreement is not None
    for name, path in {
        "agreement": agreement,
        "version": f"{agreement}/versions/1",
        "new": "/agreements/new",
        "redline": f"{agreement}/redline?from=1&to=1",
    }.items():
        legal.goto(shots.base_url + path)
        shots.shoot(legal, f"{name}-{device}-{language}")
    legal.goto(shots.base_url + "/agreements/new")
    legal.locator("form:has(input[value=strategic_cooperation]) button[type=submit]").click()
    legal.wait_for_load_state()
    shots.shoot(legal, f"draft-{device}-{language}")
    legal.locator("button[value=version]").first.click()
    legal.wait_for_load_state()
    shots.shoot(legal, f"draft-problems-{device}-{language}")
    for key in ("host", "auditor", "outbox"):
        page = shots.signed_in(key, device, language)
        shots.shoot(page, f"{key}-{device}-{language}")


def ceremony(shots: Photographer, language: str) -> None:
    """Two seats (a phone, a laptop), the console and the wall, at every step of a signing."""
    wall = context(shots.browser, WALL, "zh-CN").new_page()
    wall.goto(shots.links["stage"][0])
    shots.shoot(wall, f"stage-1-before-{language}")
    host = shots.signed_in("host", "laptop", language)
    outbox = shots.signed_in("outbox", "laptop", language)
    seats = {
        "phone": context(shots.browser, PHONE, LANGUAGES[language]).new_page(),
        "laptop": context(shots.browser, LAPTOP, LANGUAGES[language]).new_page(),
    }
    for (device, page), link in zip(seats.items(), shots.links["signatory"], strict=True):
        take_seat(shots, page, link, outbox, f"{device}-{language}")
    host.locator("#next[data-command=go_live]").click()
    host.locator("#next[data-command=open_round]").click()
    for device, page in seats.items():
        page.locator("body[data-step=bind]").wait_for()
        page.wait_for_timeout(1500)
        shots.shoot(page, f"seat-4-bind-{device}-{language}")
        page.locator("#next").click()
        page.locator("body[data-step=signed]").wait_for()
        page.wait_for_timeout(2500)
        shots.shoot(page, f"seat-5-signed-{device}-{language}")
        shots.shoot(wall, f"stage-2-{device}-signed-{language}")
    host.locator("#next[data-command=conclude]").wait_for()
    shots.shoot(host, f"host-signed-{language}")
    host.locator("#next[data-command=conclude]").click()
    wall.locator("body.certified").wait_for()
    wall.wait_for_timeout(3000)
    shots.shoot(wall, f"stage-3-certificate-{language}")


def take_seat(shots: Photographer, page: Page, link: str, outbox: Page, name: str) -> None:
    """From the link to being ready."""
    page.goto(link)
    page.locator(".landing-action button.btn-press").click()
    page.locator("#code").wait_for()
    shots.shoot(page, f"seat-1-code-{name}")
    outbox.reload()
    page.fill("#code", outbox.locator(".mail .code strong").first.inner_text().strip())
    page.locator(".landing-action button.btn-press").click()
    page.locator("body[data-step=read]").wait_for()
    shots.shoot(page, f"seat-2-read-{name}")
    while page.locator("body[data-step=read]").count():
        reading = page.evaluate("document.body.classList.contains('reading')")
        page.locator("[data-go-on]" if reading else "#next").click()
        page.wait_for_timeout(350)
    if page.evaluate("document.body.classList.contains('reading')"):
        page.locator("[data-go-on]").click()
    page.locator("body[data-step=agree]").wait_for()
    shots.shoot(page, f"seat-3-agree-{name}")
    page.locator("#agree").check()
    page.locator("#next").click()
    page.locator("body[data-step=waiting], body[data-step=bind]").first.wait_for()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
