"""The pages about templates: uploading, mistakes told, reading as the second person, publishing, retiring."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from agreements.templates import library
from signing_service.operations import templates
from tests.agreements.cases import SMALL_EN
from tests.factories import packages
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor

TITLE = "Small agreement"


def upload(who: Visitor, data: bytes, name: str = "small.zip") -> Page:
    return who.press(who.open("/templates"), "Examine and upload", more={"file": (io.BytesIO(data), name)})


def added(house: House, files: packages.Files) -> str:
    """An upload of Katja's that was examined before the test began."""
    return templates.add(house.case.services, house.case.staff["legal_review"], packages.read(files), 1)


def row(page: Page, version: str) -> str:
    return next(text for text in page.all("//table//tr") if f"small {version}" in text)


def test_the_templates_that_came_with_the_service_are_listed(staffed_house: House) -> None:
    page = staffed_house.signed_in("legal").open("/templates")
    assert page.heading == "Templates"
    assert len(page.tree.xpath("//tbody/tr")) == len(library())
    assert "Came with the service" in page.text
    assert page.all("//nav[@aria-label='Main']/a[@aria-current='page']") == ["Templates"]


def test_from_an_upload_to_an_agreement(staffed_house: House) -> None:
    katja, shen = staffed_house.signed_in("legal_review"), staffed_house.signed_in("legal")
    page = upload(katja, packages.zipped(packages.small(), "small/"))
    assert page.status == 200
    assert page.heading == TITLE
    assert "Everything in this package is right." in page.text
    assert "1 sample was set as a PDF" in page.text
    assert not page.tree.xpath("//button[starts-with(., 'Publish')]"), "her own eyes are not the second pair"
    assert TITLE not in shen.open("/agreements/new").text
    address = page.address
    review = shen.open(f"{address}/changes")
    assert "no version of this template was ever published" in review.text
    assert "The fee is {{fee|full}}." in review.text
    page = shen.press(review, "Publish version 1.0.0")
    assert "Published. New agreements begin with this version" in page.text
    assert "Published by 沈月 Shen Yue" in page.text
    assert "Published" in row(shen.open("/templates"), "1.0.0")
    draft = shen.press(shen.open("/agreements/new"), f"Start: {TITLE}")
    assert draft.address.endswith("/draft")
    assert "1 agreement was begun with it." in shen.open(address).text


def test_every_mistake_is_told_with_its_place(staffed_house: House) -> None:
    katja = staffed_house.signed_in("legal_review")
    files = {
        **packages.small(en=SMALL_EN.replace("was paid", "was 😀 paid")),
        "samples/two.yaml": "fee: {amount: much, currency: CNY}\nagreement_no: X-2\nparties: []\n",
    }
    page = upload(katja, packages.zipped(files), "../../small <b>.zip")
    assert page.status == 422
    assert "“small <b>.zip” has 3 mistakes" in page.text
    told = page.all("//ul[@class='mistakes']/li")
    assert told[0].startswith("clauses/fee.en.md, line 6The type faces cannot draw the character “😀”")
    assert told[1].startswith("samples/two.yaml, line 3, partiesParty: Give at least 2 entries")
    assert told[2].startswith("samples/two.yaml, line 1, fee.amountFee · Amount: Write a number in digits")
    katja.client.set_cookie("lang", "zh-Hans")
    in_chinese = Page(_post(katja, packages.zipped(files)))
    assert any("费用 · 金额" in one for one in in_chinese.all("//ul[@class='mistakes']/li"))
    assert len(in_chinese.tree.xpath("//tbody/tr")) == len(library()), "nothing was stored"


def _post(who: Visitor, data: bytes) -> Any:
    token = who.open("/templates").tree.xpath("//meta[@name='csrf-token']/@content")[0]
    return who.client.post("/templates", data={"csrf_token": token, "file": (io.BytesIO(data), "small.zip")})


def test_a_version_that_is_not_higher_is_said_at_the_field(staffed_house: House) -> None:
    katja = staffed_house.signed_in("legal_review")
    added(staffed_house, packages.small("1.4.0"))
    page = upload(katja, packages.zipped(packages.small_reworded("1.3.9")))
    assert page.status == 409
    assert "Version 1.3.9 of “small” is not higher than 1.4.0" in page.all("//p[@id='file-error']")[0]


