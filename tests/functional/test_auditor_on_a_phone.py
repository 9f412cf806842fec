"""An auditor with a phone, reading Chinese, is sent a PDF that somebody altered after it was signed and archived."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from signing_service.app import create_app
from signing_service.operations import documents
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.functional.chromium import PHONE, chromium, context
from tests.signing_service.verification.mutations import replace_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VR = "{http://uri.etsi.org/19102/v1.4.1#}"


@pytest.fixture
def server() -> Postgres | None:
    """What a reader sees does not depend on the database."""
    return None


@pytest.fixture
def concluded(at_stage: Callable[[str], Case]) -> Case:
    return at_stage("completed")


@pytest.fixture
def browser(concluded: Case) -> Iterator[Browser]:
    """Started last: while Playwright runs, this thread can conclude no agreement (see tests/conftest.py)."""
    with chromium() as started:
        yield started


@pytest.fixture
def base(concluded: Case) -> Iterator[str]:
    """The address of the service."""
    web = make_server("127.0.0.1", 0, create_app(concluded.services.settings, concluded.services), threaded=True)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{web.port}"
    web.shutdown()
    thread.join()


def is_sound(page: Page) -> None:
    """Nothing for axe to find, nothing wider than the screen."""
    found = [(one["id"], one["nodes"][0]["target"]) for one in Axe().run(page).response["violations"]]
    assert not found, found
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def saved(page: Page, shape: str, to: Path) -> Path:
    with page.expect_download() as download:
        page.locator(f".vr-actions a[href*='report.{shape}']").click()
    download.value.save_as(to)
    return to


def test_what_is_wrong_is_read_on_a_phone_and_taken_along(
    concluded: Case, base: str, browser: Browser, tmp_path: Path
) -> None:
    signed, _name = documents.download(concluded.services, concluded.staff["auditor"], concluded.agreement_id)
    altered = tmp_path / "合作协议.pdf"
    altered.write_bytes(replace_page(signed))
    phone = context(browser, PHONE, "zh-CN")
    page = phone.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    # no sign-in: the page is there for everybody
    page.goto(f"{base}/verify")
    is_sound(page)
    page.set_input_files("#file", altered)
    page.locator("form.drop button[type=submit]").tap()

    # the plain answer first, with the page to look at; then which signatures, and that nobody is called a forger
    page.wait_for_url("**/verification/*")
    expect(page.locator("h1")).to_have_text("已签署的内容未被改动，但文件在签署后发生了认证签名所不允许的改动。")
    expect(page.locator(".vr-where")).to_have_text("请看第 1 页。")
    expect(page.locator(".vr-findings").first).to_contain_text("第 7 版对文件作了无法自动解释的改动")
    expect(page.locator(".vr-people tbody tr")).to_have_count(3)
    assert "伪造" not in page.locator(".vr-findings").first.inner_text()
    for picture in page.locator(".vr-sheet img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 600", arg=picture.element_handle())
    assert page.locator(".vr-sheet rect").count() >= 2
    is_sound(page)

    # the same change on a page of its own
    page.locator(".vr-timeline a").tap()
    page.wait_for_url("**/changes/7")
    expect(page.locator(".differences")).to_contain_text("第 1 页的显示内容被改动")
    is_sound(page)
    page.go_back()

    # taken along: the standard's XML and a sealed PDF in Chinese
    report = etree.parse(saved(page, "xml", tmp_path / "report.xml"))
    said_of = report.findall(f"{VR}SignatureValidationReport/{VR}SignatureValidationStatus/{VR}MainIndication")
    assert {one.text for one in said_of} == {"urn:etsi:019102:mainindication:indeterminate"}
    pdf = saved(page, "pdf", tmp_path / "report.pdf")
    assert "Signature is Valid." in run("pdfsig", "-nocert", pdf)
    text = run("pdftotext", pdf, "-").replace("\n", "")
    assert "请看第 1 页" in text
    assert "林知远" in text

    # as of the day before, nothing was signed
    before = concluded.services.clock() - timedelta(days=1)
    page.locator("#date").fill(before.strftime("%Y-%m-%d"))
    page.locator("#time").fill("08:30")
    page.locator(".replay button").tap()
    page.wait_for_url("**/at?**")
    expect(page.locator(".flash.standing")).to_contain_text(f"{before:%Y-%m-%d} 08:30:00 UTC")
    expect(page.locator(".vr-answer")).not_to_contain_text("TOTAL_PASSED")
    is_sound(page)

    # and gone
    page.locator("form[action$='/forget'] button").tap()
    page.wait_for_url("**/verify?forgotten=1")
    page.go_back()
    page.reload()
    expect(page.locator("main")).to_contain_text("verification.result_gone")
    assert [text for text in said if "410" not in text] == []
    phone.close()


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
