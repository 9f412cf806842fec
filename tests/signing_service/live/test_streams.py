"""Server-sent events: the tail of the log, in order, resumable, and never more than an audience may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from keys.errors import KeysError
from signing_service.audit.actions import Action, Audience
from signing_service.audit.catalogue import CATALOGUE
from signing_service.db.models.audit import LogEntry
from signing_service.errors import NotFound
from signing_service.live import streams
from signing_service.live.tail import Tail
from signing_service.operations import events, invitations, signatures
from signing_service.permissions import SYSTEM, Actor
from tests.attacks.visitor import Visitor, Web, problem
from tests.factories import case as cases
from tests.factories.case import Case


@dataclass(frozen=True)
class Received:
    """One event as a browser gets it."""

    id: int
    type: str
    at: str
    data: dict[str, Any]


class Stream:
    """A browser's EventSource, read as far as a test wants."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = ""

    def block(self) -> str:
        """The next block up to its empty line."""
        while "\n\n" not in self._rest:
            self._rest += next(self._lines).decode()
        block, _, self._rest = self._rest.partition("\n\n")
        return block

    def events(self, count: int) -> list[Received]:
        """The next `count` events, passing over comments and `retry`."""
        found: list[Received] = []
        while len(found) < count:
            fields = dict(line.split(": ", 1) for line in self.block().splitlines() if not line.startswith(":"))
            if "data" in fields:
                assert fields["event"] == "log"
                body = json.loads(fields["data"])
                found.append(Received(int(fields["id"]), body["type"], body["at"], body["data"]))
        return found


@contextmanager
def listening(visitor: Visitor, path: str, **headers: str) -> Iterator[Stream]:
    answer = visitor.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    stream = Stream(iter(answer.response))  # type: ignore[arg-type]
    try:
        yield stream
    finally:
        answer.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A heartbeat after a moment, so that a test that waits in vain ends; followers end with the test."""
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.3)
    yield
    Tail.stop_all()


@pytest.fixture
def web(at_stage: Callable[[str], Case]) -> Web:
    return Web(at_stage("round_open"))


def logged(case: Case, audience: Audience) -> list[tuple[int, str]]:
    """What the catalogue gives this audience of the case's ceremony."""
    with case.services.db.read() as session:
        rows = session.execute(
            select(LogEntry.idx, LogEntry.type).where(LogEntry.ceremony == case.ceremony_id).order_by(LogEntry.idx)
        ).all()
    return [(index, type_) for index, type_ in rows if audience in CATALOGUE[Action(type_)].live]


def doors(web: Web) -> dict[Audience, tuple[Visitor, str]]:
    """The three streams of a ceremony, each with somebody who may follow it."""
    seated = web.at_seat(web.case.seats[0])
    return {
        Audience.HOST: (web.staff("host"), f"/live/ceremonies/{web.case.ceremony_id}/events"),
        Audience.SEAT: (seated, f"/live/seats/{seated.signatory_id}/events"),
        Audience.STAGE: (web.stranger(), f"/live/stage/{web.stage_path()}/events"),
    }


@pytest.mark.parametrize("audience", list(Audience))
def test_a_stream_gives_what_the_catalogue_gives_in_order(web: Web, audience: Audience) -> None:
    visitor, path = doors(web)[audience]
    expected = logged(web.case, audience)
    assert len(expected) >= 5
    with listening(visitor, path) as stream:
        received = stream.events(len(expected))
        assert [(event.id, event.type) for event in received] == expected
        while ": still here" not in (block := stream.block()):
            assert "data" not in block, f"more than the catalogue gives: {block}"


@pytest.mark.parametrize("audience", list(Audience))
def test_a_lost_connection_goes_on_without_loss_or_repetition(web: Web, audience: Audience) -> None:
    """Cut after every single event; also while new ones are committed in between."""
    visitor, path = doors(web)[audience]
    received: list[tuple[int, str]] = []
    for _ in range(3):
        last = {"Last_Event_ID": str(received[-1][0])} if received else {}
        with listening(visitor, path, **last) as stream:
            received += [(event.id, event.type) for event in stream.events(1)]
    web.case.seats[0].sign()
    expected = logged(web.case, audience)
    with listening(visitor, path, Last_Event_ID=str(received[-1][0])) as stream:
        received += [(event.id, event.type) for event in stream.events(len(expected) - len(received))]
    assert received == expected


def test_what_is_committed_while_one_listens_arrives(web: Web) -> None:
    visitor, path = doors(web)[Audience.STAGE]
    before = logged(web.case, Audience.STAGE)
    with listening(visitor, path, Last_Event_ID=str(before[-1][0])) as stream:
        assert stream.block() == "retry: 1000"
        web.case.seats[0].sign()
        (event,) = stream.events(1)
    assert event.type == "signature.applied"
    assert event.data["signatory"] == web.case.seats[0].actor.signatory_id


