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
from agreements.approval_routes import Route, Stage
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approvals import Decision, Review
from signing_service.db.models.people import Person
from signing_service.operations import rows
from signing_service.operations.operation import Act


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision; `void` ones stay visible with the reason."""

    person_name: str
    verdict: str
    text: str
    version_number: int
    version_sha256: str
    decided_at: datetime
    void: bool
    void_reason: str


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage with who decided and who is asked now."""

    id: str
    name: Mapping[str, str]
    status: str
    needed: int
    of: int
    decisions: tuple[DecisionView, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The review as pages show it; `may_decide` is about the person who looks."""

    version_number: int
    version_sha256: str
    state: str
    stages: tuple[StageView, ...]
    voided: tuple[DecisionView, ...]
    may_decide: bool


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
        "signatories": _signatory_people(act, agreement),
        "now": act.now,
    }
    return Context(route_of(review.route), given, facts)


def view(act: Act, agreement: Agreement) -> ReviewView | None:
    """The review of an agreement, or None before the first submission."""
    review = act.session.get(Review, agreement.id)
    if review is None:
        return None
    found = context(act, agreement, review)
    state = rules.evaluate(found.route, found.decisions, **found.facts)
    names = {p.id: p.name for p in act.session.scalars(select(Person))}
    given = [(d, _decision_view(d, _void_reason(state, d), names)) for d in _decisions(act, agreement.id)]
    asked = {person for stage in state.stages for person in stage.asked}
    return ReviewView(
        version_number=review.version_number,
        version_sha256=review.version_sha256,
        state=state.status,
        stages=tuple(
            StageView(
                id=stage.stage.id,
                name=stage.stage.name,
                status=stage.status,
                needed=stage.needed,
                of=len(stage.stage.approvers),
                decisions=tuple(v for d, v in given if d.stage_id == stage.stage.id and not v.void),
                asked=tuple(names[p] for p in stage.asked),
            )
            for stage in state.stages
        ),
        voided=tuple(v for _, v in given if v.void),
        may_decide=agreement.state == "in_review" and act.actor.id in asked,
    )


def route_json(route: Route) -> dict[str, Any]:
    """A route as it is stored."""
    return {"stages": [asdict(s) for s in route.stages]}


def route_of(stored: Mapping[str, Any]) -> Route:
    """The stored route back."""
    return Route(
        tuple(
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
    )


def _decisions(act: Act, agreement_id: str) -> list[Decision]:
    return list(
        act.session.scalars(
            select(Decision).where(Decision.agreement_id == agreement_id).order_by(Decision.decided_at, Decision.id)
        )
    )


def _void_reason(state: rules.RouteState, d: Decision) -> str:
    """The rules' reason why a decision does not count; empty when it does."""
    return next(
        (v.reason for v in state.voided if (v.decision.person_id, v.decision.at) == (d.person_id, d.decided_at)), ""
    )


def _decision_view(d: Decision, void_reason: str, names: Mapping[str, str]) -> DecisionView:
    return DecisionView(
        person_name=names.get(d.person_id, d.person_id),
        verdict=d.verdict,
        text=d.text,
        version_number=d.version_number,
        version_sha256=d.version_sha256,
        decided_at=d.decided_at,
        void=bool(void_reason),
        void_reason=void_reason,
    )


def _signatory_people(act: Act, agreement: Agreement) -> tuple[str, ...]:
    """Staff who are signatories themselves, found by their address: they may not approve what they sign."""
    if agreement.newest_version == 0:
        return ()
    blocks = rows.version(act, agreement.id, agreement.newest_version).signature_blocks
    addresses = [block.email.lower() for block in blocks]
    return tuple(act.session.scalars(select(Person.id).where(Person.email.in_(addresses))))
