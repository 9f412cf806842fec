"""Many signatories press at one instant on one document, round after round; in some rounds the server is killed.

`make many-at-once`: twenty rounds of 64 signatories, eight of them in browser profiles of their own, and a kill -9 in
the middle of ten: of the whole server, or of the process that serves, by turns. Each document is judged by pdfsig and
by our own verification; the log says how often each signature was stored.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from signing_service.db.models.documents import DocumentRevision
from signing_service.operations import audit_log
from signing_service.operations.status_answers import revocation_lists
from signing_service.pades.document import Document
from signing_service.pades.signatures import signatures
from signing_service.permissions import SYSTEM
from signing_service.services import build
from signing_service.verification.report import TOTAL_PASSED
from signing_service.verification.verify import verify
from tests.factories.browser_sessions import browser_session
from tests.factories.crowds import Crowds
from tests.factories.installation import settings_in
from tests.factories.persistent import Persistent
from tests.factories.rooms import Guest as Seated
from tests.factories.rooms import Room
from tests.functional.chromium import PHONE, chromium
from tests.signing_service.pages_live.guests import STEADY_MS, Guest

PEOPLE, ROUNDS, BROWSERS = 64, 20, 8
PATIENCE_SECONDS = 240.0
#: Which rounds our whole verification judges; it takes longer than the round. VERIFY_EVERY=1 is every one.
EVERY = int(os.environ.get("VERIFY_EVERY", "1"))
SEED = 20201221


@dataclass(frozen=True)
class Played:
    """One round: how often each thing was found, of as many as there are signatories."""

    number: int
    killed: str
    signed_before_the_kill: int
    entries: int
    revisions: int
    pdfsig: int
    checked: int
    verified: int | None
    seconds: float
    median: float
    slowest: float
    lost_connections: int
    problems: tuple[str, ...]


def play(
    crowds: Crowds, number: int, browser: Browser | None, *, browsers: int, kill: str | None, verify_all: bool
) -> Played:
    """Let everybody press at one instant. `kill`: "server", "worker" or None."""
    room = crowds.open(number, unready=browsers)
    unready = [guest for guest in room.guests if guest.key is None]
    guests = [_seated(crowds, guest, browser) for guest in unready if browser is not None]
    if browsers:
        room.case.command("open_round")
    for guest in guests:
        guest.comes_to("bind")
        guest.page.wait_for_timeout(STEADY_MS)
    begin = threading.Barrier(len(room.signatories) + 1)
    people = [Persistent(person, wait=begin.wait) for person in room.signatories]
    for person in people:
        person.start()
    begin.wait()
    begun = time.monotonic()
    for guest in guests:
        guest.page.evaluate("document.getElementById('next').click()")
    before = _kill(crowds, room, kill, random.Random(SEED + number)) if kill else 0
    for person in people:
        person.join(PATIENCE_SECONDS)
    for guest in guests:
        guest.page.wait_for_selector("body[data-step=signed]", timeout=PATIENCE_SECONDS * 1000)
    seconds = time.monotonic() - begun
    for guest in guests:
        guest.context.close()
    return _judged(crowds, room, number, kill or "", before, people, seconds, verify_all)


def _seated(crowds: Crowds, seat: Seated, browser: Browser) -> Guest:
    """A signatory in a browser: accepts the sentence, and the browser makes the key."""
    guest = Guest(browser.new_context(**PHONE, locale="en-GB"))
    cookie, _csrf = browser_session({"seats": {seat.signatory_id: seat.token}})
    base = crowds.server.base_url
    guest.context.add_cookies(
        [{"name": "signing", "value": cookie, "url": base}, {"name": "lang", "value": "en", "url": base}]
    )
    guest.page.goto(f"{base}/seat/{seat.signatory_id}")
    guest.comes_to("agree")
    guest.page.check("#agree")
    guest.press()
    guest.comes_to("waiting")
    return guest


def _kill(crowds: Crowds, room: Room, what: str, moments: random.Random) -> int:
    """kill -9 once a random part of the signatures is stored; returns how many there were."""
    wanted = moments.randint(crowds.people // 8, 3 * crowds.people // 4)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _stored(room) < wanted and time.monotonic() < deadline:
        time.sleep(0.002)
    if what == "worker":
        for child in _children(crowds):
            os.kill(child, signal.SIGKILL)  # the master starts another
        return _stored(room)
    crowds.server.kill()
    stored = _stored(room)
    crowds.server.start()
    return stored


def _children(crowds: Crowds) -> list[int]:
    assert crowds.server.process is not None
    pid = crowds.server.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _stored(room: Room) -> int:
    """How many signatures are stored."""
    with room.case.services.db.read() as session:
        mine = (DocumentRevision.agreement_id == room.case.agreement_id, DocumentRevision.kind == "signature")
        return session.scalar(select(func.count(DocumentRevision.signatory_id.distinct())).where(*mine)) or 0


def _judged(
    crowds: Crowds,
    room: Room,
    number: int,
    killed: str,
    before: int,
    people: Sequence[Persistent],
    seconds: float,
    verify_all: bool,
) -> Played:
    pdf = room.signed_pdf()
    problems = [str(person.problem) for person in people if person.problem is not None]
    problems += [f"the log: {problem}" for problem in audit_log.check(crowds.services, SYSTEM)]
    got = Counter(person.revision for person in people)
    problems += [f"revision {revision} was given {times} times" for revision, times in got.items() if times > 1]
    times = [person.seconds for person in people]
    return Played(
        number,
        killed,
        before,
        room.log_says()["signature.applied"],
        _stored(room),
        _valid_for_pdfsig(pdf) - 1,
        checked(pdf) - 1,
        _in_a_thread(lambda: verified(crowds, pdf)) - 1 if verify_all else None,
        round(seconds, 2),
        round(median(times), 2),
        round(max(times), 2),
        sum(person.lost for person in people),
        tuple(problems),
    )


def _in_a_thread(act: Callable[[], int]) -> int:
    """While Playwright runs, nothing else in its thread can use asyncio."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def _valid_for_pdfsig(pdf: bytes) -> int:
    """How many signatures a foreign program calls valid, the seal among them."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        said = subprocess.run(["pdfsig", "-nocert", file.name], capture_output=True, text=True, check=False).stdout
    return said.count("Signature is Valid.")


def checked(pdf: bytes) -> int:
    """How many signatures cover what they say and verify, each over a revision of its own."""
    found = signatures(Document(pdf))
    for one in found:
        one.check(pdf)
    return len({one.end for one in found})


def verified(crowds: Crowds, pdf: bytes) -> int:
    """How many signatures our whole verification passes."""
    keyring = crowds.services.keyring
    report = verify(
        pdf,
        name="many.pdf",
        anchors=keyring.trust_anchors(),
        crls_der=revocation_lists(crowds.services, SYSTEM),
        certificates_der=(keyring.issuing_der,),
    )
    return sum(one.indication == TOTAL_PASSED for one in report.signatures)


def main(rounds: int = ROUNDS) -> None:
    """Play all rounds and print the table; ends with an error when anything was lost."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        build(settings_in(Path(folder) / "made")).db.close()
        crowds = Crowds(Path(folder) / "data", Path(folder) / "made" / "keys", PEOPLE)
        crowds.server.patience = PATIENCE_SECONDS  # it starts again while everybody asks
        with crowds:
            kinds: Sequence[str | None] = (None, "server", None, "worker")
            played = []
            for number in range(1, rounds + 1):
                kill = kinds[(number - 1) % len(kinds)]
                played.append(
                    play(crowds, number, browser, browsers=BROWSERS, kill=kill, verify_all=number % EVERY == 0)
                )
                print(played[-1], flush=True)
    _show(played)
    lost = [one for one in played if one.problems or _least(one) != PEOPLE]
    sys.exit(f"not everything is there in rounds {[one.number for one in lost]}" if lost else 0)


def _least(one: Played) -> int:
    counted = [one.entries, one.revisions, one.pdfsig, one.checked]
    counted += [one.verified] if one.verified is not None else []
    return min(counted) if max(counted) <= PEOPLE else -1


def _show(played: Sequence[Played]) -> None:
    columns: dict[str, Callable[[Played], object]] = {
        "round": lambda one: one.number,
        "kill -9": lambda one: f"{one.killed} after {one.signed_before_the_kill}" if one.killed else "",
        "in the log": lambda one: one.entries,
        "revisions": lambda one: one.revisions,
        "pdfsig": lambda one: one.pdfsig,
        "our reading": lambda one: one.checked,
        "our verification": lambda one: one.verified,
        "all after": lambda one: f"{one.seconds} s",
        "median": lambda one: f"{one.median} s",
        "slowest": lambda one: f"{one.slowest} s",
        "lost connections": lambda one: one.lost_connections,
        "problems": lambda one: len(one.problems),
    }
    table = Table(*columns, title=f"{PEOPLE} signatories at one instant, {BROWSERS} of them in browsers")
    for one in played:
        table.add_row(*(str(value(one)) for value in columns.values()))
    Console(width=150).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
