"""A seat that is open in a browser when the agreement ends says so by itself."""

from __future__ import annotations

from playwright.sync_api import expect

from signing_service.operations import agreements, endings
from tests.signing_service.pages_live.guests import Hall


def test_an_open_seat_learns_of_the_withdrawal_without_a_hand(hall: Hall) -> None:
    hall.case.command("open_doors")
    seat = hall.seated(0)
    seat.comes_to("agree")
    case = hall.case
    version = agreements.read(case.services, case.staff["legal"], case.agreement_id).row_version
    endings.withdraw(case.services, case.staff["legal"], case.agreement_id, "Other terms are needed.", version)
    expect(seat.page.locator("h1")).to_have_text("There is nothing left to sign here", timeout=30000)
    assert "This agreement was withdrawn before anybody signed it." in seat.text("main")
