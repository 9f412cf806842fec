"""The directory without script: found, entered, mended, taken into a draft and out of one; nothing typed is lost."""

from __future__ import annotations

import io

from tests.agreements.entries import fields
from tests.agreements.test_party_evidence import A_PDF
from tests.factories import directory
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor


def entered(legal: Visitor, **changes: str) -> Page:
    return legal.press(legal.open("/organisations/new"), "Save the entry", more=fields(**changes))


def problems(page: Page) -> list[str]:
    """Where the summary of problems leads."""
    found = page.tree.xpath("//div[contains(@class, 'error-summary')]//li/a/@href")
    for address in found:
        assert page.tree.get_element_by_id(address[1:]) is not None, f"{address} leads nowhere"
    return list(found)


def test_an_organisation_is_entered_found_and_shown(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    empty = legal.open("/organisations")
    assert "The directory is empty" in empty.text
    page = entered(legal)
    assert page.heading == "Esimerkki Logistics"
    assert "样例物流 中文" in page.text
    assert "unverified in a register" in page.text
    assert page.text.count("authority not evidenced") == 2
    assert "Signs only together with Eero Salo" in page.text
    assert "Organisation added to the directory" in page.text
    for words in ("样例", "logistiikka", "99901748"):
        found = legal.press(legal.open("/organisations"), "Search", {"q": words})
        assert found.all("//table//th[@scope='row']") == ["Esimerkki Logistics样例物流"], words
    assert "Nothing found" in legal.press(legal.open("/organisations"), "Search", {"q": "nobody"}).text


def test_a_refused_entry_shows_every_problem_at_its_field_and_keeps_what_was_typed(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = entered(legal, identifiers__0__value="9990174-7", address__country="Finland", legal_name__de="Beispiel")
    assert page.status == 422
    assert problems(page) == ["#identifiers.0.value", "#address.country"]
    assert "with the others it would be 8" in page.text
    assert page.field("legal_name.de").get("value") == "Beispiel"
    assert page.field("address.country").get("value") == "Finland"
    assert "not saved yet" in page.text
    page = legal.press(page, "Save the entry", {"identifiers.0.value": "9990174-8", "address.country": "fi"})
    assert page.heading == "Esimerkki Logistics"


def test_rows_come_and_go(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = legal.press(legal.open("/organisations/new"), "＋ Registration number", {"legal_name.en": "Kept"})
    page = legal.press(page, "＋ Registration number", {"identifiers.0.value": "first"})
    page = legal.press(page, "Remove Registration number 1", {"identifiers.1.value": "second"})
    assert page.field("identifiers.0.value").get("value") == "second"
    assert page.field("legal_name.en").get("value") == "Kept"


def test_a_number_that_is_there_already_is_pointed_out_with_a_link(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    first = entered(legal).address
    page = entered(legal, legal_name__en="Another")
    assert page.status == 409
    assert problems(page) == ["#identifiers.0.value"]
    assert "9990174-8 is the number of “样例物流”" in page.text
    assert first in page.tree.xpath("//div[contains(@class, 'error-summary')]//p/a/@href")
    assert page.field("legal_name.en").get("value") == "Another"


def test_two_people_edit_and_the_second_keeps_their_words(staffed_house: House) -> None:
    first, second = staffed_house.signed_in("legal"), staffed_house.signed_in("legal_review")
    address = f"{entered(first).address}/edit"
    of_first, of_second = first.open(address), second.open(address)
    first.press(of_first, "Save the entry", {"legal_name.en": "First"})
    page = second.press(of_second, "Save the entry", {"legal_name.en": "Second"})
    assert page.status == 409
    assert "Nothing of yours is lost" in page.text
    assert page.field("legal_name.en").get("value") == "Second"
    assert second.press(page, "Save the entry").heading == "Second"


def test_archived_and_back(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = legal.press(entered(legal), "Archive")
    assert "Archived" in page.text
    assert "The directory is empty" in legal.open("/organisations").text
    assert "Esimerkki" in legal.open("/organisations?archived=1").text
    assert "back in the directory" in legal.press(page, "Take back into the directory").text


def test_others_read_and_have_no_buttons(staffed_house: House) -> None:
    organisation_id = directory.entered(staffed_house.case)
    for who in ("management", "host", "auditor"):
        person = staffed_house.signed_in(who)
        for address in ("/organisations", f"/organisations/{organisation_id}"):
            page = person.open(address)
            assert page.status == 200
            assert not page.tree.xpath("//main//form[@method='post']"), address
        assert person.open(f"/organisations/{organisation_id}/edit").status == 403
    assert staffed_house.stranger().open("/organisations").status == 401


def test_a_document_is_handed_in_and_out(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = entered(legal)
    button = page.tree.xpath("//h2[@id='people']/../..//button[contains(., 'Keep this document')]")[0]
    page = legal.press(page, button, {"dated": "2020-12-01"}, {"file": (io.BytesIO(A_PDF), "../Vollmacht.html")})
    assert "authority evidenced" in page.text
    assert page.text.count("authority not evidenced") == 1
    (link,) = page.tree.xpath("//ul[contains(@class, 'documents')]//a/@href")
    answer = legal.client.get(link)
    assert answer.data == A_PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=Vollmacht.html.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    page = legal.press(page, "Withdraw")
    assert page.text.count("authority not evidenced") == 2


def test_a_party_is_taken_from_the_directory_and_everything_else_stays(staffed_house: House) -> None:
    organisation_id = directory.entered(staffed_house.case)
    legal = staffed_house.signed_in("legal")
    page = drafting.started(legal)
    button = page.tree.xpath("//button[@value='party:parties.1']")[0]
    typed = {"place.en": "Chengdu", "parties.0.legal_name.en": "Kept", "parties.1.legal_name.en": "Replaced"}
    page = legal.press(page, button, typed | {"pick:parties.1": organisation_id})
    assert page.status == 200
    shown = {name: page.field(name).get("value") for name in (*typed, "parties.1.identifiers.0.value")}
    assert shown == typed | {
        "parties.1.legal_name.en": "Esimerkki Logistics",
        "parties.1.identifiers.0.value": "9990174-8",
    }
    assert page.field("parties.1.representatives.1.email").get("value") == "eero.salo@esimerkki.example"
    assert "not saved yet" in page.text
    page = legal.press(page, "Save draft")
    assert page.field("parties.1.legal_name.zh-Hans").get("value") == "样例物流"


def test_taking_nothing_changes_nothing(staffed_house: House) -> None:
    organisation_id = directory.entered(staffed_house.case)
    legal = staffed_house.signed_in("legal")
    page = drafting.started(legal)
    button = page.tree.xpath("//button[@value='party:parties.0']")[0]
    page = legal.press(page, button, {"parties.0.legal_name.en": "Kept"})
    assert "Choose an organisation first" in page.text
    assert page.field("parties.0.legal_name.en").get("value") == "Kept"
    legal.press(legal.open(f"/organisations/{organisation_id}"), "Archive")
    button = page.tree.xpath("//button[@value='party:parties.0']")[0]
    page = legal.press(page, button, {"pick:parties.0": organisation_id})
    assert "no longer in the directory" in page.text
    assert page.field("parties.0.legal_name.en").get("value") == "Kept"


def test_a_party_of_a_draft_is_kept_in_the_directory(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.started(legal)
    button = page.tree.xpath("//button[@value='keep:parties.1']")[0]
    refused = legal.press(page, button, {"parties.1.legal_name.en": "Half an entry", "place.en": "Chengdu"})
    assert refused.status == 422
    assert "nothing of the draft is lost" in refused.text
    assert "#parties.1.address.country" in problems(refused)
    assert refused.field("place.en").get("value") == "Chengdu"
    row = {f"parties.1.{name}": value for name, value in fields(identifiers__1__value="").items() if value}
    row.pop("parties.1.identifiers.1.scheme")
    kept = legal.press(refused, refused.tree.xpath("//button[@value='keep:parties.1']")[0], more=row)
    assert kept.status == 200
    assert "“Esimerkki Logistics” is in the directory now" in kept.text
    assert "not saved yet" in kept.text
    again = legal.press(kept, kept.tree.xpath("//button[@value='keep:parties.1']")[0], more=row)
    assert "#parties.1.identifiers.0.value" in problems(again)
    assert "is in the directory already" in again.text
    assert len(legal.open("/organisations").all("//table//tbody/tr")) == 1


def test_the_overview_names_whose_authority_is_not_evidenced(frozen_house: House) -> None:
    legal, host = frozen_house.signed_in("legal"), frozen_house.signed_in("host")
    agreement = f"/agreements/{frozen_house.case.agreement_id}"
    for person, address in ((legal, agreement), (host, agreement), (host, f"{agreement}/ceremony")):
        page = person.open(address)
        assert (
            "The authority of 周慧 to sign for Sichuan Association of Circular Economy is not evidenced." in page.text
        )
        assert "This stops nothing." in page.text
    assert host.open(f"{agreement}/ceremony").button("Plan and invite").get("disabled") is None


def test_a_table_is_shown_before_it_is_stored(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    header = "legal_name.zh-Hans,address.street.en,address.city.en,address.country,uscc\n"
    good = f"{header}样例公司,1 Road,Chengdu,CN,91510000MA6X03006L\n"

    def looked_at(text: str) -> Page:
        file = {"file": (io.BytesIO(text.encode("gb18030")), "table.csv")}
        return legal.press(legal.open("/organisations/import"), "Look at it", more=file)

    wrong = looked_at(f"{good},1 Road,Chengdu,CN,91510000MA6X03006X\n")
    assert wrong.status == 422
    assert wrong.all("//tbody/tr")[1].startswith("3uscc")
    assert "Nothing was stored" in wrong.text
    right = looked_at(good)
    assert "read as GB18030" in right.text
    assert "样例公司" in right.text
    assert "The directory is empty" in legal.open("/organisations").text
    page = legal.press(right, "Enter 1 organisation")
    assert "One organisation is in the directory now." in page.text
    late = legal.press(right, "Enter 1 organisation")
    assert late.status == 422
    assert "is in the directory already" in late.text
    export = legal.press(page, "Export as a table")
    assert export.status == 200


def test_a_file_that_is_no_table_is_named(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    ask = legal.open("/organisations/import")
    assert "Choose a table first" in legal.press(ask, "Look at it", more={"file": (io.BytesIO(b""), "x.csv")}).text
    page = legal.press(ask, "Look at it", more={"file": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")})
    assert page.status == 422
    assert "its first row does not name the columns" in page.text
    empty = legal.client.get("/organisations/empty.csv")
    assert empty.data.startswith(b"\xef\xbb\xbflegal_name.zh-Hans,")
