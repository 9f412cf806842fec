"""Routes with people in them, and routes that must be refused."""

from __future__ import annotations

from typing import Any

import pytest

from agreements.approval_routes import Route, Stage, TemplateStage, check_route, resolve_route
from agreements.course_errors import RouteInvalid
from tests.agreements.cases import strategic

NAME = {"en": "Review"}


def test_the_shipped_route_with_people() -> None:
    route = resolve_route(strategic().approval_route, {"legal": ["he", "wu", "he"], "management": ["li", "ma", "xu"]})
    assert [(one.id, one.approvers, one.k) for one in route.stages] == [
        ("legal", ("he", "wu"), 1),
        ("management", ("li", "ma", "xu"), 1),
    ]
    assert route.stages[1].forbid == ("author", "last_editor", "signatory")


@pytest.mark.parametrize(
    "people",
    [{}, {"legal": ["he"]}, {"legal": [], "management": ["li", "ma"]}, {"legal": ["he"], "management": ["li"]}],
)
def test_a_stage_nobody_or_too_few_can_decide_is_refused(people: dict[str, list[str]]) -> None:
    with pytest.raises(RouteInvalid) as refused:
        resolve_route(strategic().approval_route, people)
    assert refused.value.code == "approval.route_invalid"


@pytest.mark.parametrize(
    "stages",
    [
        (),
        (Stage("a", NAME, "all", ()),),
        (Stage("a", NAME, "most", ("x",)),),
        (Stage("a", NAME, "all", ("x",), forbid=("friend",)),),
        (Stage("a", NAME, "k_of_n", ("x",), k=2),),
        (Stage("a", NAME, "k_of_n", ("x",), k=0),),
        (Stage("a", NAME, "all", ("x",)), Stage("a", NAME, "all", ("y",))),
    ],
)
def test_a_route_that_passes_by_itself_or_never_can_is_refused(stages: tuple[Stage, ...]) -> None:
    with pytest.raises(RouteInvalid):
        check_route(Route(stages))


def test_escalation_takes_people_of_another_role() -> None:
    stage: Any = TemplateStage("legal", NAME, "legal", due_after_hours=24, escalate_to="head")
    (resolved,) = resolve_route([stage], {"legal": ["he"], "head": ["zhao"]}).stages
    assert (resolved.approvers, resolved.escalate_to) == (("he",), ("zhao",))