def test_what_was_refused_or_rolled_back_is_never_shown(web: Web) -> None:
    """A wrong value is a failure for the host and nothing for the audience; no “signed” before it is stored."""
    seat = web.case.seats[0]
    before = logged(web.case, Audience.STAGE)
    prepared = seat.prepare()
    assert isinstance(prepared, signatures.Ready)
    wrong = cases.raw_signature(seat.key, b"something else")
    with pytest.raises(KeysError):
        signatures.complete(seat.services, seat.actor, prepared.attempt_id, wrong)
    assert logged(web.case, Audience.STAGE) == before
    assert [type_ for _, type_ in logged(web.case, Audience.HOST)][-2:] == ["signature.prepared", "signature.failed"]


def test_the_stage_learns_nothing_personal(web: Web) -> None:
    """No name, address, code, link, reason or address of a machine: only opaque ids and hashes."""
    case = web.case
    secrets = {"@", "one-time-code", "林知远", "周慧", "Lin Zhiyuan", "Zhou Hui"}
    for seat in case.seats:
        secrets |= {seat.token, seat.board().email, seat.board().challenge, seat.actor.invitation_id or "?"}
    case.command("pause", "The chairman feels ill.")
    visitor, path = doors(web)[Audience.STAGE]
    expected = logged(case, Audience.STAGE)
    assert expected[-1][1] == "ceremony.paused"
    with listening(visitor, path) as stream:
        text = json.dumps([event.data for event in stream.events(len(expected))], ensure_ascii=False)
    assert {secret for secret in secrets | {"The chairman feels ill."} if secret in text} == set()


@pytest.mark.parametrize("after", ["", "-1", "rubbish", "1e3", "٣", "0x10", "1 2", "9" * 5000])
def test_an_odd_place_to_resume_from(web: Web, after: str) -> None:
    """What is no event number means from the beginning; a number beyond the log means from its end."""
    visitor, path = doors(web)[Audience.STAGE]
    with listening(visitor, f"{path}?after={after}") as stream:
        if after.isascii() and after.isdigit():
            assert stream.block() == "retry: 1000"
            assert stream.block() == ": still here"
        else:
            assert stream.events(1)[0].id == logged(web.case, Audience.STAGE)[0][0]


def test_a_foreign_ceremony_is_refused(at_stage: Callable[[str], Case]) -> None:
    """By the door, and by the operation behind it, whichever kind of person asks."""
    case = at_stage("doors_open")
    other = cases.invited(case.services, number="SCA-2020-018", case=case)
    web = Web(case)
    own, token = web.stage_path().split("/")
    problem(web.stranger().open(f"/live/stage/{other.ceremony_id}/{token}/events"), 404, "link.unknown")
    problem(web.staff("host").open("/live/ceremonies/cer_0000000000000000/events"), 404, "service.not_found")
    stage = Actor(id="stage", kind="stage", ceremony_id=own)
    for foreigner in (stage, case.seats[0].actor, SYSTEM):
        with pytest.raises((NotFound, Exception), match=r"no ceremony|not do this"):
            events.after(case.services, foreigner, other.ceremony_id, -1)
    assert events.after(case.services, stage, own, -1)[0]


def test_who_may_not_follow_is_refused_before_the_stream_begins(web: Web) -> None:
    stranger = web.stranger()
    problem(stranger.open(f"/live/ceremonies/{web.case.ceremony_id}/events"), 401, "service.sign_in_needed")
    problem(stranger.open(f"/live/seats/{web.case.seats[0].actor.signatory_id}/events"), 401, "service.sign_in_needed")
    legal = web.staff("legal")
    problem(legal.open(f"/live/ceremonies/{web.case.ceremony_id}/events"), 403, "service.not_permitted")


def test_a_withdrawn_link_ends_a_running_stream(web: Web) -> None:
    """The stream of a seat whose link was withdrawn gives nothing more, although its connection still stands."""
    visitor, path = doors(web)[Audience.SEAT]
    expected = logged(web.case, Audience.SEAT)
    with listening(visitor, path) as stream:
        stream.events(len(expected))
        signatory_id = web.case.seats[0].actor.signatory_id or ""
        invitations.reissue(web.case.services, web.case.staff["host"], signatory_id)
        web.case.command("pause", "The wrong person sat there.")
        with pytest.raises(StopIteration):
            stream.events(1)


def test_all_streams_end_when_the_server_does(web: Web) -> None:
    visitor, path = doors(web)[Audience.STAGE]
    with listening(visitor, path, Last_Event_ID="99999") as stream:
        stream.block()
        Tail.stop_all()
        with pytest.raises(StopIteration):
            stream.events(1)


def test_the_follower_outlives_a_database_that_was_away(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart of the database must not silently leave every screen behind."""
    size = events.log_size
    failed: list[int] = []

    def away(*args: Any) -> int:
        if len(failed) < 3:
            failed.append(1)
            raise OSError("the database is away")
        return size(*args)

    monkeypatch.setattr(events, "log_size", away)
    visitor, path = doors(web)[Audience.STAGE]
    before = logged(web.case, Audience.STAGE)
    with listening(visitor, path, Last_Event_ID=str(before[-1][0])) as stream:
        while len(failed) < 3:
            stream.block()
        web.case.seats[0].sign()
        assert stream.events(1)[0].type == "signature.applied"
