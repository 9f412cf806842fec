"""When approvers are reminded, and when those a late stage is escalated to are asked. Reminding never decides anything.

Each reminder is due from its moment on; that it goes out once is the caller's to remember.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agreements.approval_routes import PersonId
from agreements.approvals import RouteState, StageState

DUE_SOON = "due_soon"
OVERDUE = "overdue"
ESCALATED = "escalated"

#: The longest warning before a deadline; a quarter of a month would be forgotten again.
WARNING_MOST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One person to be told once about one deadline. `on_behalf_of`: for whom, when they are a delegate."""

    kind: str
    stage_id: str
    person_id: PersonId
    on_behalf_of: PersonId | None
    due_at: datetime


def called(state: RouteState) -> Mapping[PersonId, PersonId | None]:
    """Everybody who may decide now, each once: for themselves (None) or for the approver who delegated to them."""
    stage = state.open_stage
    if stage is None or stage.status != "open":
        return {}
    return {**dict(reversed(stage.delegates)), **dict.fromkeys(stage.asked)}


def due(state: RouteState, now: datetime) -> tuple[Reminder, ...]:
    """Everybody who ought to have been reminded by now; nobody twice."""
    stage = state.open_stage
    if stage is None or stage.due_at is None or now < _warning_at(stage, stage.due_at):
        return ()
    return tuple(
        Reminder(_kind(stage, principal or person), stage.stage.id, person, principal, stage.due_at)
        for person, principal in called(state).items()
    )


def next_look(state: RouteState, now: datetime) -> datetime | None:
    """When something can become due without anybody deciding; None when nothing can."""
    stage = state.open_stage
    if stage is None or stage.due_at is None:
        return None
    moments = (_warning_at(stage, stage.due_at), stage.due_at)
    return next((moment for moment in moments if now < moment), None)


def _kind(stage: StageState, person: PersonId) -> str:
    if not stage.overdue:
        return DUE_SOON
    return OVERDUE if person in stage.stage.approvers else ESCALATED


def _warning_at(stage: StageState, due_at: datetime) -> datetime:
    """When a quarter of the time is left, at most a day."""
    whole = due_at - stage.opened_at if stage.opened_at is not None else timedelta()
    return due_at - min(whole / 4, WARNING_MOST)
