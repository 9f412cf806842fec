"""From a version to an approval: bound to its hash, voided by a changed word, and both visible."""

from __future__ import annotations

import pytest

from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor


@pytest.fixture
def submitted(staffed_house: House) -> tuple[House, Visitor, str]:
    """A version under review; its drafter and the address of the agreement."""
    legal = staffed_house.signed_in("legal")
    page = drafting.version(legal, drafting.started(legal).address)
    page = legal.press(page, "Send version 1 for approval")
    assert "In review · version 1" in page.text
    return staffed_house, legal, page.address


def decided(house: House, who: str, address: str, words: str = "") -> Page:
    person = house.signed_in(who)
    return person.press(person.open(address), "Approve version", {"text": words})


def test_the_reviewer_approves_from_the_text_and_the_next_stage_is_asked(submitted: tuple[House, Visitor, str]) -> None:
    house, _legal, address = submitted
    page = decided(house, "legal_review", f"{address}/versions/1", "Both languages agree.")
    steps = page.all("//ol[@class='timeline']/li")
    assert "Katja Brandt approved version 1" in steps[0]
    assert "Both languages agree." in steps[0]
    assert "asked: " in steps[1]
    assert "何清 He Qing" in steps[1]


def test_the_author_is_not_offered_a_decision(submitted: tuple[House, Visitor, str]) -> None:
    _house, legal, address = submitted
    page = legal.open(f"{address}/versions/1")
    assert not [words for words in page.all("//button") if words.startswith("Approve")]


def test_sending_back_needs_words(submitted: tuple[House, Visitor, str]) -> None:
    house, legal, address = submitted
    katja = house.signed_in("legal_review")
    page = katja.press(katja.open(f"{address}/versions/1"), "Request changes")
    assert page.status == 422
    assert "say what should change" in page.text
    page = katja.press(katja.open(f"{address}/versions/1"), "Request changes", {"text": "Article 5: twice a year."})
    assert "Changes requested" in page.text
    assert "Article 5: twice a year." in legal.open(address).text


def test_a_changed_word_voids_the_approval_and_says_why(submitted: tuple[House, Visitor, str]) -> None:
    house, legal, address = submitted
    decided(house, "legal_review", f"{address}/versions/1")
    page = legal.open(f"{address}/draft")
    assert "voids the approvals given so far" in page.text
    page = legal.press(page, "Save version 2", {"term.count": "48"})
    page = legal.press(page, "Send version 2 for approval")
    first = page.all("//ol[@class='timeline']/li")[0]
    assert first.startswith("Voided by version 2")
    assert "The content changed after this decision." in first
    assert "Katja Brandt approved version 1" in first


def test_a_decision_over_an_older_text_is_refused(submitted: tuple[House, Visitor, str]) -> None:
    house, legal, address = submitted
    katja = house.signed_in("legal_review")
    stale = katja.open(f"{address}/versions/1")
    page = legal.press(legal.open(f"{address}/draft"), "Save version 2", {"term.count": "48"})
    legal.press(page, "Send version 2 for approval")
    page = katja.press(stale, "Approve version 1")
    assert page.status in (409, 422)
    assert "In review · version 2" in katja.open(address).text


def test_the_comparison_shows_values_first_and_marks_the_words(submitted: tuple[House, Visitor, str]) -> None:
    house, legal, address = submitted
    legal.press(legal.open(f"{address}/draft"), "Save version 2", {"term.count": "48"})
    page = house.signed_in("legal_review").open(f"{address}/redline?from=1&to=2")
    assert page.all("//table//tbody/tr/*") == ["Term", "36 months", "48 months"]
    assert "put in: forty-eight" in page.all("//ins")
    assert "taken out: thirty-six" in page.all("//del")
    assert "taken out: 三十六" in page.all("//*[@lang='zh-Hans']//del")
    changed = page.all("//nav//a[@class='changed']")
    assert changed, "the list of articles names the changed ones"
    assert all(words.endswith("changes") for words in changed)
    assert page.all("//details[@class='unchanged']/summary")[0] == "Articles 1 to 12 are unchanged"


def test_the_comparison_shows_what_changed_in_a_translation_only(staffed_house: House) -> None:
    house, legal = staffed_house, staffed_house.signed_in("legal")
    address = drafting.version(legal, drafting.started(legal, "de").address).address.removesuffix("/versions/1")
    words = "kurze Besuche von Fachleuten"
    legal.press(legal.open(f"{address}/draft"), "Save version 2", {"areas.2.description.de": words})
    page = house.signed_in("legal_review").open(f"{address}/redline?from=1&to=2")
    assert page.all("//table//tbody//ins") == [words]
    assert "put in: kurze" in page.all("//div[@lang='de']//ins")
    assert page.all("//div[@lang='zh-Hans']//ins") == page.all("//div[@lang='en']//ins") == []
