"""A signatory signs through a trust service provider, in a browser: from the seat to the key, the PIN, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.factories.providers import RunningProvider
from tests.factories.rooms import Rooms
from tests.peers.csc_people import PEOPLE
from tests.signing_service.pades import judges
from tests.signing_service.pages_live.guests import LAPTOP, Guest, Hall

MATTI, _ = PEOPLE
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def provided(csc: RunningProvider, tmp_path: Path, ready_keys: Path, browser: Browser) -> Iterator[Hall]:
    """A ceremony on a server whose operator set up the provider."""
    csc.behave()
    settings = csc.settings()
    lines = {
        "name": settings.name,
        "title": settings.title,
        "url": settings.url,
        "client_id": settings.client_id,
        "client_secret_file": str(settings.client_secret.file),
        "authorities": str(settings.authorities),
    }
    file = tmp_path / "holders.toml"
    file.write_text("[[provider]]\n" + "".join(f'{name} = "{value}"\n' for name, value in lines.items()))
    with Rooms(tmp_path / "live", ready_keys, SIGNING_KEY_HOLDERS=str(file)) as rooms, Hall(rooms, browser) as hall:
        yield hall


def test_from_the_seat_to_the_provider_and_back(provided: Hall, tmp_path: Path) -> None:
    hall = provided
    guest, host = hall.seated(0), hall.host()
    signatory = guest.page.url.rsplit("/", 1)[1]
    host.page.goto(f"{hall.base}/agreements/{hall.case.agreement_id}/keys")
    choice = host.page.locator(f"form.key-choice:has(input[value='{signatory}'])")
    assert choice.locator("input[value=pkcs11]").count() == 0  # no seal is set up here
    choice.locator("input[value=remote_provider]").check()
    choice.locator("button").click()
    host.page.locator(".flash").first.wait_for()
    host.page.goto(f"{hall.base}/ceremonies/{hall.case.ceremony_id}")
    host.page.wait_for_selector("#seats tr")
    host.press()

    guest.page.reload()
    guest.comes_to("held")
    guest.press()
    guest.page.wait_for_url("**/key")
    _seen(guest, tmp_path / "provider-phone.png")
    guest.page.fill("#account", MATTI.account)
    guest.page.click("form.section button")
    _seen(guest, tmp_path / "credentials-phone.png")
    guest.page.click("form.section button")
    assert MATTI.name in guest.text("form.section")
    guest.page.check("#agree")
    _seen(guest, tmp_path / "certificate-phone.png")
    guest.page.click("form.section button")
    guest.page.wait_for_selector("#sign-title")
    hall.ready(1)
    for command in ("go_live", "open_round"):
        host.page.wait_for_selector(f"#next[data-command={command}]")
        host.press()

    guest.page.wait_for_timeout(500)
    guest.page.reload()
    guest.page.fill("#pin", "11112222")
    guest.page.click(".btn-seal")
    assert "wrong PIN" in guest.text(".flash.refused")
    guest.page.set_viewport_size(LAPTOP["viewport"])
    guest.context.add_cookies([{"name": "lang", "value": "zh-Hans", "url": hall.base}])
    guest.page.goto(f"{hall.base}/seat/{signatory}/key")
    _seen(guest, tmp_path / "sign-laptop.png")
    guest.page.fill("#pin", MATTI.pin)
    guest.page.click(".btn-seal")
    guest.comes_to("signed")
    with guest.page.expect_download() as taken:
        guest.page.locator("#receipt-document").click()
    judges.pdfsig_accepts(Path(taken.value.path()), 2)


def _seen(guest: Guest, picture: Path) -> None:
    """No barrier, nothing sticks out sideways; the picture is for people."""
    assert guest.barriers() == []
    guest.page.screenshot(path=str(picture), full_page=True)
    assert guest.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
