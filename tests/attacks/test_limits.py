"""Attack: asking without end. What costs a mail, a log entry or a process is limited; a venue shares one address."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from signing_service.operations import mails
from signing_service.security import COSTLY, limiter
from tests.attacks.unchanged import log_types
from tests.attacks.visitor import Visitor, Web
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.factories.installation import StoppedClock


@pytest.fixture
def server() -> Postgres | None:
    """Counting is not a matter of the database: SQLite is enough here."""
    return None


@pytest.fixture(autouse=True)
def counted_from_zero(staffed: Case) -> Iterator[None]:
    web = Web(staffed)
    with web.app.app_context():
        limiter.reset()
        yield
        limiter.reset()


def ask(visitor: Visitor, address: str) -> int:
    return visitor.send("/sign-in", {"email": address}).status_code


def test_nobody_fills_a_mailbox_with_sign_in_links(staffed: Case, clock: StoppedClock) -> None:
    """Six links an hour to one person; the answer stays the same, so that nobody learns who exists."""
    web = Web(staffed)
    visitor = web.stranger()
    for _ in range(10):
        assert ask(visitor, "shen.yue@chengdu.example") == 303
    sent = mails.outbox(staffed.services, staffed.staff["outbox"])
    assert [mail.kind for mail in sent] == ["sign_in"] * 6
    assert log_types(staffed.services).count("person.sign_in_refused") == 4
    assert ask(visitor, "katja.brandt@chengdu.example") == 303
    clock.forward(minutes=61)
    ask(visitor, "shen.yue@chengdu.example")
    sent = mails.outbox(staffed.services, staffed.staff["outbox"])
    assert [mail.recipient for mail in sent].count("shen.yue@chengdu.example") == 7


def test_an_address_that_asks_for_links_without_end_is_slowed_down(staffed: Case) -> None:
    """Also with a fresh cookie each time: the log is not filled by strangers."""
    web = Web(staffed)
    answers = []
    for number in range(65):
        visitor = web.stranger()
        answers.append(ask(visitor, f"nobody.{number}@elsewhere.example"))
    assert answers.count(303) == 60
    assert answers[60:] == [429] * 5
    assert log_types(staffed.services).count("person.sign_in_refused") == 60
    assert web.stranger().open("/sign-in").status_code == 200


def test_judging_files_is_limited_because_it_costs_a_process(staffed: Case) -> None:
    web = Web(staffed)
    visitor = web.stranger()

    def upload() -> Any:
        file = {"file": (io.BytesIO(b"no pdf"), "x.pdf")}
        return visitor.send("/verify", file, content_type="multipart/form-data").status_code

    assert [upload() for _ in range(121)] == [422] * 120 + [429]


def test_every_costly_address_exists(staffed: Case) -> None:
    assert set(COSTLY) <= set(Web(staffed).app.view_functions)


def test_sixty_seats_behind_one_address_do_not_slow_each_other(staffed: Case) -> None:
    """Counted per person: sixty staff sessions in one venue, each looking fifty times within the minute."""
    web = Web(staffed)
    people = [web.staff("legal"), web.staff("host")]
    for _ in range(50):
        for person in people:
            assert person.open("/").status_code == 200
