"""The states of an agreement and the one table of permitted moves.

Who may give a command, and what must be true besides the state (approvals, signatures), is the service's to check; here
is only what can follow what.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from agreements.course_errors import NotPermittedInState


class State(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    FROZEN = "frozen"
    SCHEDULED = "scheduled"
    SIGNING = "signing"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DECLINED = "declined"
    VOID = "void"
    SUPERSEDED = "superseded"


class Command(StrEnum):
    """What can be done to an agreement as a whole."""

    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    REJECT = "reject"
    REVISE = "revise"
    FREEZE = "freeze"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    START_SIGNING = "start_signing"
    ADJOURN = "adjourn"
    COMPLETE = "complete"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    VOID = "void"
    SUPERSEDE = "supersede"


#: (state, command) → next state; what is not here is not possible.
MOVES: Mapping[tuple[State, Command], State] = {
    (State.DRAFT, Command.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Command.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.IN_REVIEW, Command.APPROVE): State.APPROVED,
    (State.IN_REVIEW, Command.REJECT): State.REJECTED,
    # A changed word goes back to the beginning, from wherever no one can have signed yet.
    (State.IN_REVIEW, Command.REVISE): State.DRAFT,
    (State.CHANGES_REQUESTED, Command.REVISE): State.DRAFT,
    (State.APPROVED, Command.REVISE): State.DRAFT,
    (State.FROZEN, Command.REVISE): State.DRAFT,
    (State.APPROVED, Command.FREEZE): State.FROZEN,
    (State.FROZEN, Command.SCHEDULE): State.SCHEDULED,
    (State.SCHEDULED, Command.UNSCHEDULE): State.FROZEN,
    # Signing by link needs no date; a ceremony goes through scheduled.
    (State.FROZEN, Command.START_SIGNING): State.SIGNING,
    (State.SCHEDULED, Command.START_SIGNING): State.SIGNING,
    (State.SIGNING, Command.ADJOURN): State.SCHEDULED,
    (State.SIGNING, Command.COMPLETE): State.COMPLETED,
    (State.FROZEN, Command.DECLINE): State.DECLINED,
    (State.SCHEDULED, Command.DECLINE): State.DECLINED,
    (State.SIGNING, Command.DECLINE): State.DECLINED,
    (State.COMPLETED, Command.SUPERSEDE): State.SUPERSEDED,
    # Withdrawn: taken back while nobody has signed. Void: ended although somebody has; all parties are told.
    **{
        (state, Command.WITHDRAW): State.WITHDRAWN
        for state in (
            State.DRAFT,
            State.IN_REVIEW,
            State.CHANGES_REQUESTED,
            State.APPROVED,
            State.FROZEN,
            State.SCHEDULED,
            State.SIGNING,
        )
    },
    **{
        (state, Command.EXPIRE): State.EXPIRED
        for state in (State.APPROVED, State.FROZEN, State.SCHEDULED, State.SIGNING)
    },
    **{(state, Command.VOID): State.VOID for state in (State.FROZEN, State.SCHEDULED, State.SIGNING)},
}

#: States nothing follows.
FINAL: frozenset[State] = frozenset(State) - {state for state, _ in MOVES}

#: States in which the content can no longer change.
IMMUTABLE: frozenset[State] = frozenset({State.SCHEDULED, State.SIGNING, State.COMPLETED}) | FINAL


def next_state(state: State, command: Command) -> State:
    """The state after the command. Raises NotPermittedInState."""
    try:
        return MOVES[(state, command)]
    except KeyError as error:
        raise NotPermittedInState(state=str(state), command=str(command)) from error


def permitted(state: State) -> tuple[Command, ...]:
    """The commands possible in a state, in the order they are defined."""
    return tuple(command for command in Command if (state, command) in MOVES)
