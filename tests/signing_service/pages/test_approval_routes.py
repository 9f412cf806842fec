"""The editor of a route as a form: rows come, go and move without script, and every problem stands at its field."""

from __future__ import annotations

import pytest

from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor


@pytest.fixture
def editor(staffed_house: House) -> tuple[House, Visitor, Page]:
    """A fresh draft's route on the screen of its drafter."""
    legal = staffed_house.signed_in("legal")
    agreement = drafting.started(legal).address.removesuffix("/draft")
    overview = legal.open(agreement)
    assert "Adapt the approval route" in overview.text
    return staffed_house, legal, legal.open(f"{agreement}/route")


def titles(page: Page) -> list[str]:
    return page.all("//h2[contains(@class, 'row-title')]")


def named(house: House, key: str, place: int = 2) -> str:
    return f"stages.{place}.person.{house.case.staff[key].id}"


def press(legal: Visitor, page: Page, value: str, **fill: str) -> Page:
    """The button with this value, after filling in fields; `__` in a name stands for `.`."""
    button = page.tree.xpath(f"//button[@value='{value}']")[0]
    return legal.press(page, button, {name.replace("__", "."): text for name, text in fill.items()})


def test_the_route_of_the_template_is_shown_with_its_floor(editor: tuple[House, Visitor, Page]) -> None:
    _house, _legal, page = editor
    assert titles(page) == ["1 Legal review", "2 Management"]
    assert "as the template has it" in page.text
    assert "It cannot be removed" in page.text
    assert not page.tree.xpath("//button[starts-with(@value, 'remove:') or starts-with(@value, 'up:')]")
    fixed = page.tree.xpath("//input[contains(@name, 'stages.1.forbid')]")
    assert [box.get("disabled") is not None and box.get("checked") is not None for box in fixed] == [True] * 3


def test_a_stage_is_added_moved_and_saved(editor: tuple[House, Visitor, Page]) -> None:
    house, legal, page = editor
    page = press(legal, page, "add")
    assert titles(page) == ["1 Legal review", "2 Management", "3 New stage"]
    assert "not saved yet" in page.text
    page = press(legal, page, "up:2", **{"stages.2.name.en": "Export control", "stages.2.name.zh-Hans": "出口管制"})
    assert titles(page) == ["1 Legal review", "2 Export control", "3 Management"]
    choice = {"stages.1.by": "people", "stages.1.mode": "any", "stages.1.due_after_hours": "24"}
    page = legal.press(page, "Save the route", choice, more={named(house, "management_2", 1): "on"})
    assert page.status == 200
    assert "The route is saved." in page.text
    assert "adapted for this agreement" in page.text
    assert titles(page) == ["1 Legal review", "2 Export control", "3 Management"]
    assert page.field(named(house, "management_2", 1)).get("checked") is not None
    page = press(legal, page, "remove:1")
    assert titles(page) == ["1 Legal review", "2 Management"]
    page = legal.press(page, "Back to the template")
    assert "as the template has it" in page.text


def test_problems_stand_at_their_fields_and_nothing_is_lost(editor: tuple[House, Visitor, Page]) -> None:
    _house, legal, page = editor
    page = press(legal, page, "add")
    typed = {"stages.2.name.en": "Tax", "stages.2.by": "people", "stages.2.due_after_hours": "soon"}
    page = legal.press(page, "Save the route", typed)
    assert page.status == 422
    assert "3 places need you. Nothing was saved" in page.text
    for field in ("name.zh-Hans", "by", "due_after_hours"):
        assert page.tree.get_element_by_id(f"stages.2.{field}-error") is not None
        assert page.field(f"stages.2.{field}").get("aria-invalid") == "true"
    assert page.field("stages.2.due_after_hours").get("value") == "soon"
    assert page.field("stages.2.name.en").get("value") == "Tax"


def test_a_lower_quorum_is_refused_in_words(editor: tuple[House, Visitor, Page]) -> None:
    _house, legal, page = editor
    page = legal.press(page, "Save the route", more={"stages.0.mode": "any"})
    assert page.status == 422
    assert "The template asks all to approve here; it cannot be made fewer." in page.text


def test_who_was_slower_is_told_and_sees_what_is_there(editor: tuple[House, Visitor, Page]) -> None:
    house, legal, page = editor
    other = house.signed_in("legal_review")
    other.press(other.open(page.address), "Save the route", {"stages.0.due_after_hours": "30"})
    page = legal.press(page, "Save the route", {"stages.0.due_after_hours": "99"})
    assert page.status == 409
    assert "Somebody else saved this route meanwhile" in page.text
    assert page.field("stages.0.due_after_hours").get("value") == "30"


def test_in_review_there_is_no_editor(editor: tuple[House, Visitor, Page]) -> None:
    _house, legal, page = editor
    agreement = page.address.removesuffix("/route")
    legal.press(drafting.version(legal, f"{agreement}/draft"), "Send version 1 for approval")
    assert "Adapt the approval route" not in legal.open(agreement).text
    assert legal.open(page.address).status == 409
    assert legal.press(page, "Save the route").status == 409