def test_nothing_chosen(staffed_house: House) -> None:
    page = upload(staffed_house.signed_in("legal"), b"")
    assert (page.status, "Choose a zip file first." in page.text) == (422, True)


def test_the_second_person_sees_what_changed(staffed_house: House) -> None:
    shen, services = staffed_house.signed_in("legal"), staffed_house.case.services
    first = added(staffed_house, packages.small())
    templates.publish(services, staffed_house.case.staff["legal"], first, first, "")
    second = added(staffed_house, packages.small_reworded("1.1.0"))
    page = shen.open(f"/templates/{second}")
    page = shen.open(page.tree.xpath("//a[contains(., 'See what changed and decide')]/@href")[0])
    assert "compared with version 1.0.0" in page.text
    assert page.all("//h2/following::div[@lang='en']//ins") == ["whole"]
    assert "variables[paid].required" in page.text
    assert second in page.text, "the whole hash is on the page"
    page = shen.press(page, "Reject version 1.1.0", {"reason": "“Whole” says nothing."})
    assert "Rejected by 沈月 Shen Yue" in page.text
    assert "“Whole” says nothing." in page.text
    assert "Published" in row(shen.open("/templates"), "1.0.0")


def test_a_rejection_needs_words(staffed_house: House) -> None:
    shen = staffed_house.signed_in("legal")
    address = f"/templates/{added(staffed_house, packages.small())}/changes"
    assert shen.press(shen.open(address), "Reject version 1.0.0").status == 422
    assert shen.press(shen.open(address), "Reject version 1.0.0", {"reason": "x" * 2001}).status == 422
    assert "Waits for a second person" in row(shen.open("/templates"), "1.0.0")


def test_retiring_stops_new_agreements(staffed_house: House) -> None:
    shen, services = staffed_house.signed_in("legal"), staffed_house.case.services
    first = added(staffed_house, packages.small())
    templates.publish(services, staffed_house.case.staff["legal"], first, first, "")
    draft = shen.press(shen.open("/agreements/new"), f"Start: {TITLE}").address
    page = shen.press(shen.open(f"/templates/{first}"), "Retire this version", {"reason": "Another law applies."})
    assert "Retired by 沈月 Shen Yue" in page.text
    assert TITLE not in shen.open("/agreements/new").text
    assert shen.open(draft).status == 200


def test_the_package_is_taken_home_and_uploaded_again(staffed_house: House) -> None:
    shen = staffed_house.signed_in("legal")
    sha256 = library()["mutual_nda"].sha256
    one, two = (shen.client.get(f"/templates/{sha256}/package.zip") for _ in range(2))
    assert one.headers["Content-Disposition"] == "attachment; filename=mutual_nda-1.0.0.zip"
    assert one.data == two.data
    with zipfile.ZipFile(io.BytesIO(one.data)) as archive:
        assert "mutual_nda/template.yaml" in archive.namelist()


@pytest.mark.parametrize("template_id", sorted(library()))
def test_every_template_can_be_read_in_every_language(staffed_house: House, template_id: str) -> None:
    auditor, template = staffed_house.signed_in("auditor"), library()[template_id]
    for lang in ("en", "zh-Hans", "de", "fi"):
        auditor.client.set_cookie("lang", lang)
        page = auditor.open(f"/templates/{template.sha256}")
        assert page.status == 200
        assert len(page.tree.xpath("//section[@class='clause']")) == len(template.clauses)
    assert page.tree.xpath("//*[@class='clause']//div[@lang='en']")
    assert not page.tree.xpath("//form[contains(@action, 'retire') or contains(@action, 'publish')]")


def test_a_sample_is_read_and_taken_home(staffed_house: House) -> None:
    shen, template = staffed_house.signed_in("legal"), library()["mutual_nda"]
    name = next(iter(template.samples))
    page = shen.open(f"/templates/{template.sha256}/samples/{name}")
    assert "invented values" in page.text
    pdf = shen.client.get(f"/templates/{template.sha256}/samples/{name}/agreement.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert shen.client.get(f"/templates/{template.sha256}/samples/none/agreement.pdf").status_code == 404
    assert shen.open(f"/templates/{template.sha256}/samples/none").status == 404
