"""The review of an agreement: its route with people, the decisions given, and what both come to.

Reads and converts; deciding is in `approvals`, the rules are in `agreements.approvals`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from agreements import approvals as rules
from agreements import reminders
from agreements.approval_routes import Route, Stage
from agreements.languages import Texts
from agreements.lifecycle import State
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approvals import Decision, Review
from signing_service.db.models.delegations import Delegation
from signing_service.db.models.people import Person
from signing_service.db.models.reminders import Reminder
from signing_service.operations import rows
from signing_service.operations.operation import Act


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision; `void` ones stay visible with the reason. `principal_name`: for whom a delegate decided, or "".

    `stage_name` is empty when the route of today has no such stage.
    """

    stage_name: Mapping[str, str]
    person_name: str
    principal_name: str
    verdict: str
    text: str
    version_number: int
    version_sha256: str
    decided_at: datetime
    void: bool
    void_reason: str


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage with who decided and who is asked now.

    `delegates`: (name, for whom) who may decide now. `escalated`: who is asked only because the stage is late, since
    `escalated_at` when they have been told.
    """

    id: str
    name: Mapping[str, str]
    status: str
    needed: int
    of: int
    decisions: tuple[DecisionView, ...]
    asked: tuple[str, ...]
    delegates: tuple[tuple[str, str], ...]
    escalated: tuple[str, ...]
    escalated_at: datetime | None
    opened_at: datetime | None
    due_after_hours: int | None
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class VoiceView:
    """One way to decide for the person who looks: for themselves ("") or on behalf of somebody."""

    on_behalf_of: str
    name: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The review as pages show it; `voices` is about the person who looks.

    `under_way`: whether anybody can decide at all. Once the agreement was revised its review is over, deadlines too.
    """

    version_number: int
    version_sha256: str
    submitted_at: datetime
    submitted_by_name: str
    state: str
    under_way: bool
    stages: tuple[StageView, ...]
    voided: tuple[DecisionView, ...]
    voices: tuple[VoiceView, ...]

    @property
    def may_decide(self) -> bool:
        """Whether the person who looks is asked now."""
        return bool(self.voices)


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules of approval look at."""

    route: Route
    decisions: tuple[rules.Decision, ...]
    facts: dict[str, Any]


def context(act: Act, agreement: Agreement, review: Review) -> Context:
    """Route, decisions and facts of a review, as the rules take them."""
    given = tuple(
        rules.Decision(
            stage_id=d.stage_id,
            person_id=d.person_id,
            on_behalf_of=d.on_behalf_of,
            verdict=d.verdict,
            version_sha256=d.version_sha256,
            text=d.text,
            at=d.decided_at,
        )
        for d in _decisions(act, agreement.id)
    )
    version = rows.version_row(act, agreement.id, review.version_number)
    facts = {
        "version_sha256": review.version_sha256,
        "author": agreement.author_id,
        "last_editor": version.edited_by or version.saved_by,
        "signatories": _signatory_people(act, agreement.id, review.version_number),
        "now": act.now,
    }
    stages = route_of(review.route)
    return Context(Route(stages, _delegations(act, stages), review.submitted_at), given, facts)


def view(act: Act, agreement: Agreement) -> ReviewView | None:
    """The review of an agreement, or None before the first submission."""
    review = act.session.get(Review, agreement.id)
    if review is None:
        return None
    found = context(act, agreement, review)
    facts = found.facts
    if State(agreement.state) is State.DRAFT and agreement.newest_version > review.version_number:
        # a newer version was saved: what was decided over the older one is void already, not only when it is sent again
        newest = rows.version_row(act, agreement.id, agreement.newest_version)
        facts = {**facts, "version_sha256": newest.sha256}
    state = rules.evaluate(found.route, found.decisions, **facts)
    people = {p.id: p for p in act.session.scalars(select(Person))}
    names = {stage.id: stage.name for stage in found.route.stages}
    given = [(d, _decision_view(d, _void_reason(state, d), people, names)) for d in _decisions(act, agreement.id)]
    escalated_at = _escalated_at(act, review)
    under_way = State(agreement.state) is State.IN_REVIEW
    return ReviewView(
        version_number=review.version_number,
        version_sha256=review.version_sha256,
        submitted_at=review.submitted_at,
        submitted_by_name=people[review.submitted_by].name,
        state=state.status,
        under_way=under_way,
        stages=tuple(
            _stage_view(
                stage,
                tuple(v for d, v in given if d.stage_id == stage.stage.id and not v.void),
                people,
                escalated_at.get(stage.stage.id),
            )
            for stage in state.stages
        ),
        voided=tuple(v for _, v in given if v.void),
        voices=tuple(_voice(v, people) for v in voices(act, state)) if under_way else (),
    )


def voices(act: Act, state: rules.RouteState) -> tuple[str, ...]:
    """For whom the actor may decide now: "" for themselves, or the ids of approvers who delegated to them."""
    stage = state.open_stage
    if stage is None or stage.status in ("blocked", "rejected"):
        return ()
    own = ("",) if act.actor.id in stage.asked else ()
    asked_of_me = [principal for person, principal in stage.delegates if person == act.actor.id]
    return own + tuple(p for p in dict.fromkeys(asked_of_me) if act.session.get_one(Person, p).active)


def route_json(route: Route) -> dict[str, Any]:
    """A route as it is stored; delegations and deadlines come from their own rows."""
    return {"stages": [asdict(s) for s in route.stages]}


def route_of(stored: Mapping[str, Any]) -> tuple[Stage, ...]:
    """The stages of a stored route."""
    return tuple(
        Stage(
            **{
                **one,
                "approvers": tuple(one["approvers"]),
                "forbid": tuple(one["forbid"]),
                "escalate_to": tuple(one["escalate_to"]),
            }
        )
        for one in stored["stages"]
    )


def _delegations(act: Act, stages: tuple[Stage, ...]) -> tuple[rules.Delegation, ...]:
    """Every delegation that anybody in the route ever gave: earlier decisions rest on those that are over."""
    people = {person for stage in stages for person in (*stage.approvers, *stage.escalate_to)}
    given = act.session.scalars(
        select(Delegation).where(Delegation.person_id.in_(people)).order_by(Delegation.given_at, Delegation.id)
    )
    return tuple(
        rules.Delegation(d.person_id, d.delegate_id, d.starts_at, min(d.ends_at, d.revoked_at or d.ends_at))
        for d in given
    )


def _decisions(act: Act, agreement_id: str) -> list[Decision]:
    return list(
        act.session.scalars(
            select(Decision).where(Decision.agreement_id == agreement_id).order_by(Decision.decided_at, Decision.id)
        )
    )


def _escalated_at(act: Act, review: Review) -> dict[str, datetime]:
    """Stage → when those it was escalated to were told, for the content under review."""
    told = act.session.scalars(
        select(Reminder).where(
            Reminder.agreement_id == review.agreement_id,
            Reminder.version_sha256 == review.version_sha256,
            Reminder.kind == reminders.ESCALATED,
            Reminder.sent_at >= review.submitted_at,
        )
    )
    return {row.stage_id: row.sent_at for row in told}


def _void_reason(state: rules.RouteState, d: Decision) -> str:
    """The rules' reason why a decision does not count; empty when it does."""
    return next(
        (v.reason for v in state.voided if (v.decision.person_id, v.decision.at) == (d.person_id, d.decided_at)), ""
    )


