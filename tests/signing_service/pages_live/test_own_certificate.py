"""A signatory on a phone signs with their own certificate: chooses it, downloads, signs outside, brings it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.own_programs import own_program
from tests.signing_service.pades import judges
from tests.signing_service.pages_live.guests import Guest, Hall

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_download_sign_outside_bring_back(hall: Hall, tmp_path: Path) -> None:
    program = own_program()
    guest, host = hall.seated(0), hall.host()
    signatory = guest.page.url.rsplit("/", 1)[1]
    host.page.goto(f"{hall.base}/agreements/{hall.case.agreement_id}/keys")
    choice = host.page.locator(f"form.key-choice:has(input[value='{signatory}'])")
    choice.locator("input[value=own_certificate]").check()
    choice.locator("button").click()
    host.page.locator(".flash").first.wait_for()
    assert host.barriers() == []
    _seen(host, tmp_path / "choice-laptop.png")
    host.page.goto(f"{hall.base}/ceremonies/{hall.case.ceremony_id}")
    host.page.wait_for_selector("#seats tr")
    assert "own certificate" in host.text("#seats")
    host.press()

    guest.page.reload()
    guest.comes_to("own_agree")
    assert "own certificate" in guest.text(".seat-head")
    (tmp_path / "mine.pem").write_bytes(program.certificate)
    guest.page.set_input_files("#own-file", str(tmp_path / "mine.pem"))
    guest.page.wait_for_selector("#own-facts:not([hidden])")
    assert "Lin Yuqing" in guest.text("#own-facts")
    assert "not a trusted list entry here" in guest.text("#own-trust")
    assert guest.barriers() == []
    _seen(guest, tmp_path / "certificate-phone.png")
    guest.page.check("#agree")
    guest.page.check("#own-confirm")
    guest.press()
    guest.comes_to("waiting")
    hall.ready(1)
    host.press()
    host.page.wait_for_selector("#next[data-command=open_round]")
    host.press()

    guest.comes_to("own_bind")
    guest.press()
    guest.comes_to("own_out")
    assert guest.barriers() == []
    _seen(guest, tmp_path / "own-program-phone.png")
    with guest.page.expect_download() as download:
        guest.page.locator("[data-part='document.pdf']").click()
    field = guest.page.evaluate("JSON.parse(document.getElementById('state').textContent).me.field_name")
    (tmp_path / "signed.pdf").write_bytes(program.pdf(Path(download.value.path()).read_bytes(), field))
    guest.page.set_input_files("#own-answer", str(tmp_path / "mine.pem"))  # the wrong file first
    guest.page.wait_for_selector("#problem:not([hidden])")
    guest.page.set_input_files("#own-answer", str(tmp_path / "signed.pdf"))
    guest.comes_to("signed")
    assert "your own certificate" in guest.text("#receipt")
    with guest.page.expect_download() as taken:
        guest.page.locator("#receipt-document").click()
    judges.pdfsig_accepts(Path(taken.value.path()), 2)


def _seen(guest: Guest, picture: Path) -> None:
    """Nothing sticks out sideways; the picture is for people."""
    guest.page.screenshot(path=str(picture), full_page=True)
    assert guest.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
