"""Ending an agreement that is not concluded: withdrawn while nobody has signed, declared void once somebody has.

Rules over the state and the number of signatures. Who may ask, and telling everybody, is the service's. An agreement
that everybody has signed is concluded, even before its document is closed: neither way leads out of that.
"""

from __future__ import annotations

from collections.abc import Mapping

from agreements.course_errors import FullySigned, NobodySigned, SecondPersonNeeded, SignedAlready
from agreements.errors import N_
from agreements.lifecycle import MOVES, Command, State, next_state

REASON_MAX = 1000

#: What to tell somebody who comes to sign after the end.
WHAT_HAPPENED: Mapping[State, str] = {
    State.DECLINED: N_("One of the parties declined to sign this agreement."),
    State.WITHDRAWN: N_("This agreement was withdrawn before anybody signed it."),
    State.EXPIRED: N_("The time for signing this agreement is over."),
    State.VOID: N_("This agreement was declared void before everybody had signed it."),
}


def check_withdrawal(state: State, *, signed: int, of: int) -> None:
    """`signed` of `of` signatories have signed. Raises NotPermittedInState, FullySigned or SignedAlready."""
    next_state(state, Command.WITHDRAW)
    _check_not_concluded(signed, of)
    if signed:
        raise SignedAlready()


def check_void(state: State, *, signed: int, of: int) -> None:
    """The same for declaring void. Raises NotPermittedInState, FullySigned or NobodySigned."""
    next_state(state, Command.VOID)
    _check_not_concluded(signed, of)
    if not signed:
        raise NobodySigned()


def check_second_person(first: str, second: str) -> None:
    """A signature is set aside by two people. Raises SecondPersonNeeded when one and the same person is both."""
    if first == second:
        raise SecondPersonNeeded()


def way_out(state: State, *, signed: int, of: int) -> Command | None:
    """The command that would end the agreement now: WITHDRAW, VOID, or None when it can no longer be ended."""
    command = Command.VOID if signed else Command.WITHDRAW
    if (state, command) not in MOVES or _concluded(signed, of):
        return None
    return command


def has_ended(state: State) -> bool:
    """Whether nothing can be signed any more although nothing was concluded."""
    return state in WHAT_HAPPENED


def _concluded(signed: int, of: int) -> bool:
    return 0 < of <= signed


def _check_not_concluded(signed: int, of: int) -> None:
    if _concluded(signed, of):
        raise FullySigned()
