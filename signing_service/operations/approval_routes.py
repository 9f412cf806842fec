"""The approval route of an agreement: the template's, or as the drafters adapted it before it is sent.

What is adapted here is taken at the next submission; a review under way keeps the route it began with. What a route
may be is decided in `agreements.approval_plan_checks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select

from agreements.approval_plan_checks import require_plan
from agreements.approval_plans import Staff, StagePlan, floored, planned, with_people
from agreements.approval_routes import Route, TemplateStage, resolve_route
from agreements.canonical import canonical_bytes, sha256_of
from agreements.course_errors import NotPermittedInState
from agreements.lifecycle import State
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import ApprovalRouteChanged
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approval_routes import AdaptedRoute
from signing_service.db.models.people import Person
from signing_service.errors import N_, ChangedMeanwhile
from signing_service.ids import new_id
from signing_service.operations import rows
from signing_service.operations.agreements import ADAPTABLE, AgreementRow, row_of
from signing_service.operations.delegations import Colleague, approvers
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import APPROVING, Action


@dataclass(frozen=True, slots=True)
class RouteView:
    """The route as the editor shows it. `demanded`: the template's stages by id, the floor under the plan.

    `row_version` is 0 as long as nobody adapted it. `colleagues` can be named; `holders` says how many have a role.
    """

    agreement: AgreementRow
    languages: tuple[str, ...]
    stages: tuple[StagePlan, ...]
    demanded: dict[str, TemplateStage]
    adapted: bool
    row_version: int
    colleagues: tuple[Colleague, ...]
    holders: dict[str, tuple[str, ...]]


@query(Action.ROUTE_EDIT)
def read(act: Act, agreement_id: str) -> RouteView:
    """The route that the next submission would take; raises the lifecycle's refusal while it cannot be adapted."""
    agreement = rows.agreement(act, agreement_id)
    _require_adaptable(agreement)
    template = template_of(act, agreement)
    adapted = act.session.get(AdaptedRoute, agreement_id)
    people = approvers(act)
    return RouteView(
        agreement=row_of(agreement),
        languages=template.languages,
        stages=_plan(adapted, template.approval_route),
        demanded={one.id: one for one in template.approval_route},
        adapted=adapted is not None and bool(adapted.stages),
        row_version=adapted.row_version if adapted is not None else 0,
        colleagues=tuple(Colleague(p.id, p.name) for p in people),
        holders={role: tuple(p.name for p in people if role in p.roles) for role in APPROVING},
    )


@command(Action.ROUTE_EDIT)
def save(act: Act, agreement_id: str, stages: Sequence[StagePlan], row_version: int) -> None:
    """Adapt the route. Stages without an id are new and get one that was never used.

    Raises `InvalidFields` with every problem, `ChangedMeanwhile` when somebody saved since the form was opened or a
    stage is unknown here, and the lifecycle's refusal once a version is in review.
    """
    agreement, adapted = _taken(act, agreement_id, row_version)
    template = template_of(act, agreement)
    known = {stage.id for stage in _plan(adapted, template.approval_route)}
    if any(stage.id and stage.id not in known for stage in stages):
        raise ChangedMeanwhile(what=N_("The approval route"))
    # Decisions name their stage: an id that came back would bring old ones into a stage of another meaning.
    named = [stage if stage.id else replace(stage, id=new_id("stg")) for stage in stages]
    whole = floored(named, template.approval_route)
    require_plan(whole, template.approval_route, _staff(act), template.languages)
    _keep(act, adapted, [asdict(stage) for stage in whole])
    stored = sha256_of(canonical_bytes(adapted.stages))
    changed = ApprovalRouteChanged(tuple(stage.id for stage in whole), stored)
    act.record(Recorded.APPROVAL_ROUTE_CHANGED, changed, agreement=agreement_id)


@command(Action.ROUTE_EDIT)
def restore(act: Act, agreement_id: str, row_version: int) -> None:
    """Go back to the route of the template; raises as `save` does."""
    agreement, adapted = _taken(act, agreement_id, row_version)
    _keep(act, adapted, [])
    stages = tuple(one.id for one in template_of(act, agreement).approval_route)
    act.record(Recorded.APPROVAL_ROUTE_CHANGED, ApprovalRouteChanged(stages, None, True), agreement=agreement_id)


def current(act: Act, agreement: Agreement) -> Route:
    """The route a submission takes now, with today's people; inside the caller's transaction.

    Raises `RouteInvalid` for a stage nobody could decide, `InvalidFields` when an adapted route no longer fits.
    """
    template = template_of(act, agreement)
    adapted = act.session.get(AdaptedRoute, agreement.id)
    if adapted is None or not adapted.stages:
        return resolve_route(template.approval_route, _people_by_role(act))
    whole = floored(_plan(adapted, template.approval_route), template.approval_route)
    staff = _staff(act)
    require_plan(whole, template.approval_route, staff, template.languages)
    return with_people(whole, staff)


def _taken(act: Act, agreement_id: str, row_version: int) -> tuple[Agreement, AdaptedRoute]:
    """The agreement and its adapted route (an empty one where there is none yet), both for writing."""
    agreement = rows.agreement_locked(act, agreement_id)
    _require_adaptable(agreement)
    adapted = act.session.get(AdaptedRoute, agreement_id, with_for_update=True)
    if adapted is None:
        adapted = AdaptedRoute(agreement_id=agreement_id, stages=[], row_version=0)
    if adapted.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The approval route"))
    return agreement, adapted


def _require_adaptable(agreement: Agreement) -> None:
    """Only before a version is sent: those who decide must know over which route."""
    if State(agreement.state) not in ADAPTABLE:
        raise NotPermittedInState(state=agreement.state, command=N_("adapt the approval route"))


def _keep(act: Act, adapted: AdaptedRoute, stages: list[dict[str, Any]]) -> None:
    adapted.stages = stages
    adapted.row_version += 1
    adapted.changed_by, adapted.changed_at = act.actor.id, act.now
    act.session.add(adapted)


def _plan(adapted: AdaptedRoute | None, template_route: Sequence[TemplateStage]) -> tuple[StagePlan, ...]:
    if adapted is None or not adapted.stages:
        return planned(template_route)
    names = ("people", "forbid", "escalate_people")
    return tuple(StagePlan(**{**one, **{name: tuple(one[name]) for name in names}}) for one in adapted.stages)


def _staff(act: Act) -> Staff:
    """Approving role → who has it."""
    people = approvers(act)
    return {role: tuple(p.id for p in people if role in p.roles) for role in APPROVING}


def _people_by_role(act: Act) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in act.session.scalars(select(Person).where(Person.active).order_by(Person.id)):
        for role in person.roles:
            found.setdefault(role, []).append(person.id)
    return found
