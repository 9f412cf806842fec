"""Any two versions compared, or a version with its template, on the page and as a PDF; how changes are counted."""

from __future__ import annotations

import pytest

from agreements.redlines import ClauseChange, Run, ValueChange
from signing_service.pages.redlines import beside, count_changes, stretches, value_words
from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Visitor


def clause(number: int, kind: str = "unchanged", *paragraphs: dict[str, tuple[Run, ...]]) -> ClauseChange:
    title = {"zh-Hans": "期限", "en": "Term"}
    runs = {lang: (Run("same", text),) for lang, text in title.items()}
    return ClauseChange(f"c{number}", kind, number, number, title, runs, paragraphs)


def test_one_edit_in_two_languages_counts_once() -> None:
    paragraph = {
        "zh-Hans": (Run("same", "有效期"), Run("deleted", "二十四"), Run("inserted", "三十六"), Run("same", "个月")),
        "en": (Run("deleted", "twenty-four"), Run("inserted", "thirty-six"), Run("same", " months")),
    }
    assert count_changes(clause(1, "changed", paragraph)) == 1


def test_the_language_with_more_places_counts() -> None:
    paragraph = {
        "zh-Hans": (Run("inserted", "甲"), Run("same", "乙")),
        "en": (Run("inserted", "A"), Run("same", " and "), Run("deleted", "B")),
    }
    assert count_changes(clause(1, "changed", paragraph)) == 2


def test_an_unchanged_clause_has_none() -> None:
    assert count_changes(clause(1)) == 0


def test_neighbours_of_one_sort_stand_together() -> None:
    found = list(stretches((clause(1), clause(2), clause(3, "changed"), clause(4, "added"), clause(5))))
    assert [(one.changed, len(one.clauses)) for one in found] == [(False, 2), (True, 2), (False, 1)]


def test_a_paragraph_that_changed_only_in_a_translation_is_drawn_in_it() -> None:
    same, changed = (Run("same", "x"),), (Run("deleted", "x"), Run("inserted", "y"))
    shown = ("zh-Hans", "en")
    assert beside({"zh-Hans": same, "en": same, "de": changed, "fi": same}, shown) == ("de",)
    assert beside({"zh-Hans": same, "en": changed, "de": changed, "fi": changed}, shown) == ()
    assert beside({"zh-Hans": same, "en": same}, shown) == ()


def test_a_value_is_said_in_the_readers_language_or_where_it_changed() -> None:
    both = ValueChange("term", {}, {"zh-Hans": "36个月", "en": "36 months"}, {"zh-Hans": "48个月", "en": "48 months"})
    assert value_words(both, "zh-Hans") == ("36个月", "48个月")
    assert value_words(both, "fi") == ("36 months", "48 months")
    translated = ValueChange("place", {}, {"en": "Chengdu", "de": "Tschengdu"}, {"en": "Chengdu", "de": "Chengdu"})
    assert value_words(translated, "en") == ("Tschengdu", "Chengdu")
    assert value_words(ValueChange("place", {}, None, {"en": "Chengdu"}), "en") == (None, "Chengdu")


@pytest.fixture
def saved(staffed_house: House) -> tuple[Visitor, str]:
    """Three versions of a draft; their drafter and the address of the agreement."""
    legal = staffed_house.signed_in("legal")
    draft = drafting.started(legal).address
    address = draft.removesuffix("/draft")
    for months in ("36", "48", "24"):
        drafting.version(legal, draft, term__count=months)
    return legal, address


def test_any_two_versions_are_chosen_and_compared(saved: tuple[Visitor, str]) -> None:
    legal, address = saved
    page = legal.open(address)
    assert [words.split(" · ")[0] for words in page.all("//select[@name='from']/option")] == [
        "Standard wording of the template",
        "version 3",
        "version 2",
        "version 1",
    ]
    button = page.tree.xpath("//form[contains(@action, '/redline')]//button")[0]
    page = legal.press(page, button, {"from": "1", "to": "3"})
    assert page.all("//table//tbody/tr/*") == ["Term", "36 months", "24 months"]
    assert page.field("from").value == "1"
    assert page.field("to").value == "3"
    button = page.tree.xpath("//form[contains(@action, '/redline')]//button")[0]
    page = legal.press(page, button, {"from": "2", "to": "3"})
    assert page.all("//table//tbody/tr/*") == ["Term", "48 months", "24 months"]


def test_reading_backwards_is_allowed_and_said(saved: tuple[Visitor, str]) -> None:
    legal, address = saved
    page = legal.open(f"{address}/redline?from=3&to=1")
    assert "In reverse: version 1 is older than version 3." in page.text
    assert page.all("//table//tbody/tr/*") == ["Term", "24 months", "36 months"]
    turned = page.tree.xpath("//a[text()='Turn round']/@href")[0]
    assert "In reverse" not in legal.open(turned).text


def test_a_version_of_standard_wording_is_said_to_be_that(saved: tuple[Visitor, str]) -> None:
    legal, address = saved
    page = legal.open(f"{address}/redline?from=template&to=2")
    assert "Every clause is the template’s standard wording." in page.text
    assert "strategic_cooperation 1.1.0" in page.text
    assert not page.all("//main//ins[not(ancestor::*[@class='legend'])]")
    assert page.field("from").value == "template"


def test_nothing_differs_between_a_version_and_itself(saved: tuple[Visitor, str]) -> None:
    legal, address = saved
    assert "Nothing differs between these two versions." in legal.open(f"{address}/redline?from=2&to=2").text


def test_the_comparison_goes_home_as_a_pdf(saved: tuple[Visitor, str]) -> None:
    legal, address = saved
    page = legal.open(f"{address}/redline?from=1&to=3")
    where = page.tree.xpath("//a[normalize-space()='PDF']/@href")[0]
    answer = legal.client.get(where)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=SCA-2020-017-redline-1-3.pdf"
    assert answer.data.startswith(b"%PDF-1.7")
    assert legal.client.get(where).data == answer.data
    shown = legal.client.get(f"{address}/redline.pdf?from=template&to=3&show=1")
    assert shown.headers["Content-Disposition"] == "inline; filename=SCA-2020-017-redline-template-3.pdf"


def test_a_comparison_needs_two_sides(saved: tuple[Visitor, str]) -> None:
    legal, address = saved
    for asked in ("", "from=1", "to=1", "from=1&to=9", "from=x&to=1", "from=template", "from=1&to=template"):
        for door in ("redline", "redline.pdf"):
            assert legal.client.get(f"{address}/{door}?{asked}").status_code == 404


def test_versions_of_another_agreement_cannot_be_reached(saved: tuple[Visitor, str]) -> None:
    legal, _own = saved
    other = drafting.started(legal).address.removesuffix("/draft")
    for door in ("redline", "redline.pdf"):
        assert legal.client.get(f"{other}/{door}?from=1&to=2").status_code == 404
        assert legal.client.get(f"{other}/{door}?from=template&to=1").status_code == 404
