"""Assets are kept by browsers under the mark of their content, and are the same for everybody."""

from __future__ import annotations

import re

import pytest

from tests.signing_service.pages.conftest import House

FOLDERS = ("/static/", "/bootstrap/static/", "/fonts/")


def addresses(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="((?:/static/|/bootstrap/static/|/fonts/)[^"]+)"', page)


def test_every_page_names_assets_by_their_content(staffed_house: House) -> None:
    http = staffed_house.app.test_client()
    found = addresses(http.get("/sign-in").text)
    assert all(any(address.startswith(folder) for address in found) for folder in FOLDERS)
    for address in found:
        answer = http.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "Cookie" not in answer.headers.get("Vary", ""), address


@pytest.mark.parametrize("address", ["/static/js/base.js", "/static/js/base.js?v="])
def test_what_is_asked_for_without_its_mark_is_asked_for_again(staffed_house: House, address: str) -> None:
    assert "max-age" not in staffed_house.app.test_client().get(address).headers["Cache-Control"]


def test_a_name_that_is_not_there_has_no_mark(staffed_house: House) -> None:
    app = staffed_house.app
    assert app.test_client().get("/static/nothing.css?v=1").status_code == 404
    with app.test_request_context():
        assert app.url_for("static", filename="nothing.css") == "/static/nothing.css"
        assert app.url_for("static", filename="../config.py").endswith("config.py")
