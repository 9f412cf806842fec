"""Adapted approval routes: what may be added and tightened, and the floor that the template keeps under it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agreements.approval_plan_checks import check_plan, require_plan
from agreements.approval_plans import StagePlan, floored, planned, with_people
from agreements.approval_routes import STAGES_MOST, TemplateStage
from agreements.course_errors import RouteInvalid
from agreements.errors import InvalidFields
from tests.agreements.cases import strategic

ROUTE = strategic().approval_route
LANGUAGES = ("zh-Hans", "en")
STAFF = {"legal": ("he", "wu"), "management": ("li", "ma", "xu")}
LEGAL, MANAGEMENT = planned(ROUTE)
EXTRA = StagePlan("stg_1", {"zh-Hans": "出口管制", "en": "Export control"}, "any", 1, people=("ma", "xu"))
ESCALATING = TemplateStage("tax", {"en": "Tax"}, "legal", due_after_hours=48, escalate_to="management")


def problems(*stages: StagePlan, route: Any = ROUTE) -> list[tuple[str, str]]:
    whole = floored(stages, route)
    return [(one.path, one.code) for one in check_plan(whole, route, STAFF, LANGUAGES)]


def test_the_route_of_the_template_as_a_plan_is_the_same_route() -> None:
    assert problems(LEGAL, MANAGEMENT) == []
    legal, management = with_people((LEGAL, MANAGEMENT), STAFF).stages
    assert (legal.approvers, legal.mode, legal.forbid) == (("he", "wu"), "all", ("author", "last_editor"))
    assert (management.approvers, management.k) == (("li", "ma", "xu"), 1)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_stage_can_be_added_anywhere(place: int) -> None:
    stages = [LEGAL, MANAGEMENT]
    stages.insert(place, EXTRA)
    assert problems(*stages) == []


def test_a_stage_of_the_template_can_be_made_stricter() -> None:
    stricter = replace(MANAGEMENT, k=2, people=("li", "ma"), role="", forbid=(*MANAGEMENT.forbid, "author"))
    assert problems(LEGAL, stricter) == []
    assert problems(LEGAL, replace(MANAGEMENT, mode="all")) == []
    assert problems(replace(LEGAL, due_after_hours=None), replace(MANAGEMENT, due_after_hours=5)) == []


def test_all_never_means_fewer_than_the_template_asks() -> None:
    """Two of three named people could be barred; "all who may" would then be one where the template asks two."""
    two = replace(ROUTE[1], k=2)
    (plan,) = floored((replace(planned((two,))[0], mode="all"),), (two,))
    assert plan.k == 2


@pytest.mark.parametrize(
    ("stages", "problem"),
    [
        ((), ("stages", "route.empty")),
        ((MANAGEMENT,), ("stages", "route.stage_missing")),
        ((LEGAL, EXTRA), ("stages", "route.stage_missing")),
        ((MANAGEMENT, LEGAL), ("stages", "route.order")),
        ((LEGAL, MANAGEMENT, EXTRA, EXTRA), ("stages", "route.twice")),
        ((replace(LEGAL, mode="any"), MANAGEMENT), ("stages.0.mode", "route.lower")),
        ((replace(LEGAL, mode="k_of_n", k=1), MANAGEMENT), ("stages.0.mode", "route.lower")),
        ((replace(LEGAL, role="", people=("he",)), MANAGEMENT), ("stages.0.by", "route.fewer")),
        ((replace(LEGAL, role="management"), MANAGEMENT), ("stages.0.by", "route.other_role")),
        ((LEGAL, replace(MANAGEMENT, role="", people=("li", "he"))), ("stages.1.by", "route.other_role")),
        ((LEGAL, replace(MANAGEMENT, role="", people=("li",))), ("stages.1.by", "route.fewer")),
        ((LEGAL, replace(MANAGEMENT, mode="any")), ("stages.1.mode", "route.lower")),
        ((replace(LEGAL, escalate_role="management"), MANAGEMENT), ("stages.0.escalate", "route.escalation_wider")),
        ((replace(LEGAL, escalate_people=("li",)), MANAGEMENT), ("stages.0.escalate", "route.escalation_wider")),
    ],
)
def test_what_the_template_demands_cannot_be_made_less(stages: tuple[StagePlan, ...], problem: tuple[str, str]) -> None:
    assert problem in problems(*stages)


def test_who_the_template_bars_stays_barred_whatever_a_form_leaves_out() -> None:
    legal, management = floored((replace(LEGAL, forbid=()), replace(MANAGEMENT, forbid=(), name={"en": "x"})), ROUTE)
    assert legal.forbid == LEGAL.forbid
    assert (management.forbid, management.name) == (MANAGEMENT.forbid, MANAGEMENT.name)


@pytest.mark.parametrize(("hours", "refused"), [(48, False), (100, False), (47, True)])
def test_where_the_template_escalates_the_deadline_does_not_come_sooner(hours: int, refused: bool) -> None:
    stage = replace(planned((ESCALATING,))[0], due_after_hours=hours)
    found = problems(stage, route=(ESCALATING,))
    assert found == ([("stages.0.due_after_hours", "route.sooner")] if refused else [])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": {"en": "Export control"}}, ("stages.2.name.zh-Hans", "route.name_missing")),
        ({"name": {"en": "x" * 81, "zh-Hans": "出"}}, ("stages.2.name.en", "route.name_long")),
        ({"people": ()}, ("stages.2.by", "route.nobody")),
        ({"role": "host"}, ("stages.2.by", "route.role")),
        ({"people": ("nobody",)}, ("stages.2.by", "route.person")),
        ({"mode": "most"}, ("stages.2.mode", "route.mode")),
        ({"mode": "k_of_n", "k": 3}, ("stages.2.k", "route.k")),
        ({"mode": "k_of_n", "k": 0}, ("stages.2.k", "route.k")),
        ({"due_after_hours": 0}, ("stages.2.due_after_hours", "route.hours")),
        ({"due_after_hours": 10**6}, ("stages.2.due_after_hours", "route.hours")),
        ({"escalate_role": "legal"}, ("stages.2.due_after_hours", "route.hours_missing")),
        ({"escalate_people": ("nobody",), "due_after_hours": 1}, ("stages.2.escalate", "route.escalation")),
        ({"escalate_role": "host", "due_after_hours": 1}, ("stages.2.escalate", "route.escalation")),
        ({"forbid": ("friend",)}, ("stages.2.forbid", "route.forbid")),
    ],
)
def test_what_can_never_pass_is_named_at_its_field(changes: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problems(LEGAL, MANAGEMENT, replace(EXTRA, **changes)) == [problem]


def test_a_thousand_stages_are_one_problem_not_a_thousand() -> None:
    many = [replace(EXTRA, id=f"stg_{number}") for number in range(1000)]
    assert problems(*many) == [("stages", "route.too_long")]
    with pytest.raises(RouteInvalid, match="at most 20"):
        with_people(many[: STAGES_MOST + 1], STAFF)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(InvalidFields) as refused:
        require_plan((replace(EXTRA, people=(), name={}), LEGAL), ROUTE, STAFF, LANGUAGES)
    assert len(refused.value.problems) == 4
