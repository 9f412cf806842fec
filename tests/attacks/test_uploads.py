"""Attack: uploads. The only thing a stranger may hand in is a PDF to be judged; it is kept sealed and not for long.

Legal staff may hand in a template as well: test_template_uploads.py.
"""

from __future__ import annotations

import inspect
import io
from typing import Any

import pytest

from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Visitor, Web, page, words
from tests.factories.databases import Postgres

MEGABYTE = 1024 * 1024

#: Every address that takes a file, none of them one to be signed.
TAKING = [
    "/agreements/<agreement_id>/external-seals",  # kept by its hash as evidence, never signed here
    "/api/v1/verification",  # judged and forgotten
    "/organisations/<organisation_id>/evidence",  # kept by its hash, handed out as an attachment only
    "/organisations/import",  # a table, read and forgotten
    "/templates",  # examined in a limited process, kept by its hash
    "/verify",  # judged, kept sealed for an hour: test_judged_files.py
]


@pytest.fixture
def server() -> Postgres | None:
    """An upload does not reach the database: SQLite is enough here."""
    return None


@pytest.fixture
def visitor(web_round: Web) -> Visitor:
    return web_round.stranger()


def upload(visitor: Visitor, data: bytes, name: str = "agreement.pdf") -> Any:
    return visitor.send("/verify", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "data",
    [b"hello", b"PK\x03\x04" + b"\x00" * 100, b"\x89PNG\r\n\x1a\n", b"\x00" * 5000, b"x" * 1030 + b"%PDF-1.7"],
    ids=["text", "zip", "picture", "zeros", "late header"],
)
def test_what_is_no_pdf_is_named_with_its_file(web_round: Web, visitor: Visitor, data: bytes) -> None:
    with nothing_changes(web_round.case.services):
        said = page(upload(visitor, data, "contract final (2).pdf"), 422, "upload.not_pdf")
    assert "“contract final (2).pdf” is not a PDF: it does not begin with %PDF-" in said


def test_an_empty_upload_and_no_upload_ask_for_one(web_round: Web, visitor: Visitor) -> None:
    with nothing_changes(web_round.case.services):
        assert "Choose a PDF first. Nothing was checked." in page(upload(visitor, b""), 422)
        assert "Choose a PDF first. Nothing was checked." in page(visitor.send("/verify", {}), 422)
        assert "Choose a PDF first" in page(visitor.send("/verify", {"file": "text instead of a file"}), 422)


def test_forty_megabytes_are_too_much(web_round: Web, visitor: Visitor) -> None:
    with nothing_changes(web_round.case.services):
        said = page(upload(visitor, b"%PDF-1.7\n" + b"x" * (40 * MEGABYTE)), 413, "http.413")
    assert "too large" in said
    assert "Nothing was stored" in said


@pytest.mark.parametrize("data", [b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n" + b"\xff" * 3000, b"%PDF-9.9 garbage"])
def test_a_broken_pdf_is_a_report_never_an_error(web_round: Web, visitor: Visitor, data: bytes) -> None:
    with nothing_changes(web_round.case.services, but=("judged_file",)):
        answer = upload(visitor, data)
        assert answer.status_code == 303
        answer = visitor.open(answer.location)
    assert answer.status_code == 200
    assert "TOTAL_FAILED" in answer.text or "cannot be read" in words(answer) or "INDETERMINATE" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd",
        "C:\\Users\\me\\secret.pdf",
        "<script>alert(1)</script>.pdf",
        "x" * 3000 + ".pdf",
        "合作协议.pdf",
        "a\r\nX-Evil: 1.pdf",
        "",
    ],
)
def test_the_name_of_a_file_is_only_shown(web_round: Web, visitor: Visitor, name: str) -> None:
    with nothing_changes(web_round.case.services):
        answer = upload(visitor, b"no pdf", name)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "/etc/passwd" not in answer.text
    assert "X-Evil" not in answer.headers


def test_a_number_there_is_not(web_round: Web, visitor: Visitor) -> None:
    with nothing_changes(web_round.case.services):
        answer = visitor.send("/verify", {"number": "SCA-1999-001"})
        assert answer.status_code == 303
        said = page(visitor.open(answer.location), 404, "service.not_found")
        page(visitor.open("/verify/../../etc/passwd"), 404)
    assert "There is no sealed agreement with this number here" in said


def test_no_browser_ever_hands_in_what_is_to_be_signed(web_round: Web) -> None:
    """The server owns the document: no address takes one but the one that judges it; the other takes templates."""
    taking = []
    for rule in web_round.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            view = inspect.unwrap(web_round.app.view_functions[rule.endpoint])
            taking += [rule.rule] if "files" in view.__code__.co_names else []
    assert sorted(taking) == TAKING
