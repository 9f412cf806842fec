"""Pictures of every page: a demo server, a real browser, phone, laptop and wall, Chinese and English.

    .venv/bin/python -m tools.pictures OUT

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
        page.goto(self.links[key][0] + ("&" if "?" in self.links[key][0] else "?") + "x=1")
        page.get_by_role("button").last.click() if False else page.locator("main form button[type=submit]").click()
        page.wait_for_load_state()
        return page


def main(out: Path) -> None:
    """Take them all."""
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
            everything(Photographer(browser, server.base_url, links, out))


def everything(shots: Photographer) -> None:
    """Page by page."""
    for language in LANGUAGES:
        for device in DEVICES:
            staff(shots, device, language)
            public(shots, device, language)
    stage(shots)


def public(shots: Photographer, device: str, language: str) -> None:
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
    legal.locator("main form button[type=submit]").first.click()
    legal.wait_for_load_state()
    shots.shoot(legal, f"draft-{device}-{language}")
    legal.locator("button[value=version]").first.click()
    legal.wait_for_load_state()
    shots.shoot(legal, f"draft-problems-{device}-{language}")
    for key in ("host", "auditor", "outbox"):
        page = shots.signed_in(key, device, language)
        shots.shoot(page, f"{key}-{device}-{language}")


def stage(shots: Photographer) -> None:
    page = context(shots.browser, WALL, "zh-CN").new_page()
    page.goto(shots.links["stage"][0])
    shots.shoot(page, "stage-before")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("pictures"))
