"""Checking a PDF without signing in: any file gets an answer, and ours gets the right one."""

from __future__ import annotations

import io
import json

from signing_service.verification.report_html import STYLES
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page


def checked(house: House, data: bytes, name: str) -> Page:
    stranger = house.stranger()
    return stranger.press(stranger.open("/verify"), "Check this file", more={"file": (io.BytesIO(data), name)})


def our_pdf(house: House) -> bytes:
    auditor = house.signed_in("auditor")
    return auditor.client.get(f"/agreements/{house.case.agreement_id}/document.pdf").data


def test_no_file_is_said_at_the_field(staffed_house: House) -> None:
    stranger = staffed_house.stranger()
    page = stranger.press(stranger.open("/verify"), "Check this file")
    assert page.status == 422
    assert page.field("file").get("aria-describedby") == "file-error"


def test_something_else_is_not_a_pdf(staffed_house: House) -> None:
    page = checked(staffed_house, b"just words", "letter.txt")
    assert page.status == 422
    assert "“letter.txt” is not a PDF" in page.text


def test_our_document_passes_and_is_known_to_the_log(frozen_house: House) -> None:
    page = checked(frozen_house, our_pdf(frozen_house), "agreement.pdf")
    assert page.status == 200
    assert "TOTAL_PASSED" in page.text
    assert "agreement SCA-2020-017" in page.text


def test_a_changed_byte_is_a_report_not_an_error(frozen_house: House) -> None:
    data = bytearray(our_pdf(frozen_house))
    data[len(data) // 3] ^= 1
    page = checked(frozen_house, bytes(data), "changed.pdf")
    assert page.status == 200
    assert "TOTAL_FAILED" in page.text


def test_the_name_of_a_file_is_only_words(frozen_house: House) -> None:
    page = checked(frozen_house, our_pdf(frozen_house), "../../<b>x</b>.pdf")
    assert page.status == 200
    assert "b>.pdf" in page.text
    assert not page.tree.xpath("//main//b")


def test_by_number_and_files_to_keep(frozen_house: House) -> None:
    stranger = frozen_house.stranger()
    page = stranger.press(stranger.open("/verify"), "Look it up", {"number": " SCA-2020-017 "})
    assert page.address == "/verify/SCA-2020-017"
    assert "TOTAL_PASSED" in page.text
    other = stranger.press(page, "Judge again", {"date": "2035-01-01", "time": "12:00", "policy": "strict"})
    assert "Judged as of 2035-01-01 12:00" in other.text
    assert "Judged under other rules: Strict" in other.text
    link = next(a for a in other.tree.xpath("//nav//a/@href") if "format=json" in a)
    told = stranger.client.get(link).get_json()
    assert (told["policy"]["name"], told["document"]["judged_at"]) == ("strict", "2035-01-01T12:00:00Z")
    kept = stranger.client.get("/verify/SCA-2020-017?format=json")
    assert json.loads(kept.data)["document"]["indication"] == "TOTAL_PASSED"
    kept = stranger.client.get("/verify/SCA-2020-017?format=html")
    assert b"<script" not in kept.data
    assert "SCA-2020-017.report.html" in kept.headers["Content-Disposition"]


def test_an_unknown_number_says_so(staffed_house: House) -> None:
    page = staffed_house.stranger().open("/verify/SCA-1999-001")
    assert page.status == 404
    assert "number" in page.text


def test_the_report_looks_the_same_in_a_page_and_as_a_file(frozen_house: House) -> None:
    stranger = frozen_house.stranger()
    page = stranger.open("/verify/SCA-2020-017")
    sheet = next(address for address in page.tree.xpath("//link/@href") if "/report.css?" in address)
    styles = stranger.client.get(sheet).get_data(as_text=True)
    assert styles == STYLES
