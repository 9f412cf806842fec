"""A real Chromium, driven by Playwright: Debian's, with the switches that keep it from calling home.

The one without windows and toolbars where it is installed, as Playwright itself would choose; else the whole browser.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

PROGRAMS = ("chromium-headless-shell", "chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start it; a missing browser is a failure that says what to install."""
    path = next((found for found in map(shutil.which, PROGRAMS) if found), None)
    if path is None:
        raise RuntimeError(f"Chromium is missing: sudo apt-get install -y {PROGRAMS[0]}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def context(browser: Browser, device: dict[str, Any], locale: str = "en-GB") -> BrowserContext:
    """A fresh browser profile on a device, in a language."""
    return browser.new_context(**device, locale=locale)
