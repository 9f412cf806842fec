"""The table of states: what can follow what, and that nothing else can."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.course_errors import NotPermittedInState
from agreements.lifecycle import FINAL, IMMUTABLE, MOVES, Command, State, next_state, permitted


def test_the_way_from_draft_to_completed() -> None:
    state = State.DRAFT
    seen = [state]
    for command in (
        "submit",
        "request_changes",
        "revise",
        "submit",
        "approve",
        "freeze",
        "schedule",
        "start_signing",
        "complete",
    ):
        state = next_state(state, Command(command))
        seen.append(state)
    assert [one.value for one in seen] == [
        *("draft", "in_review", "changes_requested", "draft", "in_review", "approved", "frozen", "scheduled"),
        *("signing", "completed"),
    ]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("command", list(Command))
def test_every_pair_is_either_in_the_table_or_refused(state: State, command: Command) -> None:
    if (state, command) in MOVES:
        assert next_state(state, command) is MOVES[(state, command)]
        assert command in permitted(state)
    else:
        with pytest.raises(NotPermittedInState) as refused:
            next_state(state, command)
        assert refused.value.code == "agreement.wrong_state"
        assert refused.value.params == {"state": state.value, "command": command.value}


def test_every_state_can_be_reached_and_every_command_used() -> None:
    reached = {State.DRAFT}
    while True:
        more = {after for (before, _), after in MOVES.items() if before in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == set(State)
    assert {command for _, command in MOVES} == set(Command)


def test_final_states() -> None:
    assert {"rejected", "withdrawn", "expired", "declined", "void", "superseded"} == FINAL


@given(st.lists(st.sampled_from(list(Command)), max_size=40))
def test_random_commands_never_break_the_rules(commands: list[Command]) -> None:
    follow(commands)


def test_ten_thousand_ways_never_break_the_rules() -> None:
    """Mostly permitted commands, so that the ways go far; now and then one that is not."""
    dice, seen = random.Random(4711), set()
    for _ in range(10_000):
        commands, state = [], State.DRAFT
        for _step in range(dice.randrange(4, 30)):
            command = (
                dice.choice(permitted(state) or tuple(Command)) if dice.random() < 0.9 else dice.choice(list(Command))
            )
            commands.append(command)
            state = MOVES.get((state, command), state)
        seen |= follow(commands)
    assert seen == set(State)


def follow(commands: Sequence[Command]) -> set[State]:
    """Go the way and hold every step against the rules; returns the states it comes through."""
    state, approved = State.DRAFT, False
    seen = {state}
    for command in commands:
        if (state, command) not in MOVES:
            try:
                raise AssertionError(next_state(state, command))
            except NotPermittedInState:
                continue
        before, state = state, next_state(state, command)
        seen.add(state)
        assert before not in FINAL
        assert not (before in IMMUTABLE and state is State.DRAFT)
        if before is State.COMPLETED:
            assert state is State.SUPERSEDED
        if state is State.VOID:
            assert approved  # void is for what could have been signed
        if state is State.APPROVED:
            approved = True
        if state is State.DRAFT:
            approved = False
            assert before not in IMMUTABLE
        if state in (State.FROZEN, State.SCHEDULED, State.SIGNING, State.COMPLETED):
            assert approved  # nothing is frozen or signed that was not approved since the last change
        if state is State.COMPLETED:
            assert before is State.SIGNING
    return seen
