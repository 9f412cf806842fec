"""Reminders: who is told when, and that nothing of it decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agreements.approvals import Decision, Delegation, Route, RouteState, Stage, evaluate
from agreements.reminders import called, due, next_look

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STAGE = Stage("legal", {"en": "Legal"}, "any", ("he", "wu"), due_after_hours=8, escalate_to=("zhao", "wu"))
DEADLINE = START + timedelta(hours=8)
DELEGATION = Delegation("he", "fang", START, START + timedelta(days=9))


def state(hours: float, *decisions: Decision, stage: Stage = STAGE, **more: Any) -> RouteState:
    route = Route((stage,), (DELEGATION,), START)
    facts = {"version_sha256": "a" * 64, "author": "chen", "last_editor": "chen", "signatories": ()} | more
    return evaluate(route, decisions, now=START + timedelta(hours=hours), **facts)


def told(hours: float, **more: Any) -> list[tuple[str, str, str | None]]:
    found = due(state(hours, **more), START + timedelta(hours=hours))
    return sorted((one.kind, one.person_id, one.on_behalf_of) for one in found)


def test_nobody_is_reminded_while_more_than_a_quarter_of_the_time_is_left() -> None:
    assert told(5.9) == []


def test_before_the_deadline_whoever_is_asked_and_their_delegates() -> None:
    assert told(6) == [("due_soon", "fang", "he"), ("due_soon", "he", None), ("due_soon", "wu", None)]


def test_after_it_those_it_is_escalated_to_are_asked_too() -> None:
    assert told(8) == [
        ("escalated", "zhao", None),
        ("overdue", "fang", "he"),
        ("overdue", "he", None),
        ("overdue", "wu", None),
    ]


def test_a_long_deadline_warns_a_day_before() -> None:
    month = Stage("legal", {"en": "Legal"}, "any", ("he",), due_after_hours=720)
    assert told(695, stage=month) == []
    assert [kind for kind, _who, _whom in told(696, stage=month)] == ["due_soon"]


def test_who_decided_is_left_alone() -> None:
    both = Stage("legal", {"en": "Legal"}, "all", ("he", "wu"), due_after_hours=8)
    given = Decision("legal", "he", None, "approve", "a" * 64, "", START)
    found = due(state(9, given, stage=both), START + timedelta(hours=9))
    assert [(one.kind, one.person_id) for one in found] == [("overdue", "wu")]


@pytest.mark.parametrize("verdict", ["approve", "reject", "request_changes"])
def test_a_route_that_is_decided_reminds_nobody(verdict: str) -> None:
    given = Decision("legal", "he", None, verdict, "a" * 64, "", START)
    assert due(state(9, given), START + timedelta(hours=9)) == ()
    assert called(state(9, given)) == {}


def test_a_stage_without_a_deadline_never_reminds() -> None:
    free = Stage("legal", {"en": "Legal"}, "any", ("he",))
    assert due(state(9000, stage=free), START + timedelta(hours=9000)) == ()
    assert next_look(state(9000, stage=free), START) is None


@pytest.mark.parametrize(
    ("hours", "look"), [(0, START + timedelta(hours=6)), (6, DEADLINE), (7.5, DEADLINE), (8, None), (99, None)]
)
def test_the_worker_looks_again_when_something_can_become_due(hours: float, look: datetime | None) -> None:
    assert next_look(state(hours), START + timedelta(hours=hours)) == look


def test_a_colleague_whose_own_voice_is_needed_is_not_called_as_a_delegate() -> None:
    """In a stage that needs both, standing in would use up the own voice, and the stage could never pass."""
    both = Stage("legal", {"en": "Legal"}, "all", ("he", "fang"), due_after_hours=8)
    assert called(state(1, stage=both)) == {"he": None, "fang": None}
    assert state(1, stage=both).stages[0].delegates == ()
    assert called(state(1)) == {"fang": "he", "he": None, "wu": None}
