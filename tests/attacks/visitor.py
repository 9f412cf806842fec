"""People at a browser, without a network: Flask's own client, with cookies and CSRF exactly as a page has them."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from signing_service.accounts.tokens import stage_token
from signing_service.app import create_app
from signing_service.operations import mails, people
from signing_service.permissions import SYSTEM
from tests.factories.case import Case, Seat
from tests.factories.installation import StoppedClock

_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')
ORIGIN = "http://127.0.0.1:8000"


class Visitor:
    """Somebody with a browser's cookies."""

    def __init__(self, app: Flask) -> None:
        self.http = app.test_client()
        self.http.set_cookie("lang", "en")  # whoever it is, the tests read English
        self.csrf = ""

    def open(self, path: str, **more: Any) -> TestResponse:
        """GET a page; remembers its CSRF token."""
        answer = self.http.get(path, headers={"Accept-Language": "en"}, **more)
        if answer.mimetype == "text/html":
            found = _CSRF.search(answer.text)
            self.csrf = found.group(1) if found else self.csrf
        return answer

    def send(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """POST a form as a page would."""
        data = {**(form or {}), "csrf_token": self.csrf}
        return self.http.post(path, data=data, headers={"Accept-Language": "en"}, **more)

    def call(self, path: str, body: object, **more: Any) -> TestResponse:
        """POST JSON to the interface."""
        return self.http.post(path, json=body, headers={"X-CSRFToken": self.csrf, "Accept-Language": "en"}, **more)


@dataclass
class Web:
    """The application over a case, and the people of the case in front of it."""

    case: Case

    def __post_init__(self) -> None:
        clock = self.case.services.clock
        assert isinstance(clock, StoppedClock)
        clock.forward(minutes=1)  # so that everything of the test is newer than everything of the stage
        self.app = create_app(self.case.services.settings, self.case.services)

    def stranger(self) -> Visitor:
        """Somebody with no session at all, who has the start page open."""
        visitor = Visitor(self.app)
        visitor.open("/sign-in")
        return visitor

    def staff(self, key: str) -> Visitor:
        """One of the operator's people, signed in by a link."""
        services = self.case.services
        token = people.demo_link(services, SYSTEM, self.case.staff[key].id, services.clock() + timedelta(hours=1))
        visitor = Visitor(self.app)
        visitor.open(f"/enter/{token}")
        assert visitor.send(f"/enter/{token}").status_code == 303
        visitor.open("/")
        return visitor

    def at_seat(self, seat: Seat) -> SeatVisitor:
        """A signatory who entered the code from the mail."""
        return SeatVisitor(self, seat)

    def code(self) -> str:
        """The newest code in the outbox."""
        found = mails.outbox(self.case.services, self.case.staff["outbox"])
        return next(m.code for m in found if m.code is not None)

    def stage_path(self) -> str:
        """`<ceremony>/<token>` of the stage link."""
        token = stage_token(self.case.services.settings.master_key, self.case.ceremony_id)
        return f"{self.case.ceremony_id}/{token}"


class SeatVisitor(Visitor):
    """A signatory at their seat."""

    def __init__(self, web: Web, seat: Seat) -> None:
        super().__init__(web.app)
        self.seat = seat
        self.open(f"/s/{seat.token}")
        assert self.send(f"/s/{seat.token}/code").status_code == 303
        answer = self.send(f"/s/{seat.token}", {"code": web.code()})
        assert answer.status_code == 303, answer.text
        self.signatory_id = answer.location.rpartition("/")[2]
        self.api = f"/api/v1/seats/{self.signatory_id}"
        self.open(f"/seat/{self.signatory_id}")

    def ready_body(self, **changes: Any) -> dict[str, Any]:
        """What the page's script sends to be ready."""
        request = self.seat.ready_request()
        body: dict[str, Any] = {
            "csr": b64encode(request.csr_der).decode(),
            "challenge_signature": b64encode(request.challenge_signature).decode(),
            "consent": {
                "text_id": request.consent_text_id,
                "language": request.consent_language,
                "sha256": request.consent_sha256,
            },
            "document_sha256": request.document_sha256,
            "command_key": "command-key-ready",
        }
        return body | changes

    def press(self, command_key: str = "command-key-1", **changes: Any) -> TestResponse:
        """Press “Sign and bind”."""
        body = {"document_sha256": self.seat.document_sha256, "command_key": command_key}
        return self.call(f"{self.api}/signatures", body | changes)


def words(answer: TestResponse) -> str:
    """What a reader of this answer reads: the page's text without tags, or the problem's detail."""
    if answer.is_json:
        return str(answer.get_json()["detail"])
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def problem(answer: TestResponse, status: int, code: str) -> str:
    """Check that the answer is problem+json (RFC 9457) of that status and code; returns what it says."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == status
    assert body["code"] == code, body
    assert body["type"] == f"urn:signing-service:{code}"
    assert body["request_id"]
    return str(body["detail"])


def page(answer: TestResponse, status: int, code: str = "") -> str:
    """Check that the answer is a page of that status that names the code of the error; returns its words."""
    assert answer.status_code == status, f"{answer.status_code}: {words(answer)[:500]}"
    assert answer.mimetype == "text/html"
    said = words(answer)
    assert code in said, said
    return said
