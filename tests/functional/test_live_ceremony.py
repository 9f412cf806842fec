"""Two signatories sign in one ceremony, one of them on a phone; the host conducts, the wall shows it live."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.functional.actors import Host, Outbox, Signatory, Stage
from tests.functional.chromium import PHONE, WALL
from tests.functional.conftest import Demo

LIN, ZHOU = "lin.zhiyuan@innovation-center.example", "zhou.hui@circular-economy.example"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_two_browsers_sign_and_a_third_watches(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    outbox = Outbox(browser, demo.base_url)
    outbox.signs_in(demo.links["outbox"][0])
    stage = Stage(browser, demo.base_url, WALL, "zh-CN")
    stage.opens(demo.links["stage"][0])
    stage.sees("战略合作协议")
    host = Host(browser, demo.base_url)
    host.signs_in(demo.links["host"][0])
    # Given both signatories at their seats
    lin = Signatory(browser, demo.base_url)
    zhou = Signatory(browser, demo.base_url, PHONE, "zh-CN")
    for person, link, address in zip((lin, zhou), demo.links["signatory"], (LIN, ZHOU), strict=True):
        person.follows(link)
        person.enters(outbox.code_for(address))
        person.reads_every_page()
        person.agrees_and_is_ready()
    host.sees_counts("2 of 2 ready")
    # When the host opens the round and both press
    host.gives("Go live", sees="Live")
    host.gives("Open the round", sees="round open")
    for person in (lin, zhou):
        person.signs()
    for person in (lin, zhou):
        person.has_signed()
    # Then the wall has turned both tiles, and shows the certificate once the host concludes
    stage.shows_signed(2)
    host.gives("Conclude", sees="Concluded")
    stage.shows_the_certificate()
    # And what was taken home is valid for a program we did not write
    with lin.page.expect_download() as download:
        lin.page.locator("#receipt-document").click()
    file = tmp_path / "agreement.pdf"
    download.value.save_as(file)
    judged = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert judged.count("Signature is Valid.") == 3, judged
    for actor in (outbox, stage, host, lin, zhou):
        actor.leaves()
