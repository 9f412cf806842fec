"""Keyboard, screen readers, small screens, no motion: the live pages for everybody. axe finds nothing."""

from __future__ import annotations

import pytest

from tests.functional.chromium import PHONE
from tests.signing_service.pages_live.guests import Guest, Hall

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def tab_to(guest: Guest, selector: str) -> None:
    for _ in range(60):
        if guest.page.evaluate(f"document.activeElement === document.querySelector('{selector}')"):
            return
        guest.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_a_seat_from_sentence_to_receipt(hall: Hall, scheme: str) -> None:
    hall.case.command("open_doors")
    guest = hall.seated(0, color_scheme=scheme)
    guest.comes_to("agree")
    assert guest.barriers() == []
    guest.page.check("#agree")
    guest.press()
    guest.comes_to("waiting")
    assert guest.barriers() == []
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    assert guest.barriers() == []
    guest.press()
    guest.comes_to("signed")
    guest.page.wait_for_timeout(700)
    assert guest.barriers() == []
    guest.page.click("[data-open]")
    assert guest.barriers() == []


def test_axe_finds_nothing_on_landing_console_and_stage(hall: Hall) -> None:
    landing = hall.guest(PHONE)
    landing.page.goto(f"{hall.base}/s/{hall.links[0]}")
    assert landing.barriers() == []
    landing.page.locator(".landing-action button").first.click()
    landing.page.fill("#code", "000000")
    landing.page.locator("button[form=code-form]").click()
    landing.page.wait_for_selector("#code-error")
    assert landing.barriers() == []
    assert hall.host().barriers() == []
    assert hall.audience().barriers() == []


def test_a_seat_is_used_with_the_keyboard_alone(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.seated(0)
    guest.comes_to("agree")
    guest.page.wait_for_timeout(900)
    tab_to(guest, "#agree")
    guest.page.keyboard.press("Space")
    tab_to(guest, "#next")
    guest.page.keyboard.press("Enter")
    guest.comes_to("waiting")
    assert guest.page.evaluate("document.activeElement.id") == "action-words", "the focus is not lost with the button"
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    guest.page.wait_for_timeout(900)
    tab_to(guest, "#next")
    guest.page.keyboard.press("Enter")
    guest.comes_to("signed")
    guest.page.wait_for_selector("#receipt-title:focus")


def test_steps_are_told_to_those_who_listen(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.ready(0)
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    assert "The round is open" in guest.page.locator("#spoken").text_content()


def test_the_document_can_be_read_as_text(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.seated(0)
    guest.page.wait_for_selector('[data-page="1"] [data-text] span >> nth=4', state="attached")
    assert "Strategic" in guest.page.locator('[data-page="1"] [data-text]').text_content()


def test_nothing_moves_for_those_who_want_no_motion(hall: Hall) -> None:
    hall.case.command("open_doors")
    guest = hall.ready(0, reduced_motion="reduce")
    hall.case.command("go_live")
    hall.case.command("open_round")
    guest.comes_to("bind")
    guest.press()
    guest.comes_to("signed")
    assert guest.page.locator("#seal .seal").evaluate("seal => getComputedStyle(seal).animationName") == "none"


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
def test_nothing_is_wider_than_the_screen(hall: Hall, width: int) -> None:
    hall.case.command("open_doors")
    device = {"viewport": {"width": width, "height": 740}}
    guest = hall.seated(0, device=device)
    guest.comes_to("agree")
    assert guest.page.evaluate("document.documentElement.scrollWidth") <= width
