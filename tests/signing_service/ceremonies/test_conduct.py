"""The show as a state machine: whatever a host presses, no state arises that the tables do not have."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Ceremony, Command, Round, Seat
from signing_service.errors import CeremonyState, SeatState

#: What can be seen together; everything else is an illegal state.
LEGAL = {
    (Ceremony.PLANNED, Round.WAITING),
    (Ceremony.DOORS_OPEN, Round.WAITING),
    *((state, round_) for state in (Ceremony.LIVE, Ceremony.PAUSED) for round_ in Round),
    (Ceremony.CONCLUDED, Round.SIGNED),
    (Ceremony.ABORTED, Round.WAITING),
    (Ceremony.ABORTED, Round.OPEN),
}


class Show(RuleBasedStateMachine):
    """A host pressing anything at any time, signatories signing and declining in between."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.round = Ceremony.PLANNED, Round.WAITING
        self.seats = [Seat.READY] * 3
        self.opened = 0

    @property
    def signed(self) -> int:
        return self.seats.count(Seat.SIGNED)

    @property
    def ended(self) -> bool:
        return Seat.DECLINED in self.seats

    @rule(command=st.sampled_from([*Command, "explode", ""]))
    def press(self, command: str) -> None:
        facts: dict[str, Any] = {"someone_signed": self.signed > 0, "ended": self.ended}
        offered = conduct.allowed(self.state, self.round, **facts)
        if command in offered:
            self.state, self.round = conduct.next_state(self.state, self.round, command, **facts)
            self.opened += command == Command.OPEN_ROUND
            return
        with pytest.raises(CeremonyState) as refused:
            conduct.next_state(self.state, self.round, command, **facts)
        assert refused.value.params == {"state": self.state, "command": command}

    @precondition(lambda self: self.state is Ceremony.LIVE and self.round is Round.OPEN and not self.ended)
    @rule(number=st.integers(0, 2))
    def sign(self, number: int) -> None:
        if self.seats[number] is Seat.READY:
            self.seats[number] = Seat.SIGNED
        if self.signed == len(self.seats):
            self.round = Round.SIGNED

    @rule(number=st.integers(0, 2))
    def decline(self, number: int) -> None:
        if self.seats[number] is Seat.READY and self.state not in (Ceremony.CONCLUDED, Ceremony.ABORTED):
            self.seats[number] = Seat.DECLINED

    @invariant()
    def nothing_illegal(self) -> None:
        assert (self.state, self.round) in LEGAL

    @invariant()
    def a_round_opens_once(self) -> None:
        assert self.opened <= 1
        assert (self.round is Round.WAITING) == (self.opened == 0)

    @invariant()
    def nobody_signed_before_it_opened(self) -> None:
        assert self.signed == 0 or self.opened == 1

    @invariant()
    def concluded_means_everybody_signed(self) -> None:
        assert self.state is not Ceremony.CONCLUDED or self.signed == len(self.seats)

    @invariant()
    def aborted_means_nobody_is_bound(self) -> None:
        assert self.state is not Ceremony.ABORTED or self.signed == 0 or self.ended

    @invariant()
    def the_end_is_the_end(self) -> None:
        if self.state in (Ceremony.CONCLUDED, Ceremony.ABORTED):
            assert conduct.allowed(self.state, self.round, someone_signed=self.signed > 0, ended=self.ended) == ()

    @invariant()
    def a_show_that_runs_can_always_be_brought_to_an_end(self) -> None:
        """From every state that is not an end the host has something to press."""
        if self.state in (Ceremony.CONCLUDED, Ceremony.ABORTED):
            return
        assert conduct.allowed(self.state, self.round, someone_signed=self.signed > 0, ended=self.ended)


TestShow = Show.TestCase
TestShow.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_every_move_leads_from_and_to_states_there_are() -> None:
    assert {state for state, _ in conduct.MOVES} == set(Ceremony) - {Ceremony.CONCLUDED, Ceremony.ABORTED}
    assert set(conduct.MOVES.values()) <= set(Ceremony)
    assert {command for _, command in conduct.MOVES} == set(Command)


def test_an_unknown_state_is_a_defect_not_a_guess() -> None:
    with pytest.raises(ValueError, match="dreaming"):
        conduct.next_state("dreaming", "waiting", "pause", someone_signed=False)


@given(current=st.sampled_from(list(Seat)), wanted=st.sampled_from(list(Seat)[:-1]))
def test_a_seat_goes_forward_only(current: Seat, wanted: Seat) -> None:
    forward = conduct.seat_reaches(current, wanted)
    assert not (forward and conduct.seat_reaches(wanted, current))
    assert not (forward and current in (Seat.SIGNED, Seat.DECLINED))


@given(current=st.sampled_from(list(Seat)), needed=st.lists(st.sampled_from(list(Seat)), min_size=1).map(tuple))
def test_a_seat_in_the_wrong_state_is_named(current: Seat, needed: tuple[Seat, ...]) -> None:
    if current in needed:
        conduct.require_seat(current, needed, "sign")
        return
    with pytest.raises(SeatState) as refused:
        conduct.require_seat(current, needed, "sign")
    assert str(refused.value) == f"Your seat is “{current}”; it cannot “sign” now."
