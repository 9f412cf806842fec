"""What is not understood is refused by name: not JSON, unknown keys, wrong types, too long, rubbish of every kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.attacks.conftest import web_doors, web_round  # noqa: F401 - fixtures
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import SeatVisitor, Web, page, problem
from tests.factories.databases import Postgres

SHA = "ab" * 32
KEY = "command-key-1"


@pytest.fixture
def server() -> Postgres | None:
    """Reading a request is not a matter of the database: SQLite is enough here."""
    return None


@pytest.fixture
def seated(web_doors: Web) -> SeatVisitor:  # noqa: F811
    return web_doors.at_seat(web_doors.case.seats[0])


WRONG: list[tuple[str, str, Any, str]] = [
    ("nothing", "join", None, "body: a JSON object is needed"),
    ("a list", "join", [], "body: a JSON object is needed"),
    ("a number", "join", 7, "body: a JSON object is needed"),
    ("an unknown key", "join", {"now": True}, "now: Unknown field."),
    ("an unknown key beside", "pages", {"pages": [1], "document_sha256": SHA, "x": 1}, "x: Unknown field."),
    ("a missing key", "pages", {"pages": [1]}, "document_sha256: Missing data for required field."),
    ("a text for a list", "pages", {"pages": "1", "document_sha256": SHA}, "pages: Not a valid list."),
    ("a text for a number", "pages", {"pages": ["1"], "document_sha256": SHA}, "pages.0: Not a valid integer."),
    ("a fraction", "pages", {"pages": [1.5], "document_sha256": SHA}, "pages.0: Not a valid integer."),
    ("a truth value for a number", "pages", {"pages": [True], "document_sha256": SHA}, "pages.0: Not a valid integer."),
    ("page zero", "pages", {"pages": [0], "document_sha256": SHA}, "pages.0: Must be greater than or equal to 1"),
    (
        "a huge page",
        "pages",
        {"pages": [10**30], "document_sha256": SHA},
        "pages.0: Must be greater than or equal to 1",
    ),
    ("no pages", "pages", {"pages": [], "document_sha256": SHA}, "pages: Length must be between 1 and 5000."),
    ("half a hash", "pages", {"pages": [1], "document_sha256": "ab"}, "document_sha256: 64 hexadecimal digits"),
    ("a hash in capitals", "pages", {"pages": [1], "document_sha256": SHA.upper()}, "document_sha256: 64 hexadecimal"),
    (
        "a hash with a line end",
        "pages",
        {"pages": [1], "document_sha256": SHA + "\n"},
        "document_sha256: 64 hexadecimal",
    ),
    ("no reason", "decline", {"reason": "", "command_key": KEY}, "reason: Length must be between 1 and 1000."),
    ("only spaces", "decline", {"reason": "  ", "command_key": KEY}, "reason: say in a sentence why"),
    (
        "a long reason",
        "decline",
        {"reason": "x" * 1001, "command_key": KEY},
        "reason: Length must be between 1 and 1000.",
    ),
    ("no command key", "decline", {"reason": "x"}, "command_key: Missing data for required field."),
    ("a short command key", "decline", {"reason": "x", "command_key": "a"}, "command_key: 8 to 80 letters"),
    ("an odd command key", "decline", {"reason": "x", "command_key": "../../etc"}, "command_key: 8 to 80 letters"),
    ("null", "signatures", {"document_sha256": None, "command_key": KEY}, "document_sha256: Field may not be null."),
    ("an object", "signatures", {"document_sha256": {}, "command_key": KEY}, "document_sha256: Not a valid string."),
]


@pytest.mark.parametrize(("path", "body", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_body_names_the_field_and_what_is_wrong(seated: SeatVisitor, path: str, body: Any, said: str) -> None:
    recorded = ("access.refused",) if said.endswith("say in a sentence why") else ()
    with nothing_changes(seated.seat.services, recorded):
        answer = problem(seated.call(f"{seated.api}/{path}", body), 422, "service.invalid_input")
    assert answer.startswith(said)


def test_ready_names_the_field_inside_the_consent(seated: SeatVisitor) -> None:
    for consent, said in (
        ({}, "consent.text_id: Missing data for required field."),
        ({"text_id": "x", "language": "tlh", "sha256": SHA}, "consent.language: Must be one of"),
        ("yes", "consent: Invalid input type."),
    ):
        with nothing_changes(seated.seat.services):
            answer = seated.call(f"{seated.api}/ready", seated.ready_body(consent=consent))
            assert problem(answer, 422, "service.invalid_input").startswith(said)


@pytest.mark.parametrize("value", ["not base64!", "AA=A", 7, None, "A" * 40_000, "é"])
def test_what_is_not_base64_is_named(seated: SeatVisitor, value: Any) -> None:
    with nothing_changes(seated.seat.services):
        answer = seated.call(f"{seated.api}/ready", seated.ready_body(csr=value))
        assert problem(answer, 422, "service.invalid_input").startswith("csr: ")


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nul", b"\xff\xfe", b'{"a":' * 5000, b'{"pages": NaN}', b"x=1", b'{"reason": "\\ud800"}'],
)
def test_what_is_not_json_is_refused(seated: SeatVisitor, raw: bytes) -> None:
    headers = {"X-CSRFToken": seated.csrf, "Content-Type": "application/json"}
    with nothing_changes(seated.seat.services):
        problem(seated.http.post(f"{seated.api}/decline", data=raw, headers=headers), 422, "service.invalid_input")


def test_json_under_another_name_is_refused(seated: SeatVisitor) -> None:
    headers = {"X-CSRFToken": seated.csrf, "Content-Type": "text/plain"}
    with nothing_changes(seated.seat.services):
        body = json.dumps({}).encode()
        problem(seated.http.post(f"{seated.api}/join", data=body, headers=headers), 422, "service.invalid_input")


def test_a_body_beyond_the_limit_is_refused_unread(seated: SeatVisitor) -> None:
    headers = {"X-CSRFToken": seated.csrf, "Content-Type": "application/json"}
    with nothing_changes(seated.seat.services):
        big = b'{"reason": "' + b"x" * (33 * 1024 * 1024) + b'"}'
        said = problem(seated.http.post(f"{seated.api}/decline", data=big, headers=headers), 413, "http.413")
    assert "too large" in said


def test_an_address_that_is_not_there(seated: SeatVisitor) -> None:
    problem(seated.open("/api/v1/nothing"), 404, "http.404")
    problem(seated.open(f"{seated.api}/signatures/att_0/prepared"), 404, "service.not_found")
    page(seated.open("/nothing"), 404, "http.404")


def test_an_unknown_seat_is_nobodys(seated: SeatVisitor) -> None:
    problem(seated.open("/api/v1/seats/sig_0000000000000000"), 401, "service.sign_in_needed")


def test_a_command_that_never_came_is_unknown(seated: SeatVisitor) -> None:
    assert seated.open(f"{seated.api}/commands/never-sent-1").json == {"state": "unknown"}


def test_a_lone_surrogate_in_a_reason_is_refused(seated: SeatVisitor) -> None:
    """JSON can write half a character; no database and no log can keep it."""
    headers = {"X-CSRFToken": seated.csrf, "Content-Type": "application/json"}
    raw = b'{"reason": "because \\ud83d", "command_key": "command-key-1"}'
    with nothing_changes(seated.seat.services):
        answer = seated.http.post(f"{seated.api}/decline", data=raw, headers=headers)
        assert problem(answer, 422, "service.invalid_input") == "reason: this text holds half a character"
