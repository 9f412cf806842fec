"""A signature that a passkey confirms: chosen by the host, set up before the day, asked within the one press.

The authenticator is Chromium's own virtual one (WebAuthn.addVirtualAuthenticator); everything else is real.
"""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from playwright.sync_api import Browser, CDPSession

from keys.passkey_evidence import PasskeyEvidence
from tests.factories.rooms import Rooms
from tests.signing_service.pades import judges
from tests.signing_service.pages_live.guests import Guest, Hall

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def named_hall(tmp_path: Path, ready_keys: Path, browser: Browser) -> Iterator[Hall]:
    """A server reached under a name: browsers give no passkey to an address of numbers."""
    rooms = Rooms(tmp_path / "named", ready_keys)
    rooms.server.base_url = f"http://localhost:{rooms.server.port}"
    rooms.server.environment["SIGNING_BASE_URL"] = rooms.server.base_url
    with rooms, Hall(rooms, browser) as opened:
        yield opened


def test_chosen_set_up_confirmed_and_checked_without_the_service(named_hall: Hall, tmp_path: Path) -> None:
    hall = named_hall
    guest, host = hall.seated(0), hall.host()
    signatory = guest.page.url.rsplit("/", 1)[1]
    host.page.goto(f"{hall.base}/agreements/{hall.case.agreement_id}/keys")
    choice = host.page.locator(f"form.key-choice:has(input[value='{signatory}'])")
    choice.locator("input[value=browser_held_passkey]").check()
    choice.locator("button").click()
    host.page.locator(".flash").first.wait_for()
    host.page.goto(f"{hall.base}/ceremonies/{hall.case.ceremony_id}")
    host.page.wait_for_selector("#seats tr")
    host.press()

    device, authenticator = _authenticator(guest)
    guest.page.reload()
    guest.comes_to("passkey")
    assert guest.barriers() == []
    _seen(guest, tmp_path / "set-up-phone.png")
    _verifies(device, authenticator, False)
    guest.press()
    guest.page.wait_for_selector("#problem:not([hidden])")
    assert "No passkey was set up" in guest.text("#problem")
    _verifies(device, authenticator, True)
    guest.press()
    guest.comes_to("agree")
    guest.page.check("#agree")
    guest.press()
    guest.comes_to("waiting")
    hall.ready(1)
    host.press()
    host.page.wait_for_selector("#next[data-command=open_round]")
    host.press()

    guest.comes_to("bind")
    _verifies(device, authenticator, False)
    guest.press()
    guest.page.wait_for_selector("#problem:not([hidden])")
    assert "Nothing was signed" in guest.text("#problem")
    _seen(guest, tmp_path / "not-confirmed-phone.png")
    _verifies(device, authenticator, True)
    guest.comes_to("bind")
    guest.press()
    guest.comes_to("signed")
    _seen(guest, tmp_path / "signed-phone.png")
    with guest.page.expect_download() as taken:
        guest.page.locator("#receipt-document").click()
    pdf = Path(taken.value.path())
    judges.pdfsig_accepts(pdf, 2)
    with guest.page.expect_download() as taken:
        guest.page.locator("#receipt-proof").click()
    _checked_outside(pdf.read_bytes(), Path(taken.value.path()).read_bytes(), tmp_path)


def _checked_outside(pdf: bytes, receipt: bytes, folder: Path) -> None:
    """Our checker and openssl say the same of what the receipt holds and of the attributes in the PDF itself."""
    with zipfile.ZipFile(BytesIO(receipt)) as archive:
        archive.extractall(folder)  # our own receipt
    (evidence_file,) = (folder / "passkeys").glob("*.passkey.json")
    evidence = PasskeyEvidence.from_json(evidence_file.read_bytes())
    assert evidence.check(_attributes_in(pdf)) > evidence.sign_count_before
    (folder / "agreement.pdf").write_bytes(pdf)
    section = (ROOT / "docs" / "verification.md").read_text().partition("## 3a ")[2]
    recipe = section.split("```")[1]
    said = subprocess.run(
        ["bash", "-c", recipe],
        cwd=folder,
        env={**os.environ, "field": evidence.field, "at": "2"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f'"origin":"{evidence.origin}"' in said
    assert "Verified OK" in said


def _attributes_in(pdf: bytes) -> bytes:
    """The signed attributes of the last signature in the file, as a DER SET."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    content = bytes.fromhex(pdf[start : pdf.index(b">", start)].decode())
    signed = cms.ContentInfo.load(content)["content"]
    return bytes(signed["signer_infos"][0]["signed_attrs"].untag().dump())


def _authenticator(guest: Guest) -> tuple[CDPSession, str]:
    device = guest.context.new_cdp_session(guest.page)
    device.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    return device, device.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]


def _verifies(device: CDPSession, authenticator: str, knows: bool) -> None:
    """Whether the authenticator recognises who uses it."""
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": knows})


def _seen(guest: Guest, picture: Path) -> None:
    guest.page.screenshot(path=str(picture), full_page=True)
    assert guest.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
