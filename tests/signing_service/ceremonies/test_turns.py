"""Turns: whoever presses when, however slow a browser is, there are never two holders, and nobody is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from signing_service.ceremonies import turns
from signing_service.ceremonies.turns import PATIENCE, Pace, Turn, Waiting

BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)
LEASE = timedelta(seconds=8)
PEOPLE = tuple("abcdefgh")


class Queue(RuleBasedStateMachine):
    """The queue as the operations keep it, and browsers that press, ask, sign, hang and come back."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.queue: list[Waiting] = []
        self.arrived = 0
        self.signed: set[str] = set()

    def waiting(self, who: str) -> Waiting | None:
        return next((w for w in self.queue if w.signatory_id == who), None)

    def put(self, changed: Waiting) -> None:
        self.queue = [changed if w.order == changed.order else w for w in self.queue]

    @rule(who=st.sampled_from(PEOPLE))
    def ask(self, who: str) -> None:
        """What `operations.signatures` does at every press and every asking again."""
        if who in self.signed:
            return
        mine = self.waiting(who)
        if mine is None:
            self.arrived += 1
            mine = Waiting(self.arrived, who, self.now, None)
            self.queue.append(mine)
        self.put(replace(mine, asked_at=self.now))
        turn = turns.decide(self.queue, who, self.now)
        if turn.mine:
            assert not [w for w in self.queue if w.signatory_id != who and turns.holds(w, self.now)]
            self.put(replace(self.waiting(who) or mine, lease_until=self.now + LEASE))
        else:
            assert turn.before_me > 0
        assert turn.before_me < len(self.queue)

    @rule(who=st.sampled_from(PEOPLE))
    def answer(self, who: str) -> None:
        """The value came back in time: stored, and the place in the queue is given up."""
        mine = self.waiting(who)
        if mine is not None and turns.holds(mine, self.now):
            self.queue.remove(mine)
            self.signed.add(who)

    @rule(seconds=st.floats(0.01, 20))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def never_two_holders(self) -> None:
        assert sum(1 for w in self.queue if turns.holds(w, self.now)) <= 1

    @invariant()
    def somebody_who_asks_gets_the_turn_unless_it_is_held(self) -> None:
        """Of those who ask at this moment, exactly one is let through when nobody holds the turn."""
        asking = [replace(w, asked_at=self.now) for w in self.queue]
        if asking and not any(turns.holds(w, self.now) for w in asking):
            assert [turns.decide(asking, w.signatory_id, self.now).mine for w in asking].count(True) == 1
            first = min(asking, key=lambda w: w.order)
            assert turns.decide(asking, first.signatory_id, self.now) == Turn(True, 0)

    @invariant()
    def nobody_is_lost(self) -> None:
        assert len({w.signatory_id for w in self.queue}) == len(self.queue)
        assert not {w.signatory_id for w in self.queue} & self.signed

    def teardown(self) -> None:
        """However it went: when everybody goes on asking and answering, everybody signs."""
        for _ in range(3 * len(PEOPLE)):
            self.time_passes(0.2)
            for who in PEOPLE:
                self.ask(who)
                self.answer(who)
            self.now += LEASE
        assert self.signed == set(PEOPLE)


TestQueue = Queue.TestCase
TestQueue.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def test_arrival_order() -> None:
    queue = [Waiting(n, who, BEGIN, None) for n, who in enumerate("abc")]
    assert [turns.decide(queue, who, BEGIN) for who in "abc"] == [Turn(True, 0), Turn(False, 1), Turn(False, 2)]


def test_a_browser_that_stopped_asking_is_passed_over_until_it_asks_again() -> None:
    queue = [Waiting(0, "a", BEGIN, None), Waiting(1, "b", at(4.1), None)]
    assert turns.decide(queue, "b", at(4.1)) == Turn(True, 0)
    queue[0] = replace(queue[0], asked_at=at(4.1))
    assert turns.decide(queue, "b", at(4.1)) == Turn(False, 1)


def test_a_lease_that_ran_out_gives_way() -> None:
    queue = [Waiting(0, "a", BEGIN, at(8)), Waiting(1, "b", at(8), None)]
    assert turns.decide(queue, "b", at(7.9)).mine is False
    assert turns.decide(queue, "b", at(8)).mine is True
    assert PATIENCE < LEASE


def test_the_holder_asking_again_keeps_the_turn() -> None:
    queue = [Waiting(0, "a", at(5), None), Waiting(1, "b", at(5), at(9))]
    assert turns.decide(queue, "b", at(5)).mine is True
    assert turns.decide(queue, "a", at(5)) == Turn(False, 1)


def test_who_is_next_is_woken_by_a_stored_signature() -> None:
    pace = Pace()
    with ThreadPoolExecutor(1) as others:
        woken = others.submit(pace.wait_for_another, pace.stored, 30.0)
        pace.note("agr_1", BEGIN)
        assert woken.result(30)


def test_one_that_was_stored_before_the_waiting_began_is_not_waited_for() -> None:
    pace = Pace()
    before = pace.stored
    pace.note("agr_1", BEGIN)
    assert pace.wait_for_another(before, 30.0)


def test_nobody_waits_longer_than_was_said() -> None:
    assert not Pace().wait_for_another(0, 0.01)


def test_only_a_few_wait_and_all_others_are_told_to_ask_again() -> None:
    pace = Pace()
    with ThreadPoolExecutor(Pace.MOST_AT_THE_DOOR) as others:
        waiting = [others.submit(pace.wait_for_another, pace.stored, 30.0) for _ in range(Pace.MOST_AT_THE_DOOR)]
        while pace.at_the_door < Pace.MOST_AT_THE_DOOR:
            assert not any(one.done() for one in waiting)
        assert not pace.wait_for_another(pace.stored, 30.0)
        pace.note("agr_1", BEGIN)
        assert all(one.result(30) for one in waiting)
