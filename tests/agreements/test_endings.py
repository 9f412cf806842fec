"""The ways out: withdrawn while nobody has signed, void with a second person once somebody has, never when all have."""

from __future__ import annotations

import pytest

from agreements.course_errors import FullySigned, NobodySigned, NotPermittedInState, SecondPersonNeeded, SignedAlready
from agreements.endings import WHAT_HAPPENED, check_second_person, check_void, check_withdrawal, has_ended, way_out
from agreements.errors import AgreementError
from agreements.lifecycle import FINAL, Command, State

OPEN = (State.FROZEN, State.SCHEDULED, State.SIGNING)


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED])
def test_before_anybody_can_sign_one_person_withdraws(state: State) -> None:
    check_withdrawal(state, signed=0, of=0)
    with pytest.raises(NotPermittedInState):
        check_void(state, signed=0, of=0)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(
    ("signed", "withdrawal", "void"),
    [(0, None, NobodySigned), (1, SignedAlready, None), (2, SignedAlready, None), (3, FullySigned, FullySigned)],
)
def test_the_signatures_decide_which_way_is_open(
    state: State, signed: int, withdrawal: type[AgreementError] | None, void: type[AgreementError] | None
) -> None:
    for check, refusal in ((check_withdrawal, withdrawal), (check_void, void)):
        if refusal is None:
            check(state, signed=signed, of=3)
        else:
            with pytest.raises(refusal):
                check(state, signed=signed, of=3)


@pytest.mark.parametrize("state", [State.COMPLETED, *sorted(FINAL)])
def test_nothing_leads_out_of_an_end(state: State) -> None:
    for check in (check_withdrawal, check_void):
        with pytest.raises(NotPermittedInState):
            check(state, signed=2, of=3)
    assert way_out(state, signed=1, of=2) is None


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("signed", [0, 1, 2])
def test_what_is_offered_is_what_would_be_accepted(state: State, signed: int) -> None:
    offered = way_out(state, signed=signed, of=2)
    for command, check in ((Command.WITHDRAW, check_withdrawal), (Command.VOID, check_void)):
        try:
            check(state, signed=signed, of=2)
        except AgreementError:
            assert offered is not command
        else:
            assert offered is command


def test_two_people_are_two_people() -> None:
    check_second_person("per_1", "per_2")
    with pytest.raises(SecondPersonNeeded):
        check_second_person("per_1", "per_1")


def test_every_end_without_conclusion_has_its_words() -> None:
    assert set(WHAT_HAPPENED) == {State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.VOID}
    assert {state for state in State if has_ended(state)} == FINAL - {State.REJECTED, State.SUPERSEDED}
