"""Random acts of everybody over the real operations: no illegal state, one entry a move, an end stays an end.

What the table allows is tested in `tests/agreements/test_lifecycle.py`; here it is what people can do with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from agreements.deadlines import Deadline
from agreements.lifecycle import FINAL, IMMUTABLE, MOVES, State
from signing_service.audit.verify import verify_log
from signing_service.cli import demo_case
from signing_service.db.models.agreements import Agreement, AgreementVersion, Draft
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.endings import Ending
from signing_service.operations import (
    audit_log,
    ceremonies,
    deadlines,
    documents,
    drafts,
    endings,
    refusals,
    rows,
    signatures,
    successors,
    versions,
)
from signing_service.operations.operation import REFUSALS
from signing_service.worker import run_once
from tests.attacks.unchanged import log_types
from tests.factories.case import Case
from tests.factories.installation import StoppedClock
from tests.factories.snapshots import Snapshots

TELLING = {entry.value for entry in rows.ENTRY_OF.values()} - {"ceremony.aborted"}
WALKS = count()


class World:
    """One case, the acts people can try in it, and what must hold whatever they tried."""

    def __init__(self, case: Case, clock: StoppedClock) -> None:
        self.case = case
        self.clock = clock
        self.keys = count()
        self.before = self.look()
        self.frozen = self.content()

    # --- what people try ---

    def sign(self, place: int) -> None:
        if place < len(self.case.seats):
            seat = self.case.seats[place]
            found = seat.prepare(f"command-key-{next(self.keys)}")
            if isinstance(found, signatures.Ready):
                signatures.complete(seat.services, seat.actor, found.attempt_id, seat.value(found))

    def decline(self, place: int) -> None:
        if place < len(self.case.seats):
            refusals.decline(self.case.services, self.case.seats[place].actor, "Our board has not agreed.")

    def withdraw(self, who: str) -> None:
        endings.withdraw(self.case.services, self.case.staff[who], self.case.agreement_id, "Why.", self.before[1])

    def ask_void(self) -> None:
        legal = self.case.staff["legal"]
        endings.ask_void(self.case.services, legal, self.case.agreement_id, "Why.", self.before[1])

    def decide(self, act: Callable[..., None], who: str) -> None:
        with self.case.services.db.read() as session:
            asked = session.scalars(select(Ending.id).order_by(Ending.asked_at.desc())).first()
        act(self.case.services, self.case.staff[who], self.case.agreement_id, asked or "end_none")

    def deadline(self) -> None:
        last = Deadline((self.clock.now + timedelta(days=2)).date(), "Europe/Helsinki")
        deadlines.change(self.case.services, self.case.staff["legal"], self.case.agreement_id, last, self.before[1])

    def host(self, command: str) -> None:
        if self.case.ceremony_id:
            self.case.command(command, "A reason.")

    def plan(self) -> None:
        self.case.ceremony_id = ceremonies.plan(
            self.case.services,
            self.case.staff["host"],
            self.case.agreement_id,
            title=demo_case.CONFERENCE,
            starts_at=self.clock.now + timedelta(minutes=30),
            zone="UTC",
        )

    def edit(self) -> None:
        legal, typed = self.case.staff["legal"], demo_case.flat(demo_case.sample()) | {"copies": "7"}
        with self.case.services.db.read() as session:
            row_version = session.get_one(Draft, self.case.agreement_id).row_version
        saved = drafts.save(self.case.services, legal, self.case.agreement_id, typed, row_version)
        versions.save(self.case.services, legal, self.case.agreement_id, saved)

    def freeze(self) -> None:
        documents.freeze(self.case.services, self.case.staff["host"], self.case.agreement_id, self.frozen[0])

    def amend(self) -> None:
        number = f"SCA-2020-017-A{next(self.keys)}"
        successors.start(self.case.services, self.case.staff["legal"], self.case.agreement_id, "amends", number)

    def attempt(self, name: str) -> None:
        """Try it; a refusal by name is an answer, anything else is a failure."""
        size = len(log_types(self.case.services))
        with suppress(*REFUSALS):
            ACTS[name](self)
        self.check(log_types(self.case.services, size))

    # --- what must hold ---

    def look(self) -> tuple[State, int, int, int]:
        """State, row version, how many have signed, the draft's row version."""
        with self.case.services.db.read() as session:
            row = session.get_one(Agreement, self.case.agreement_id)
            signed = session.scalar(
                select(func.count())
                .select_from(DocumentRevision)
                .where(DocumentRevision.agreement_id == row.id, DocumentRevision.kind == "signature")
            )
            return State(row.state), row.row_version, signed or 0, session.get_one(Draft, row.id).row_version

    def content(self) -> tuple[str, ...]:
        """The hashes of everything that was frozen, sealed and signed, in order."""
        with self.case.services.db.read() as session:
            saved = session.scalars(
                select(AgreementVersion.sha256).where(AgreementVersion.agreement_id == self.case.agreement_id)
            ).all()
            kept = session.scalars(
                select(DocumentRevision.sha256)
                .where(DocumentRevision.agreement_id == self.case.agreement_id)
                .order_by(DocumentRevision.number)
            ).all()
            return (*saved, *kept)

    def check(self, gained: tuple[str, ...]) -> None:
        (state, version, signed, draft), after = self.before, self.look()
        told = [entry for entry in gained if entry in TELLING]
        if after[0] is state:
            assert told == []
        else:
            assert state not in FINAL
            assert after[1] > version
            backwards = after[0] is State.FROZEN  # a show called off, told by the end of the show
            reached = {end for (begin, _), end in MOVES.items() if begin is state}
            assert after[0] in reached or (state is State.SIGNING and backwards)
            assert len(told) == (0 if backwards else 1)
            assert not backwards or gained.count("ceremony.aborted") == 1
        if state in IMMUTABLE:
            assert after[3] == draft
        if state in FINAL or state is State.COMPLETED:
            assert after[2] == signed, "nothing is signed after an end"
        if after[0] is State.COMPLETED:
            assert after[2] == len(self.case.seats)
        if after[0] is State.WITHDRAWN:
            assert after[2] == 0
        if after[0] is State.VOID:
            assert 0 < after[2] < len(self.case.seats)
        now = self.content()
        assert now[: len(self.frozen)] == self.frozen, "what was frozen and signed only grows"
        self.before, self.frozen = after, now


