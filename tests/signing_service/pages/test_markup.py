"""What holds for every page: nothing inline, one heading, every field named, every address answered."""

from __future__ import annotations

import pytest

from tests.factories import directory
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page

PAGES = (
    ("", "/"),
    ("", "/sign-in"),
    ("", "/sign-in/sent"),
    ("", "/verify"),
    ("", "/nothing-here"),
    ("legal", "/"),
    ("legal", "/agreements/new"),
    ("legal", "/agreements/{agreement}"),
    ("legal", "/agreements/{agreement}/versions/1"),
    ("legal", "/agreements/{agreement}/freeze"),
    ("legal", "/organisations"),
    ("legal", "/organisations/new"),
    ("legal", "/organisations/import"),
    ("legal", "/organisations/{organisation}"),
    ("legal", "/delegations"),
    ("legal", "/agreements/{agreement}/clauses"),
    ("legal", "/agreements/{agreement}/clauses/costs/text"),
    ("legal", "/agreements/{agreement}/clauses/disputes/wordings"),
    ("legal", "/clauses"),
    ("legal", "/clauses/disputes_hkiac"),
    ("legal", "/clauses/new"),
    ("host", "/agreements/{agreement}/ceremony"),
    ("auditor", "/audit"),
    ("outbox", "/outbox"),
)


@pytest.fixture(scope="module")
def opened() -> list[Page]:
    """Every page, once it was opened; the tests only read them."""
    return []


@pytest.fixture
def pages(frozen_house: House, opened: list[Page]) -> list[Page]:
    if not opened:
        people = {"": frozen_house.stranger()}
        organisation = directory.entered(frozen_house.case)
        for who, address in PAGES:
            person = people.setdefault(who, frozen_house.signed_in(who) if who else people[""])
            known = {"agreement": frozen_house.case.agreement_id, "organisation": organisation}
            opened.append(person.open(address.format(**known)))
    return opened


def test_nothing_is_inline(pages: list[Page]) -> None:
    """The Content-Security-Policy would drop it silently."""
    for page in pages:
        assert not page.tree.xpath("//@style|//style|//script[not(@src)]"), page.address
        events = [name for element in page.tree.iter() for name in element.attrib if name.startswith("on")]
        assert not events, f"{page.address}: {events}"


def test_nothing_comes_from_elsewhere(pages: list[Page]) -> None:
    for page in pages:
        loaded = page.tree.xpath("//script/@src|//link/@href|//img/@src")
        assert all(address.startswith("/") and not address.startswith("//") for address in loaded), page.address


def test_one_heading_and_one_main_part(pages: list[Page]) -> None:
    for page in pages:
        assert len(page.tree.xpath("//h1")) == 1, page.address
        assert len(page.tree.xpath("//main[@id='main']")) == 1, page.address
        assert page.tree.xpath("//a[@class='skip-link']/@href") == ["#main"], page.address
        assert page.tree.get("lang") == "en", page.address


def test_every_field_has_a_label_and_every_name_is_its_own(pages: list[Page]) -> None:
    for page in pages:
        names = page.tree.xpath("//@id")
        assert len(names) == len(set(names)), f"{page.address}: {sorted(n for n in names if names.count(n) > 1)}"
        labelled = set(page.tree.xpath("//label/@for"))
        for field in page.tree.xpath("//input[not(@type='hidden')]|//select|//textarea"):
            inside = any(parent.tag == "label" for parent in field.iterancestors())
            assert inside or field.get("id") in labelled, f"{page.address}: {field.get('name')}"


def test_forms_that_change_something_carry_the_token(pages: list[Page]) -> None:
    for page in pages:
        for form in page.tree.xpath("//form[translate(@method, 'POST', 'post')='post']"):
            assert form.xpath(".//input[@name='csrf_token']"), f"{page.address}: {form.get('action')}"


def test_a_form_without_the_token_is_refused(staffed_house: House) -> None:
    answer = staffed_house.stranger().client.post("/sign-in", data={"email": "katja.brandt@chengdu.example"})
    assert answer.status_code == 400
    assert b"too old or came from another page" in answer.data
