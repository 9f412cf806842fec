"""Approvals: whose decision counts, for which content, and why another does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.approvals import (
    VOID_REASONS,
    Decision,
    Delegation,
    Route,
    RouteState,
    Stage,
    check_decision,
    evaluate,
)
from agreements.course_errors import AlreadyDecided, NotAnApprover, OutOfTurn, OwnDraft, RouteInvalid, VersionChanged
from agreements.errors import AgreementError

OLD, NEW = "a" * 64, "b" * 64
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEGAL = Stage("legal", {"en": "Legal review"}, "all", ("he", "wu"), forbid=("author", "last_editor"))
MANAGEMENT = Stage(
    "management",
    {"en": "Management"},
    "k_of_n",
    ("li", "ma", "lin"),
    k=1,
    forbid=("author", "last_editor", "signatory"),
)
ROUTE = Route((LEGAL, MANAGEMENT), opened_at=START)


def decision(person: str, stage: str = "legal", verdict: str = "approve", **more: Any) -> Decision:
    values: dict[str, Any] = {"on_behalf_of": None, "version_sha256": NEW, "text": "", "at": START, **more}
    return Decision(stage, person, verdict=verdict, **values)


CASE: dict[str, Any] = {
    "version_sha256": NEW,
    "author": "chen",
    "last_editor": "deng",
    "signatories": ("lin", "zhou"),
    "now": START + timedelta(hours=1),
}


def state(*decisions: Decision, route: Route = ROUTE, **more: Any) -> RouteState:
    return evaluate(route, decisions, **CASE | more)


def reasons(found: RouteState) -> list[tuple[str, str]]:
    return [(one.decision.person_id, one.reason) for one in found.voided]


def test_nothing_decided() -> None:
    found = state()
    assert (found.status, [one.status for one in found.stages]) == ("in_review", ["open", "waiting"])
    assert (found.stages[0].asked, found.stages[0].needed) == (("he", "wu"), 2)
    assert found.open_stage is not None
    assert found.open_stage.stage.id == "legal"


def test_stages_pass_one_after_the_other() -> None:
    found = state(decision("he"), decision("wu"))
    assert [one.status for one in found.stages] == ["passed", "open"]
    assert found.stages[1].asked == ("li", "ma")  # a signatory may not approve here
    found = state(decision("he"), decision("wu"), decision("ma", "management"))
    assert (found.status, [one.status for one in found.stages]) == ("approved", ["passed", "passed"])
    assert found.open_stage is None


def test_any_one_is_enough_where_any_is_asked() -> None:
    route = Route((Stage("legal", {"en": "Legal"}, "any", ("he", "wu")),))
    assert state(decision("wu"), route=route).status == "approved"


def test_an_approval_does_not_outlive_its_content() -> None:
    found = state(decision("he", version_sha256=OLD), decision("wu", version_sha256=OLD), decision("he"))
    assert reasons(found) == [("he", "version_changed"), ("wu", "version_changed")]
    assert found.stages[0].asked == ("wu",)


def test_the_same_content_keeps_its_approvals() -> None:
    given_before = [decision("he"), decision("wu"), decision("li", "management")]
    assert evaluate(ROUTE, given_before, **CASE | {"now": START + timedelta(days=90)}).status == "approved"


def test_author_and_editor_cannot_be_among_those_who_approve() -> None:
    found = state(decision("wu"), author="he")
    assert [one.status for one in found.stages] == ["passed", "open"]  # all who are allowed to decide did
    assert reasons(state(decision("he"), last_editor="he")) == [("he", "own_draft")]


def test_a_stage_left_without_anybody_is_blocked_not_passed() -> None:
    found = state(author="he", last_editor="wu")
    assert (found.status, found.stages[0].status, found.stages[0].asked) == ("in_review", "blocked", ())


def test_one_person_counts_once_in_the_whole_route() -> None:
    route = Route((LEGAL, Stage("management", {"en": "M"}, "k_of_n", ("he", "li"), k=1)))
    found = state(decision("he"), decision("wu"), decision("he", "management"), route=route)
    assert reasons(found) == [("he", "already_decided")]
    assert found.stages[1].asked == ("li",)
    assert found.status == "in_review"


def test_request_for_changes_stops_and_can_be_taken_back_by_the_same_person() -> None:
    asked = decision("he", verdict="request_changes", text="Who owns results?")
    found = state(asked, decision("wu"))
    assert (found.status, found.stages[0].status) == ("changes_requested", "changes_requested")
    assert found.stages[0].asked == ("he",)
    again = decision("he", at=START + timedelta(minutes=5))
    assert state(asked, decision("wu"), again).stages[0].status == "passed"


def test_reject_is_final() -> None:
    found = state(decision("he", verdict="reject"), decision("wu"), decision("he"))
    assert found.status == "rejected"
    assert reasons(found) == [("wu", "out_of_turn"), ("he", "already_decided")]


DELEGATION = Delegation("he", "fang", START, START + timedelta(days=2))


def test_a_delegate_decides_for_the_approver() -> None:
    route = Route((LEGAL, MANAGEMENT), (DELEGATION,), START)
    assert state(route=route).stages[0].delegates == (("fang", "he"),)
    found = state(decision("fang", on_behalf_of="he"), decision("wu"), route=route)
    assert found.stages[0].status == "passed"
    assert found.stages[0].decided[0].principal == "he"


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (decision("fang", on_behalf_of="wu"), "not_an_approver"),
        (decision("fang"), "not_an_approver"),
        (decision("he", on_behalf_of="fang"), "not_an_approver"),
        (decision("fang", on_behalf_of="he", at=START + timedelta(days=2)), "not_an_approver"),
        (decision("fang", on_behalf_of="he", at=START - timedelta(seconds=1)), "not_an_approver"),
        (decision("gu", on_behalf_of="fang"), "not_an_approver"),
    ],
)
def test_a_delegation_is_dated_personal_and_not_passed_on(attempt: Decision, reason: str) -> None:
    second = Delegation("fang", "gu", START, START + timedelta(days=2))
    found = state(attempt, route=Route((LEGAL, MANAGEMENT), (DELEGATION, second), START))
    assert [one.reason for one in found.voided] == [reason]


def test_a_delegate_who_is_author_cannot_decide_and_one_who_decided_is_used_up() -> None:
    route = Route((LEGAL, MANAGEMENT), (DELEGATION,), START)
    assert reasons(state(decision("fang", on_behalf_of="he"), route=route, author="fang")) == [("fang", "own_draft")]
    to_wu = Route((LEGAL, MANAGEMENT), (Delegation("he", "wu", START, START + timedelta(days=2)),), START)
    found = state(decision("wu"), decision("wu", on_behalf_of="he"), route=to_wu)
    assert reasons(found) == [("wu", "already_decided")]


def test_who_stood_in_has_used_up_their_own_voice() -> None:
    to_wu = Route((LEGAL, MANAGEMENT), (Delegation("he", "wu", START, START + timedelta(days=2)),), START)
    found = state(decision("wu", on_behalf_of="he"), decision("wu"), route=to_wu)
    assert reasons(found) == [("wu", "already_decided")]
    assert found.stages[0].status == "blocked"


def test_escalation_adds_approvers_only_once_it_is_overdue() -> None:
    late = Stage("legal", {"en": "Legal"}, "any", ("he",), due_after_hours=24, escalate_to=("zhao",))
    route = Route((late,), opened_at=START)
    early, after = START + timedelta(hours=23), START + timedelta(hours=24)
    assert reasons(state(decision("zhao", at=early), route=route)) == [("zhao", "not_an_approver")]
    found = state(route=route, now=after)
    assert (found.stages[0].overdue, found.stages[0].asked, found.status) == (True, ("he", "zhao"), "in_review")
    assert state(decision("zhao", at=after), route=route, now=after).status == "approved"


def test_escalation_does_not_raise_what_is_needed() -> None:
    late = Stage("legal", {"en": "Legal"}, "all", ("he",), due_after_hours=24, escalate_to=("zhao",))
    found = state(decision("he"), route=Route((late,), opened_at=START), now=START + timedelta(hours=30))
    assert found.status == "approved"


def test_deadlines_count_from_the_opening_of_the_stage() -> None:
    second = Stage("management", {"en": "M"}, "any", ("li",), due_after_hours=10)
    route = Route((Stage("legal", {"en": "L"}, "any", ("he",)), second), opened_at=START)
    at = START + timedelta(hours=5)
    found = state(decision("he", at=at), route=route, now=START + timedelta(hours=6))
    assert (found.stages[1].opened_at, found.stages[1].due_at, found.stages[1].overdue) == (
        at,
        at + timedelta(hours=10),
        False,
    )


@pytest.mark.parametrize(
    ("attempt", "before", "error"),
    [
        (decision("he", version_sha256=OLD), [], VersionChanged),
        (decision("li", "management"), [], OutOfTurn),
        (decision("he", "finance"), [], OutOfTurn),
        (decision("li"), [], NotAnApprover),
        (decision("he"), [decision("he")], AlreadyDecided),
        (decision("he"), [decision("he"), decision("wu")], AlreadyDecided),
        (decision("lin", "management"), [decision("he"), decision("wu")], OwnDraft),
        (decision("ma", "management"), [decision("he"), decision("wu"), decision("li", "management")], OutOfTurn),
        (decision("wu"), [decision("he", verdict="reject")], OutOfTurn),
        (decision("he", verdict="maybe"), [], RouteInvalid),
    ],
)
def test_a_decision_that_would_not_count_is_refused(
    attempt: Decision, before: list[Decision], error: type[AgreementError]
) -> None:
    with pytest.raises(error):
        check_decision(ROUTE, before, attempt, **CASE)


def test_the_refusals_say_what_matters() -> None:
    with pytest.raises(VersionChanged) as changed:
        check_decision(ROUTE, [], decision("he", version_sha256=OLD), **CASE)
    assert changed.value.params == {"expected": NEW, "given": OLD}
    with pytest.raises(OwnDraft) as own:
        check_decision(ROUTE, [], decision("he"), **CASE | {"last_editor": "he"})
    assert "last editor" in str(own.value)
    with pytest.raises(OutOfTurn) as turn:
        check_decision(ROUTE, [], decision("li", "management"), **CASE)
    assert turn.value.params == {"stage": "Management", "open": "Legal review"}


PEOPLE = ("he", "wu", "li", "ma", "lin")
DECISIONS = st.builds(
    decision,
    st.sampled_from(PEOPLE),
    st.sampled_from((*["legal"] * 4, *["management"] * 4, "finance")),
    st.sampled_from((*["approve"] * 8, "request_changes", "reject")),
    on_behalf_of=st.sampled_from((None, None, None, *PEOPLE)),
    version_sha256=st.sampled_from((*[NEW] * 7, OLD)),
    at=st.integers(0, 3000).map(lambda minutes: START + timedelta(minutes=minutes)),
)
DELEGATIONS = st.lists(
    st.builds(
        Delegation,
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.just(START),
        st.integers(1000, 3000).map(lambda minutes: START + timedelta(minutes=minutes)),
    ),
    max_size=6,
)
AUTHORS = st.sampled_from(("chen", "chen", "he", "li"))
MODES = st.sampled_from(("all", "any", "k_of_n"))


@settings(max_examples=400, deadline=None)
@given(st.lists(DECISIONS, max_size=14), DELEGATIONS, MODES, MODES, AUTHORS, AUTHORS)
def test_no_sequence_of_decisions_breaks_the_rules(
    decisions: list[Decision], delegations: list[Delegation], first: str, second: str, author: str, editor: str
) -> None:
    stages = (
        Stage("legal", {"en": "L"}, first, ("he", "wu", "li"), 2, ("author", "last_editor"), 20, ("ma",)),
        Stage("management", {"en": "M"}, second, ("li", "ma", "lin", "he"), 2, ("author", "last_editor", "signatory")),
    )
    route = Route(stages, tuple(delegations), START)
    case = CASE | {"author": author, "last_editor": editor, "now": START + timedelta(days=4)}
    found = evaluate(route, decisions, **case)
    counted = [one for stage in found.stages for one in stage.decided]

    # every decision either counts, is void with a reason, or was replaced by a later one of the same approver
    assert all(one.reason in VOID_REASONS for one in found.voided)
    assert len(counted) + len(found.voided) <= len(decisions)
    # none counts for another content
    assert all(one.version_sha256 == NEW for one in counted)
    # nobody is counted twice, in person or through another
    voices = [{one.person_id, one.principal} for one in counted]
    assert sum(map(len, voices)) == len(set().union(*voices))
    # four eyes
    barred = [{author, editor}, {author, editor, "lin", "zhou"}]
    for stage, excluded in zip(found.stages, barred, strict=True):
        assert not any({one.person_id, one.principal} & excluded for one in stage.decided)
    # a later stage has nothing before the earlier one is passed; approved means every stage has what it needs
    if found.stages[1].decided:
        assert found.stages[0].status == "passed"
    for stage in found.stages:
        approvals = [one for one in stage.decided if one.verdict == "approve"]
        if stage.status == "passed":
            assert len(approvals) == len(stage.decided) >= 1
    assert (found.status == "approved") is all(one.status == "passed" for one in found.stages)
    # the order in which the rows come from a database does not matter
    if len({one.at for one in decisions}) == len(decisions):
        assert evaluate(route, decisions[::-1], **case) == found
    # a new content begins anew
    assert evaluate(route, decisions, **case | {"version_sha256": "c" * 64}).status == "in_review"


@settings(max_examples=200, deadline=None)
@given(st.lists(DECISIONS, max_size=8), DECISIONS)
def test_what_check_lets_through_counts_and_what_it_refuses_does_not(
    decisions: list[Decision], attempt: Decision
) -> None:
    later = Decision(
        attempt.stage_id,
        attempt.person_id,
        attempt.on_behalf_of,
        attempt.verdict,
        attempt.version_sha256,
        "the attempt",
        START + timedelta(days=3),
    )
    case = CASE | {"now": START + timedelta(days=3)}
    after = evaluate(ROUTE, [*decisions, later], **case)
    counts = any(one.text == "the attempt" for stage in after.stages for one in stage.decided)
    try:
        check_decision(ROUTE, decisions, later, **case)
    except AgreementError:
        refused = True
    else:
        refused = False
    assert refused is not counts
