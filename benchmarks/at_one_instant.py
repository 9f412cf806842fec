"""64 signatories press at one instant on one document over HTTP, on our server and on the same with pyHanko inside.

Real servers, durable stores, rounds by turns. The clients are as lean as they can be, so that they do not take the
processor from what is measured; each still recomputes the digest of what it was shown before it signs. Every document
is judged by pdfsig, ours also by our own verification.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from base64 import b64decode, b64encode
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

from agreements.lifecycle import State
from benchmarks.judging import require, require_valid
from benchmarks.many_at_once import checked, verified
from benchmarks.table import Row, row
from signing_service.cli.demo_people import MESSAGE_DIGEST, SignatoryPerson, new_command_key
from signing_service.db.models.agreements import Agreement
from tests.factories.crowds import Crowds
from tests.factories.rooms import Room

PEOPLE, ROUNDS = 64, 5
PATIENCE_SECONDS = 600.0
AGAIN = ("signature.stale_base", "signature.attempt_expired")
OURS, PYHANKO = "signing_service", "benchmarks.peers.pyhanko_server"


@dataclass(frozen=True)
class Round:
    """Milliseconds from the press: until the last was served, of the median and of the slowest signatory."""

    last: float
    median: float
    slowest: float


def rows(folder: Path, keys: Path) -> list[Row]:
    """Both servers side by side."""
    played: dict[str, list[Round]] = {OURS: [], PYHANKO: []}
    with ExitStack() as stack:
        crowds = {module: _crowds(folder / module, keys, module) for module in played}
        for each in crowds.values():
            stack.enter_context(each)
        for number in range(ROUNDS + 1):  # the first is the warm-up
            for module, rounds in played.items():
                rounds.append(_round(crowds[module], number + 1, ours=module == OURS))
    ours, theirs = (
        {name: median(getattr(one, name) for one in rounds[1:]) for name in ("last", "median", "slowest")}
        for rounds in played.values()
    )
    case = f"{PEOPLE} signatories at one instant over HTTP, durable"
    beside = "the same server with pyHanko's signer"
    return [
        row(f"{case}: the last is served", ours["last"], beside, theirs["last"], 20),
        row(f"{case}: the median", ours["median"], beside, theirs["median"], 20),
        row(f"{case}: the slowest", ours["slowest"], "three times the median", 3 * ours["median"], 1),
    ]


def _crowds(folder: Path, keys: Path, module: str) -> Crowds:
    crowds = Crowds(folder, keys, PEOPLE)
    crowds.server.module = module
    return crowds


def _round(crowds: Crowds, number: int, *, ours: bool) -> Round:
    room = crowds.open(number)
    begin = threading.Barrier(PEOPLE + 1)
    people = [Lean(person, begin) for person in room.signatories]
    for person in people:
        person.start()
    begin.wait()
    begun = time.perf_counter()
    for person in people:
        person.join(PATIENCE_SECONDS)
    last = time.perf_counter() - begun
    problems = [person.problem for person in people if person.problem is not None]
    require(not problems, f"{crowds.server.module}: {problems[:3]}")
    pdf = room.signed_pdf()
    require_valid(pdf, PEOPLE + 1)
    _closed(room)
    if ours:
        require(checked(pdf) == PEOPLE + 1 and verified(crowds, pdf) == PEOPLE + 1, "our own verification")
    seconds = [person.seconds for person in people]
    return Round(1000 * last, 1000 * median(seconds), 1000 * max(seconds))


def _closed(room: Room) -> None:
    """Wait until the server has closed this document, which is no part of what the next round measures."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    state = State.SIGNING.value
    while state == State.SIGNING.value and time.monotonic() < deadline:
        time.sleep(0.2)  # the server says nothing when it has closed one: its database is asked
        with room.case.services.db.read() as session:
            state = session.get_one(Agreement, room.case.agreement_id).state
    require(state != State.SIGNING.value, "the closing of the document")


class Lean(threading.Thread):
    """A signatory on a connection that stands already."""

    def __init__(self, person: SignatoryPerson, begin: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.seconds = 0.0
        self.problem: Exception | str | None = "never came back"
        self._begin = begin
        self._http = HTTPConnection(
            person.http.base_url.host, person.http.base_url.port or 80, timeout=PATIENCE_SECONDS
        )
        cookie = "; ".join(f"{name}={value}" for name, value in person.http.cookies.items())
        self._headers = {"Cookie": cookie, "X-CSRFToken": person.csrf, "Content-Type": "application/json"}
        self._running = hashlib.sha256(person.shown)

    def run(self) -> None:
        """Press until it is signed."""
        try:
            self._post(f"{self.person.api}/heartbeat", {})  # as a page does while it waits
            self._begin.wait()
            begun = time.perf_counter()
            self._sign(new_command_key())
            self.seconds = time.perf_counter() - begun
            self.problem = None
        except Exception as problem:  # kept, and the round that joins this thread is refused with it
            self.problem = problem

    def _sign(self, command: str) -> None:
        body = {"document_sha256": self._running.hexdigest(), "command_key": command}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            state = self._post(f"{self.person.api}/signatures", body)
            if state["state"] == "waiting":
                time.sleep(state["retry_ms"] / 1000)
            elif state["state"] == "prepared":
                value = b64encode(self.person.raw_signature(self._attributes(state))).decode()
                state = self._post(state["value_url"], {"value": value, "command_key": command})
            if state["state"] == "signed":
                return
        raise TimeoutError

    def _attributes(self, state: dict[str, Any]) -> bytes:
        """What is to be signed, if it holds the digest of the document shown and of what follows it."""
        length = len(self.person.shown)
        tail = self._ask("GET", state["prepared_url"], None, {"Range": f"bytes={length}-"})
        _, first, second, _ = state["byte_range"]
        running = self._running.copy()
        running.update(tail[: first - length])
        running.update(tail[second - length :])
        attributes = b64decode(state["signed_attributes"])
        if MESSAGE_DIGEST + running.digest() not in attributes:
            raise ValueError("the attributes to sign are about another document")
        return attributes

    def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        return dict(json.loads(self._ask("POST", path, json.dumps(body), {})))

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        self._http.request(method, path, body, self._headers | headers)
        answer = self._http.getresponse()
        data = answer.read()
        if answer.status == 409 and json.loads(data)["code"] in AGAIN:
            return b'{"state": "again"}'  # the lease was over before the value came: prepared anew, as browsers do
        if answer.status >= 300:
            raise ValueError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data
