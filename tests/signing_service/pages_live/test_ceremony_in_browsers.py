"""A ceremony told by four browsers: two phones, a laptop, a wall. Keys are made and used by Chromium itself."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tests.factories.handwriting import strokes
from tests.functional.chromium import PHONE
from tests.signing_service.pages_live.guests import READ, Hall

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def pdfsig(pdf: Path) -> str:
    told = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, text=True, check=False)
    return told.stdout


def test_from_the_link_in_the_mail_to_the_certificate_on_the_wall(hall: Hall, tmp_path: Path) -> None:
    host, wall = hall.host(), hall.audience()
    host.press()  # open the doors
    phone = hall.guest(PHONE, "zh-CN")
    phone.page.goto(f"{hall.base}/s/{hall.links[0]}")
    assert "Innovation" not in phone.text("main"), "nothing personal before the code"
    phone.page.locator(".landing-action button").first.click()
    phone.page.fill("#code", hall.newest_code())
    phone.page.locator("button[form=code-form]").click()
    phone.page.wait_for_url("**/seat/**")
    phone.comes_to("read")
    phone.page.evaluate(READ)
    phone.comes_to("agree")
    assert not phone.page.is_checked("#agree"), "never ticked for them"
    assert phone.text("#drawing-state") == "", "nothing is drawn for them"
    phone.draws(strokes(1.0))
    phone.page.locator("#drawing-undo").click()
    assert phone.text("#drawing-state") == "changed; the one before is in your stamp"
    phone.page.locator("#drawing-clear").click()
    phone.page.wait_for_selector("#drawing[data-state=none]")
    phone.draws(strokes())
    assert phone.barriers() == []
    phone.page.check("#agree")
    phone.press()
    phone.comes_to("waiting")
    phone.page.reload()
    phone.comes_to("waiting")
    phone.page.wait_for_selector("#drawing[data-state=kept]")
    assert phone.text("#drawing-state") == "in your stamp"
    other = hall.ready(1)

    host.press()  # go live
    host.page.wait_for_selector("#next[data-command=open_round]")
    assert "All 2 are ready" in host.text("#hint")
    host.press()
    for guest in (phone, other):
        guest.comes_to("bind")
        guest.page.wait_for_timeout(900)
    phone.page.locator("#next").click()
    other.page.locator("#next").click()
    for guest in (phone, other):
        guest.comes_to("signed")
    wall.page.wait_for_selector("[data-tile][data-state=signed] >> nth=1")
    assert "UTC" in wall.text("[data-tile][data-state=signed] >> nth=0 >> .seal-time")

    host.page.wait_for_selector("#next[data-command=conclude]")
    host.press()
    wall.page.wait_for_selector("body.certified", timeout=15000)
    wall.page.wait_for_selector("#certificate-final:not([hidden])", timeout=30000)
    assert wall.page.locator("#qr").evaluate("image => image.complete && image.naturalWidth > 0")
    with phone.page.expect_download() as download:
        phone.press()
    download.value.save_as(tmp_path / "signed.pdf")
    assert pdfsig(tmp_path / "signed.pdf").count("Signature is Valid") == 3
    assert (tmp_path / "signed.pdf").read_bytes().count(b"/Ink Do") == 1, "who drew nothing has nothing drawn"
    assert wall.text("#certificate-hash").replace(" ", "") == sha256((tmp_path / "signed.pdf").read_bytes()).hexdigest()
    for guest in hall.guests:
        assert guest.complaints == []


def test_two_presses_at_the_same_moment_both_bind(hall: Hall) -> None:
    hall.case.command("open_doors")
    both = [hall.ready(0), hall.ready(1)]
    hall.case.command("go_live")
    hall.case.command("open_round")
    for guest in both:
        guest.comes_to("bind")
        guest.page.wait_for_timeout(900)
    for guest in both:
        guest.page.evaluate("document.getElementById('next').click()")
    for guest in both:
        guest.comes_to("signed")
        assert guest.text("#receipt-revision") in ("3", "4")
    assert {guest.text("#receipt-revision") for guest in both} == {"3", "4"}


def test_a_reload_in_the_middle_of_signing_ends_with_one_signature(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.ready(0)
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    guest.page.wait_for_timeout(900)
    guest.page.evaluate("document.getElementById('next').click()")
    guest.page.wait_for_timeout(60)
    guest.page.reload()
    guest.comes_to("signed")
    guest.page.wait_for_selector("[data-fact]:not([hidden]) #receipt-revision")
    assert guest.text("#receipt-revision") == "3"


def test_a_press_without_connection_is_kept_and_carried_out(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.ready(0)
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    guest.page.wait_for_timeout(900)
    guest.context.set_offline(True)
    guest.page.locator("#next").click()
    guest.page.wait_for_selector("#next small:has-text('connection was lost')", timeout=10000)
    guest.context.set_offline(False)
    guest.comes_to("signed")


def test_the_key_of_another_browser_is_asked_for_in_words(hall: Hall) -> None:
    hall.case.command("open_doors")
    hall.ready(0)
    second = hall.seated(0)
    second.comes_to("elsewhere")
    assert "another browser" in second.text("#action-words")
    assert second.page.is_hidden("#next")


def test_the_accepted_words_stay_when_the_language_of_the_page_changes(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.ready(0)
    guest.page.goto(f"{guest.page.url}?lang=zh-Hans")
    guest.comes_to("waiting")
    assert guest.text("#consent-text").startswith("I have read version")
    assert guest.page.get_attribute("#consent-text", "lang") == "en"


def test_words_not_yet_accepted_follow_the_language_of_the_page(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.seated(0)
    guest.page.goto(f"{guest.page.url}?lang=zh-Hans")
    guest.comes_to("agree")
    guest.page.check("#agree")
    hall.case.command("go_live")
    guest.page.wait_for_selector("#ceremony-line.on-air")
    assert guest.text("#consent-text").startswith("本人已阅读")
    assert guest.page.is_checked("#agree")
    guest.press()
    guest.comes_to("waiting")


def test_declining_needs_a_reason_and_everybody_is_told(hall: Hall) -> None:
    hall.case.command("open_doors")
    declining, other = hall.seated(0), hall.seated(1)
    declining.page.click("#decline summary")
    declining.page.click("#decline button")
    declining.comes_to("agree")
    declining.page.fill("#reason", "附件缺失。")
    declining.page.click("#decline button")
    declining.comes_to("declined")
    other.comes_to("ended")
    assert "declined to sign" in other.text("#action-words")


def test_a_pause_takes_the_button_away_and_resuming_brings_it_back(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.ready(0)
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    hall.case.command("pause", "the line to Helsinki is down")
    guest.comes_to("paused")
    hall.case.command("resume")
    guest.comes_to("bind")


def test_a_press_meant_for_the_button_before_does_not_sign(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.seated(0)
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("agree")
    guest.page.check("#agree")
    guest.page.wait_for_timeout(900)
    guest.page.evaluate(
        """() => new Promise((done) => {
             new MutationObserver((_, observer) => {
               if (document.body.dataset.step !== "bind") return;
               observer.disconnect(); // one press: later changes of the page are no presses
               document.getElementById("next").click();
               done();
             }).observe(document.body, { attributes: true });
             document.getElementById("next").click();
           })"""
    )
    guest.page.wait_for_timeout(1500)
    assert guest.page.get_attribute("body", "data-step") == "bind"
