"""Submitting a version for approval, and deciding over it. Every decision is bound to the version's hash."""

from __future__ import annotations

from sqlalchemy import select

from agreements import approvals as rules
from agreements.approval_routes import resolve_route
from agreements.lifecycle import Command, State, next_state
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementApproved, ApprovalDecided, ReviewSubmitted
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approvals import Decision, Review
from signing_service.db.models.people import Person
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput
from signing_service.ids import new_id
from signing_service.notifications import messages, outbox
from signing_service.operations import boards, reviews, rows
from signing_service.operations.operation import Act, command
from signing_service.operations.packages import template_of
from signing_service.permissions import Action

TEXT_MAX = 4000

RECORDED = {
    "approve": Recorded.APPROVAL_GIVEN,
    "request_changes": Recorded.APPROVAL_CHANGES_REQUESTED,
    "reject": Recorded.APPROVAL_REJECTED,
}


#: Verdict → what it could lead to.
COMMANDS = {"approve": Command.APPROVE, "request_changes": Command.REQUEST_CHANGES, "reject": Command.REJECT}


@command(Action.REVIEW_SUBMIT)
def submit(act: Act, agreement_id: str, version_sha256: str) -> None:
    """Ask for approval of the newest version.

    Raises `ChangedMeanwhile` when `version_sha256` is not the newest, `RouteInvalid` when a stage has nobody, or the
    lifecycle's refusal.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    newest = rows.version_row(act, agreement_id, agreement.newest_version)
    if newest.sha256 != version_sha256:
        raise ChangedMeanwhile(what=N_("The version"))
    rows.move(act, agreement, Command.SUBMIT)
    review = act.session.get(Review, agreement_id)
    if review is None:
        template = template_of(act, agreement)
        route = resolve_route(template.approval_route, _people_by_role(act))
        review = Review(agreement_id=agreement_id, route=reviews.route_json(route))
        act.session.add(review)
    review.version_number, review.version_sha256 = newest.number, newest.sha256
    review.submitted_by, review.submitted_at = act.actor.id, act.now
    act.session.flush()
    stages = tuple(stage["id"] for stage in review.route["stages"])
    act.record(
        Recorded.REVIEW_SUBMITTED,
        ReviewSubmitted(newest.number, newest.sha256, stages),
        agreement=agreement_id,
    )
    _settle(act, agreement, review, already_asked=frozenset())


@command(Action.APPROVAL_DECIDE)
def decide(act: Act, agreement_id: str, verdict: str, version_sha256: str, text: str = "") -> None:
    """Approve, request changes or reject the version of that hash.

    Raises the lifecycle's refusal outside a review, and the rules' named ones: out of turn, not an approver, one's own
    draft, another version, decided already.
    """
    if verdict not in RECORDED:
        raise InvalidInput(field="verdict", problem=N_("approve, request_changes or reject"))
    if len(text) > TEXT_MAX:
        raise InvalidInput(field="text", problem=N_("at most 4000 characters"))
    agreement = rows.agreement_locked(act, agreement_id)
    review = act.session.get(Review, agreement_id)
    if review is None:
        raise ChangedMeanwhile(what=N_("The review"))
    next_state(State(agreement.state), COMMANDS[verdict])  # nothing is decided but in review
    found = reviews.context(act, agreement, review)
    before = rules.evaluate(found.route, found.decisions, **found.facts)
    stage_id = _stage_for(before, act.actor.id)
    decision = rules.Decision(
        stage_id=stage_id,
        person_id=act.actor.id,
        on_behalf_of=None,
        verdict=verdict,
        version_sha256=version_sha256,
        text=text,
        at=act.now,
    )
    rules.check_decision(found.route, found.decisions, decision, **found.facts)
    act.session.add(
        Decision(
            id=new_id("dec"),
            agreement_id=agreement_id,
            stage_id=stage_id,
            person_id=act.actor.id,
            verdict=verdict,
            version_number=review.version_number,
            version_sha256=version_sha256,
            text=text,
            decided_at=act.now,
        )
    )
    act.session.flush()
    act.record(RECORDED[verdict], ApprovalDecided(stage_id, version_sha256, words=text), agreement=agreement_id)
    asked = frozenset(person for stage in before.stages for person in stage.asked)
    _settle(act, agreement, review, already_asked=asked)


def _stage_for(state: rules.RouteState, person_id: str) -> str:
    """The stage a person speaks in: where they decided already, else the open one if it names them, else the next."""
    spoken = [s for s in state.stages if any(d.person_id == person_id for d in s.decided)]
    if spoken:
        return spoken[0].stage.id
    ahead = [s for s in state.stages if s.status != "passed"] or list(state.stages)
    named = [s for s in ahead if person_id in s.stage.approvers]
    return (named or ahead)[0].stage.id


#: What the rules say → what happens to the agreement.
_MOVES = {"approved": Command.APPROVE, "changes_requested": Command.REQUEST_CHANGES, "rejected": Command.REJECT}


def _settle(act: Act, agreement: Agreement, review: Review, *, already_asked: frozenset[str]) -> None:
    """Move the agreement when the route is decided; otherwise write to whoever is asked now."""
    found = reviews.context(act, agreement, review)
    state = rules.evaluate(found.route, found.decisions, **found.facts)
    if state.status in _MOVES:
        rows.move(act, agreement, _MOVES[state.status])
        if state.status == "approved":
            approved = AgreementApproved(review.version_number, review.version_sha256)
            act.record(Recorded.AGREEMENT_APPROVED, approved, agreement=agreement.id)
        return
    rows.touch(act, agreement)
    asked = {person for stage in state.stages for person in stage.asked} - already_asked
    for person in act.session.scalars(select(Person).where(Person.id.in_(asked), Person.active).order_by(Person.id)):
        message = messages.approval_asked(
            to=person.email,
            name=person.name,
            language=person.language,
            title=boards.pick(agreement.title, person.language),
            version=review.version_number,
            short_hash=review.version_sha256[:12],
            link=f"{act.services.settings.base_url}/agreements/{agreement.id}",
        )
        outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)


def _people_by_role(act: Act) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in act.session.scalars(select(Person).where(Person.active).order_by(Person.id)):
        for role in person.roles:
            found.setdefault(role, []).append(person.id)
    return found
