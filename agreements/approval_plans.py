"""The approval route of one agreement as its drafters adapt it, and the floor that its template keeps under it.

Stages can be added, tightened and moved. A stage of the template cannot be taken away, and what it demands (who is
barred, how many approve, from which role) cannot be made less. Counting decisions is approvals.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agreements.approval_routes import Delegation, PersonId, Route, Stage, TemplateStage, check_route
from agreements.languages import Texts

#: Role → the people who have it and may decide.
Staff = Mapping[str, Sequence[PersonId]]


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage as the drafters want it: asked is everybody with `role`, or `people` where no role is given.

    The same holds for the two fields of escalation; both empty means that nobody is added when the stage is late.
    """

    id: str
    name: Texts
    mode: str = "all"
    k: int = 1
    role: str = ""
    people: tuple[PersonId, ...] = ()
    forbid: tuple[str, ...] = ()
    due_after_hours: int | None = None
    escalate_role: str = ""
    escalate_people: tuple[PersonId, ...] = ()

    def approvers(self, staff: Staff) -> tuple[PersonId, ...]:
        """The people asked, each once."""
        return tuple(dict.fromkeys(staff.get(self.role, ()) if self.role else self.people))

    def escalation(self, staff: Staff) -> tuple[PersonId, ...]:
        """The people who are asked too when it is late, each once."""
        return tuple(dict.fromkeys(staff.get(self.escalate_role, ()) if self.escalate_role else self.escalate_people))


def planned(template_route: Sequence[TemplateStage]) -> tuple[StagePlan, ...]:
    """The route of the template, as a plan that nobody has adapted yet."""
    return tuple(
        StagePlan(
            one.id,
            one.name,
            one.mode,
            one.k,
            one.role,
            (),
            one.forbid,
            one.due_after_hours,
            one.escalate_to or "",
        )
        for one in template_route
    )


def floored(plans: Sequence[StagePlan], template_route: Sequence[TemplateStage]) -> tuple[StagePlan, ...]:
    """The plan with what the template fixes: the names of its stages, who is barred, the least that will do."""
    demanded = {one.id: one for one in template_route}
    return tuple(_floored(plan, demanded[plan.id]) if plan.id in demanded else plan for plan in plans)


def _floored(plan: StagePlan, demanded: TemplateStage) -> StagePlan:
    forbid = tuple(dict.fromkeys((*demanded.forbid, *plan.forbid)))
    least = max(plan.k, demanded.k) if plan.mode == "all" else plan.k
    return replace(plan, name=demanded.name, forbid=forbid, k=least)


def with_people(
    plans: Sequence[StagePlan],
    staff: Staff,
    *,
    delegations: Sequence[Delegation] = (),
    opened_at: datetime | None = None,
) -> Route:
    """Put people into a plan that was checked. Raises RouteInvalid for a stage that nobody could decide."""
    stages = tuple(
        Stage(
            plan.id,
            plan.name,
            plan.mode,
            plan.approvers(staff),
            plan.k,
            plan.forbid,
            plan.due_after_hours,
            plan.escalation(staff),
        )
        for plan in plans
    )
    route = Route(stages, tuple(delegations), opened_at)
    check_route(route)
    return route
