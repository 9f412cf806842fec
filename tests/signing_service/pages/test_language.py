"""The language of pages: chosen once, kept, and never a way to another host."""

from __future__ import annotations

import pytest

from signing_service.pages.language import local_path
from tests.signing_service.pages.conftest import House


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/agreements/agr_1", "/agreements/agr_1"),
        ("/audit?before=3&lang=en", "/audit?before=3"),
        ("/?lang=de", "/"),
        ("/verify?", "/verify"),
        ("", "/"),
        ("agreements", "/"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
    ],
)
def test_only_paths_of_this_site(address: str, path: str) -> None:
    assert local_path(address) == path


def test_the_chosen_language_stays(staffed_house: House) -> None:
    person = staffed_house.stranger()
    page = person.press(person.open("/verify"), "中文")
    assert page.address == "/verify"
    answer = person.client.get("/verify")
    assert b'<html lang="zh-Hans">' in answer.data


def test_an_unknown_language_changes_nothing(staffed_house: House) -> None:
    person = staffed_house.stranger()
    page = person.open("/verify")
    page.button("Deutsch").set("value", "xx")
    person.press(page, "Deutsch")
    assert b'<html lang="en">' in person.client.get("/verify").data