ACTS: dict[str, Callable[[World], None]] = {
    "lin signs": lambda world: world.sign(0),
    "zhou signs": lambda world: world.sign(1),
    "zhou declines": lambda world: world.decline(1),
    "legal withdraws": lambda world: world.withdraw("legal"),
    "the host withdraws": lambda world: world.withdraw("host"),
    "void is asked": World.ask_void,
    "management confirms": lambda world: world.decide(endings.confirm_void, "management"),
    "the asker confirms": lambda world: world.decide(endings.confirm_void, "legal"),
    "it is dropped": lambda world: world.decide(endings.drop_void, "legal_review"),
    "a last day is set": World.deadline,
    "days go by": lambda world: world.clock.forward(days=4),
    "the worker comes": lambda world: run_once(world.case.services),
    "pause": lambda world: world.host("pause"),
    "resume": lambda world: world.host("resume"),
    "open doors": lambda world: world.host("open_doors"),
    "go live": lambda world: world.host("go_live"),
    "open the round": lambda world: world.host("open_round"),
    "break off": lambda world: world.host("abort"),
    "conclude": lambda world: world.host("conclude"),
    "plan": World.plan,
    "edit": World.edit,
    "freeze": World.freeze,
    "amend": World.amend,
}


@pytest.fixture
def server() -> None:
    """SQLite only: what races is tested elsewhere, on both."""


@given(
    stage=st.sampled_from(["approved", "frozen", "doors_open", "round_open", "round_open"]),
    acts=st.lists(st.sampled_from(list(ACTS)), min_size=6, max_size=12),
)
@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
def test_whatever_people_try_an_agreement_keeps_its_rules(
    stage: str, acts: list[str], snapshots: Snapshots, tmp_path: Path, server: None
) -> None:
    clock = StoppedClock()
    with snapshots.copies(None, tmp_path / str(next(WALKS)), clock) as copy:
        world = World(copy(stage), clock)
        for act in acts:
            world.attempt(act)
        with world.case.services.db.read() as session:
            assert list(verify_log(session, [audit_log.verifier_key(world.case.services)], None)) == []


@pytest.mark.parametrize(
    ("acts", "end"),
    [
        (("lin signs", "legal withdraws", "void is asked", "the asker confirms", "management confirms"), State.VOID),
        (("lin signs", "zhou declines", "zhou signs", "void is asked", "the worker comes"), State.DECLINED),
        (("lin signs", "void is asked", "zhou signs", "management confirms", "the worker comes"), State.COMPLETED),
        (("a last day is set", "lin signs", "days go by", "zhou signs", "the worker comes", "plan"), State.EXPIRED),
        (("legal withdraws", "lin signs", "plan", "freeze", "edit", "the worker comes"), State.WITHDRAWN),
        (("break off", "the host withdraws", "plan"), State.WITHDRAWN),
    ],
)
def test_ways_that_matter(
    acts: tuple[str, ...], end: State, snapshots: Snapshots, tmp_path: Path, clock: StoppedClock
) -> None:
    with snapshots.copies(None, tmp_path, clock) as copy:
        world = World(copy("round_open"), clock)
        for act in acts:
            world.attempt(act)
        assert world.before[0] is end