def _voice(on_behalf_of: str, people: Mapping[str, Person]) -> VoiceView:
    return VoiceView(on_behalf_of, people[on_behalf_of].name if on_behalf_of else "")


def _stage_view(
    stage: rules.StageState,
    decisions: tuple[DecisionView, ...],
    people: Mapping[str, Person],
    escalated_at: datetime | None,
) -> StageView:
    own = [p for p in stage.asked if p in stage.stage.approvers]
    return StageView(
        id=stage.stage.id,
        name=stage.stage.name,
        status=stage.status,
        needed=stage.needed,
        of=len(stage.stage.approvers),
        decisions=decisions,
        asked=tuple(people[p].name for p in own),
        delegates=tuple((people[d].name, people[p].name) for d, p in stage.delegates if people[p].active),
        escalated=tuple(people[p].name for p in stage.asked if p not in own),
        escalated_at=escalated_at,
        opened_at=stage.opened_at,
        due_after_hours=stage.stage.due_after_hours,
        due_at=stage.due_at,
        overdue=stage.overdue,
    )


def _decision_view(
    d: Decision, void_reason: str, people: Mapping[str, Person], stages: Mapping[str, Texts]
) -> DecisionView:
    return DecisionView(
        stage_name=stages.get(d.stage_id, {}),
        person_name=people[d.person_id].name,
        principal_name=people[d.on_behalf_of].name if d.on_behalf_of else "",
        verdict=d.verdict,
        text=d.text,
        version_number=d.version_number,
        version_sha256=d.version_sha256,
        decided_at=d.decided_at,
        void=bool(void_reason),
        void_reason=void_reason,
    )


def _signatory_people(act: Act, agreement_id: str, version_number: int) -> tuple[str, ...]:
    """Staff who are signatories themselves, found by their address: they may not approve what they sign."""
    blocks = rows.version(act, agreement_id, version_number).signature_blocks
    addresses = [block.email.lower() for block in blocks]
    return tuple(act.session.scalars(select(Person.id).where(Person.email.in_(addresses))))
