"""The press: waiting, trying again, lost connections. The service is played by the test, the browser is real."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from signing_service.pades.prepare import Prepared
from tests.signing_service.pades import factory

pytestmark = pytest.mark.browser

BIND = """async (signing, { shown }) => {
  const store = await import("/js/keystore.js");
  const bytes = Uint8Array.from(atob(shown), (c) => c.charCodeAt(0));
  const steps = [];
  const act = {
    api: "/api", record: await store.findOrMake("inv_1"), shown: bytes, documentSha256: "0".repeat(64),
    command: "one-press-one-key", tell: (step, facts) => steps.push([step, facts.before ?? null]),
  };
  try { return { answer: await signing.bind(act), steps }; }
  catch (error) { return { error: error.what ?? error.code ?? String(error), steps }; }
}"""
SIGNED = {"state": "signed", "revision": 3, "document_sha256": "a" * 64, "log_index": 7}


class Service:
    """Answers in the order a test wants; counts what it was sent."""

    def __init__(self, page: Page) -> None:
        self.sealed = factory.sealed()
        self.prepared: Prepared = factory.prepared(self.sealed, factory.signatory())
        self.presses: list[Any] = []
        self.values: list[Any] = []
        self.outcomes: list[Any] = []
        self.pressed: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.asked = 0
        page.route("**/api/signatures", self._press)
        page.route("**/api/value", self._value)
        self.ranges: list[str | None] = []
        self.sends_from: int | None = None
        page.route("**/api/prepared", self._prepared)
        page.route("**/api/commands/*", self._asked)

    @property
    def offer(self) -> dict[str, Any]:
        p = self.prepared
        return {
            "state": "prepared",
            "attempt_id": "att_1",
            "signed_attributes": b64encode(p.signed_attributes).decode(),
            "byte_range": [0, p.reserved_start, p.reserved_end, len(p.pdf) - p.reserved_end],
            "prepared_url": "/api/prepared",
            "value_url": "/api/value",
        }

    def _prepared(self, route: Route) -> None:
        """The whole, or what follows the byte a test says, as a server that knows ranges answers."""
        self.ranges.append(route.request.headers.get("range"))
        pdf, begin = self.prepared.pdf, self.sends_from
        if begin is None:
            route.fulfill(body=pdf, content_type="application/pdf")
            return
        place = {"Content-Range": f"bytes {begin}-{len(pdf) - 1}/{len(pdf)}"}
        route.fulfill(status=206, body=pdf[begin:], content_type="application/pdf", headers=place)

    def _press(self, route: Route) -> None:
        self.pressed.append(route.request.post_data_json)
        answered(route, self.presses.pop(0) if self.presses else self.offer)

    def _value(self, route: Route) -> None:
        self.sent.append(route.request.post_data_json)
        answered(route, self.values.pop(0) if self.values else SIGNED)

    def _asked(self, route: Route) -> None:
        self.asked += 1
        answered(route, self.outcomes.pop(0) if self.outcomes else SIGNED)


def answered(route: Route, answer: Any) -> None:
    """A dict is JSON, a number a status, a pair a problem, None no answer at all."""
    if answer is None:
        route.abort("connectionreset")
    elif isinstance(answer, int):
        route.fulfill(status=answer, body="<h1>Bad gateway</h1>")
    elif isinstance(answer, tuple):
        status, code = answer
        body = json.dumps({"status": status, "code": code, "title": "Conflict", "detail": "In words."})
        route.fulfill(status=status, body=body, content_type="application/problem+json")
    else:
        route.fulfill(json=answer)


@pytest.fixture
def service(page: Page) -> Service:
    return Service(page)


@pytest.fixture
def bind(run: Callable[..., Any], service: Service) -> Callable[[], dict[str, Any]]:
    return lambda: dict(run("signing", BIND, {"shown": b64encode(service.sealed).decode()}))


def test_one_press_sends_one_value_of_sixty_four_bytes(bind: Callable[[], Any], service: Service) -> None:
    assert bind()["answer"] == SIGNED
    assert len(service.sent) == 1
    assert len(b64decode(service.sent[0]["value"])) == 64


def test_waiting_says_how_many_are_before_and_keeps_the_command(bind: Callable[[], Any], service: Service) -> None:
    service.presses = [{"state": "waiting", "before_you": n, "retry_ms": 20} for n in (3, 1)]
    told = bind()
    assert told["answer"] == SIGNED
    assert [before for step, before in told["steps"] if step == "waiting"] == [3, 1]
    assert {p["command_key"] for p in service.pressed} == {"one-press-one-key"}


@pytest.mark.parametrize("code", ["signature.stale_base", "signature.attempt_expired"])
def test_a_lost_turn_is_prepared_again_under_the_same_command(
    bind: Callable[[], Any], service: Service, code: str
) -> None:
    service.values = [(409, code), (409, code)]
    told = bind()
    assert told["answer"] == SIGNED
    assert [step for step, _ in told["steps"]].count("again") == 2
    assert {p["command_key"] for p in service.pressed} == {"one-press-one-key"}


@pytest.mark.parametrize("lost", [None, 502])
def test_after_a_lost_answer_it_asks_before_saying_anything(
    bind: Callable[[], Any], service: Service, lost: int | None
) -> None:
    service.values, service.outcomes = [lost], [None, SIGNED]
    told = bind()
    assert told["answer"] == SIGNED
    assert service.asked == 2
    assert len(service.sent) == 1


def test_a_press_that_never_arrived_is_sent_again(bind: Callable[[], Any], service: Service) -> None:
    service.presses, service.outcomes = [None], [{"state": "unknown"}]
    assert bind()["answer"] == SIGNED
    assert len(service.pressed) == 2


def test_a_refusal_ends_the_press_with_its_code(bind: Callable[[], Any], service: Service) -> None:
    service.presses = [(409, "signature.out_of_turn")]
    assert bind()["error"] == "signature.out_of_turn"
    assert service.sent == []


def test_a_deceiving_offer_sends_no_value_at_all(bind: Callable[[], Any], service: Service) -> None:
    service.presses = [{**service.offer, "byte_range": [0, 10, 20, 30]}]
    assert bind()["error"] == "range"
    assert service.sent == []


def test_only_what_follows_the_displayed_document_is_fetched(bind: Callable[[], Any], service: Service) -> None:
    service.sends_from = len(service.sealed)
    assert bind()["answer"] == SIGNED
    assert service.ranges == [f"bytes={len(service.sealed)}-"]


def test_an_end_that_begins_elsewhere_is_not_signed(bind: Callable[[], Any], service: Service) -> None:
    service.sends_from = len(service.sealed) - 1
    assert bind()["error"] == "beginning"
    assert service.sent == []


def test_an_end_of_another_document_does_not_fit_the_attributes(bind: Callable[[], Any], service: Service) -> None:
    """What is in front is what was displayed: attributes over another beginning are found out by the digest."""
    other = service.sealed.replace(b"%%EOF", b"%%EoF", 1)
    service.sealed, service.sends_from = other, len(other)
    assert bind()["error"] == "digest"
    assert service.sent == []
