"""A rehearsal in real browsers: the host starts it, a signatory goes through every step on a phone, the board fills."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import case as cases
from tests.factories.browser_sessions import browser_session
from tests.factories.practice import Practising
from tests.functional.chromium import PHONE
from tests.signing_service.pages_live.guests import Hall

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_the_hosts_button_to_the_practice_signature_and_back_to_the_real_seat(hall: Hall, tmp_path: Path) -> None:
    host = hall.host()
    host.page.locator("#rehearsal button").click()
    host.page.wait_for_selector("#preflight > li >> nth=1")
    assert "0 of 2 have practised" in host.text("#rehearsal-count")

    seat, token = cases.identified_with_token(hall.case, hall.links[0])
    phone = hall.guest(PHONE)
    cookie, _csrf = browser_session({"seats": {seat.actor.signatory_id: token}})
    phone.context.add_cookies([{"name": "signing", "value": cookie, "url": hall.base}])
    phone.page.goto(f"{hall.base}/seat/{seat.actor.signatory_id}")
    phone.page.wait_for_selector("#practice")
    Practising(seat).read()  # how reading is noticed is told at the real seat
    phone.page.locator("#practice a").click()
    phone.comes_to("agree")
    assert "Nothing here is signed" in phone.text(".rehearsal-warning")
    assert phone.text("#consent-text").startswith("REHEARSAL.")
    assert not phone.page.is_checked("#agree")
    phone.page.check("#agree")
    phone.press()
    phone.comes_to("bind")
    assert "nothing is signed" in phone.text("#next")
    phone.press()
    phone.comes_to("signed")
    assert "This is no signature." in phone.text("#receipt")
    assert phone.page.is_hidden("#receipt-proof")
    assert phone.barriers() == []
    with phone.page.expect_download() as download:
        phone.press()
    download.value.save_as(tmp_path / "copy.pdf")
    assert b"/XXRehearsal" in (tmp_path / "copy.pdf").read_bytes()

    host.page.wait_for_selector("#preflight li.done >> nth=3")
    assert "1 of 2 have practised" in host.text("#rehearsal-count")
    host.press()  # open the doors: the rehearsal is over
    host.page.wait_for_selector("#rehearsal", state="hidden")
    phone.page.reload()
    phone.page.wait_for_url(f"**/seat/{seat.actor.signatory_id}")
    phone.comes_to("read")
    assert phone.page.is_hidden("#practice")
    for guest in hall.guests:
        # 410: the phone asked for a rehearsal that had just ended
        assert [said for said in guest.complaints if "410" not in said] == []
