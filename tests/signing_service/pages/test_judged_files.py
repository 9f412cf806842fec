"""The report at its own address: what it shows, what can be taken along, another time, and how it ends."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from signing_service.operations import judged_files
from signing_service.worker import run_once
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.test_verification import our_pdf
from tests.signing_service.pages.visitor import Page, Visitor
from tests.signing_service.verification.mutations import replace_page
from tests.signing_service.verification.worlds import agreement


def checked(stranger: Visitor, data: bytes, name: str = "agreement.pdf") -> Page:
    return stranger.press(stranger.open("/verify"), "Check this file", more={"file": (io.BytesIO(data), name)})


def fetched(stranger: Visitor, address: str) -> Any:
    return stranger.client.get(address)


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_was_changed_is_named_with_its_page_and_shown(frozen_house: House) -> None:
    stranger = frozen_house.stranger()
    page = checked(stranger, replace_page(our_pdf(frozen_house)))
    assert page.address.startswith("/verification/")
    assert "Look at page 1." in page.text
    assert "Revision 2 compared with revision 3" in page.text
    assert "could not be explained automatically" in page.text
    assert "forged" not in page.text
    pictures = page.tree.xpath("//figure//img")
    assert [image.get("alt") for image in pictures] == ["Page 1, before (revision 2)", "Page 1, after (revision 3)"]
    assert page.tree.xpath("//figure//*[name()='rect']"), "the difference is marked"
    before, after = (fetched(stranger, image.get("src")) for image in pictures)
    assert before.mimetype == after.mimetype == "image/png"
    assert before.data.startswith(b"\x89PNG")
    assert before.data != after.data


def test_each_revision_can_be_looked_at(frozen_house: House) -> None:
    stranger = frozen_house.stranger()
    page = checked(stranger, replace_page(our_pdf(frozen_house)))
    link = page.tree.xpath("//a[starts-with(normalize-space(), 'See before and after')]/@href")[0]
    assert stranger.open(link).heading == "What revision 3 changed"
    quiet = stranger.open(link.replace("/changes/3", "/changes/2"))
    assert "No page looks different" in quiet.text
    assert stranger.open(link.replace("/changes/3", "/changes/1")).status == 404
    assert stranger.open(link.replace("/changes/3", "/changes/99")).status == 404


def test_everything_the_file_carries_can_be_taken_along(frozen_house: House, tmp_path: Path) -> None:
    """And programs that are not ours read each."""
    stranger = frozen_house.stranger()
    page = checked(stranger, agreement())
    asks = {
        "certificate": ("openssl", "x509", "-noout", "-subject", "-inform", "DER", "-in"),
        "crl": ("openssl", "crl", "-noout", "-inform", "DER", "-in"),
        "timestamp": ("openssl", "ts", "-reply", "-token_in", "-token_out", "-text", "-in"),
        "cms": ("openssl", "pkcs7", "-print_certs", "-inform", "DER", "-in"),
    }
    seen: dict[str, int] = {}
    for address in page.tree.xpath("//a[contains(@href, '/materials/')]/@href"):
        answer = fetched(stranger, address)
        kind = answer.headers["Content-Disposition"].split("''")[1].split("-")[0]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        if kind not in seen:
            (tmp_path / kind).write_bytes(answer.data)
            run(*asks[kind], str(tmp_path / kind))
        seen[kind] = seen.get(kind, 0) + 1
    assert seen == {"certificate": 7, "crl": 2, "timestamp": 5, "cms": 4}


@pytest.mark.parametrize("language", ["zh-Hans", "fi"])
def test_the_pdf_of_the_report_is_sealed_and_carries_the_json(
    frozen_house: House, tmp_path: Path, language: str
) -> None:
    stranger = frozen_house.stranger()
    page = checked(stranger, replace_page(our_pdf(frozen_house)), "合作协议 \U0001f600\u202e.pdf")
    answer = fetched(stranger, f"{page.address}/report.pdf?lang={language}")
    assert answer.mimetype == "application/pdf"
    (tmp_path / "report.pdf").write_bytes(answer.data)
    name = str(tmp_path / "report.pdf")
    assert "Signature is Valid." in run("pdfsig", "-nocert", name)
    attached = json.loads(run("qpdf", "--show-attachment=report.json", name))
    assert attached["document"]["indication"] == "INDETERMINATE"
    text = run("pdftotext", "-layout", name, "-")
    assert {"zh-Hans": "无法自动解释", "fi": "automaattisesti"}[language] in text
    assert "[U+1F600]" in text
    assert "[U+202E]" in text, "what turns the direction of writing is shown, not obeyed"
    fonts = run("pdffonts", name).splitlines()[2:]
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in fonts)
    seal = checked(stranger, answer.data, "report.pdf")
    assert "TOTAL_PASSED" in seal.text, "the service recognises its own seal"


def test_the_other_shapes(frozen_house: House) -> None:
    stranger = frozen_house.stranger()
    page = checked(stranger, our_pdf(frozen_house))
    assert fetched(stranger, f"{page.address}/report.json").get_json()["document"]["indication"] == "TOTAL_PASSED"
    xml = fetched(stranger, f"{page.address}/report.xml")
    assert xml.mimetype == "application/xml"
    assert etree.fromstring(xml.data).tag.endswith("ValidationReport")
    assert b"<script" not in fetched(stranger, f"{page.address}/report.html").data
    assert fetched(stranger, f"{page.address}/report.exe").status_code == 404


def test_judged_at_another_time(frozen_house: House) -> None:
    """The same file before its certificates existed: nothing passes then, and the downloads say the same."""
    stranger = frozen_house.stranger()
    page = checked(stranger, our_pdf(frozen_house))
    assert "TOTAL_PASSED" in page.text
    then = stranger.press(page, "Judge again", {"date": "2019-01-02", "time": "03:04"})
    assert "Judged as of 2019-01-02 03:04:00 UTC, not as of today." in then.text
    assert "TOTAL_PASSED" not in then.text
    link = next(a for a in then.tree.xpath("//nav//a/@href") if "report.json" in a)
    assert fetched(stranger, link).get_json()["document"]["judged_at"] == "2019-01-02T03:04:00Z"
    assert "TOTAL_PASSED" in stranger.open(page.address).text, "the report as it was made stays"
    assert stranger.open(f"{page.address}/at?date=yesterday").status == 422


def test_judged_under_other_rules(frozen_house: House) -> None:
    """The strict policy asks for a proved time; the evidence is that of the first report."""
    stranger = frozen_house.stranger()
    page = checked(stranger, our_pdf(frozen_house))
    assert "under the policy “default”" in page.text
    strict = stranger.press(page, "Judge again", {"policy": "strict"})
    assert "Judged under other rules: Strict" in strict.text
    assert "under the policy “strict”" in strict.text
    link = next(a for a in strict.tree.xpath("//nav//a/@href") if "report.json" in a)
    again, first = (fetched(stranger, a).get_json() for a in (link, f"{page.address}/report.json"))
    assert (first["policy"]["name"], again["policy"]["name"]) == ("default", "strict")
    assert again["evidence"] == first["evidence"]
    usual = stranger.press(page, "Judge again", {"policy": "default"})
    assert "other rules:" not in usual.text
    assert stranger.open(f"{page.address}/at?policy=mine").status == 422


def test_deleted_at_once_or_after_an_hour(frozen_house: House) -> None:
    stranger, services = frozen_house.stranger(), frozen_house.case.services
    first, second = (checked(stranger, our_pdf(frozen_house)) for _ in range(2))
    assert first.address != second.address
    assert "The file and its report are deleted." in stranger.press(first, "Delete it now").text
    assert stranger.open(first.address).status == 410
    assert stranger.open(second.address).status == 200
    services.clock.forward(minutes=61)  # type: ignore[attr-defined]  # the tests' clock
    gone = stranger.open(second.address)
    assert gone.status == 410
    assert "files are deleted after an hour" in gone.text
    run_once(services)
    assert judged_files.forget_due(services) == 0
    with services.db.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM judged_file").scalar() == 0


def test_our_own_number_has_the_same_files_to_keep(frozen_house: House) -> None:
    client = frozen_house.stranger().client
    pdf = client.get("/verify/SCA-2020-017?format=pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert client.get("/verify/SCA-2020-017?format=xml").mimetype == "application/xml"
