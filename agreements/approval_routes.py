"""Who is to approve, in which order: the stages of a template by role, and the same route with people in it.

Deciding and counting is approvals.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agreements.course_errors import RouteInvalid
from agreements.errors import N_
from agreements.languages import Texts, choose

MODES = ("all", "any", "k_of_n")
RELATIONS = ("author", "last_editor", "signatory")
STAGES_MOST = 20  # a longer route is a mistake, and every look at a review replays it

PersonId = str


@dataclass(frozen=True, slots=True)
class TemplateStage:
    """A stage as a template has it: by role. `of`: how many people the role must have at least in a k_of_n stage."""

    id: str
    name: Texts
    role: str
    mode: str = "all"
    k: int = 1
    of: int = 1
    forbid: tuple[str, ...] = ()
    due_after_hours: int | None = None
    escalate_to: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with people. `escalate_to` join the approvers when the stage is overdue and are not counted before.

    `k`: approvals needed in a k_of_n stage; in an "all" stage the least that will do, however many are barred.
    """

    id: str
    name: Texts
    mode: str
    approvers: tuple[PersonId, ...]
    k: int = 1
    forbid: tuple[str, ...] = ()
    due_after_hours: int | None = None
    escalate_to: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Delegation:
    """`person_id` asks `to` to decide in their place, from `starts_at` until before `ends_at`. Not passed on."""

    person_id: PersonId
    to: PersonId
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Route:
    """Stages in order. `opened_at`: when the review began (for deadlines); None where nothing has a deadline."""

    stages: tuple[Stage, ...]
    delegations: tuple[Delegation, ...] = ()
    opened_at: datetime | None = None


def resolve_route(
    template_route: Sequence[TemplateStage],
    people_by_role: Mapping[str, Sequence[PersonId]],
    *,
    delegations: Sequence[Delegation] = (),
    opened_at: datetime | None = None,
) -> Route:
    """Put people into the stages. Raises RouteInvalid for a stage that nobody, or too few, could decide.

    A person named twice in a role counts once.
    """
    stages = []
    for one in template_route:
        people = tuple(dict.fromkeys(people_by_role.get(one.role, ())))
        escalation = tuple(dict.fromkeys(people_by_role.get(one.escalate_to, ()))) if one.escalate_to else ()
        stages.append(Stage(one.id, one.name, one.mode, people, one.k, one.forbid, one.due_after_hours, escalation))
        if one.mode == "k_of_n" and len(people) < one.of:
            raise RouteInvalid(stage=choose(one.name, "en"), reason=f"it needs {one.of} people in the role {one.role}")
    route = Route(tuple(stages), tuple(delegations), opened_at)
    check_route(route)
    return route


def check_route(route: Route) -> None:
    """Raise RouteInvalid for a route that passes by itself or never can: empty means refuse."""
    if not route.stages:
        raise RouteInvalid(stage="–", reason=N_("a route has at least one stage"))
    if len(route.stages) > STAGES_MOST:
        raise RouteInvalid(stage="–", reason=N_("a route has at most 20 stages"))
    if len({stage.id for stage in route.stages}) != len(route.stages):
        raise RouteInvalid(stage="–", reason=N_("two stages have the same id"))
    for stage in route.stages:
        name = choose(stage.name, "en")
        if stage.mode not in MODES or any(relation not in RELATIONS for relation in stage.forbid):
            raise RouteInvalid(stage=name, reason=N_("its mode or a forbidden relation is unknown"))
        if not stage.approvers:
            raise RouteInvalid(stage=name, reason=N_("nobody is asked in it"))
        if stage.mode != "any" and not 1 <= stage.k <= len(stage.approvers):
            raise RouteInvalid(stage=name, reason=N_("it needs more approvals than it has approvers"))
