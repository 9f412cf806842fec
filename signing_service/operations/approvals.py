"""Submitting a version for approval, and deciding over it. Every decision is bound to the version's hash."""

from __future__ import annotations

from collections.abc import Collection

from agreements import approvals as rules
from agreements.canonical import canonical_bytes, sha256_of
from agreements.course_errors import NotAnApprover
from agreements.languages import choose
from agreements.lifecycle import Command, State, next_state
from agreements.reminders import called
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import (
    AgreementApproved,
    ApprovalDecided,
    ReviewEnded,
    ReviewSubmitted,
)
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approvals import Decision, Review
from signing_service.db.models.people import Person
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput
from signing_service.ids import new_id
from signing_service.operations import approval_routes, delegations, reminders, reviews, rows
from signing_service.operations.operation import Act, command
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
    """Ask for approval of the newest version, over the route as it is now: template or adapted, with today's people.

    Deadlines run from here. Raises `ChangedMeanwhile` when `version_sha256` is not the newest, `RouteInvalid` when a
    stage has nobody, `InvalidFields` when an adapted route no longer fits, or the lifecycle's refusal.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    newest = rows.version_row(act, agreement_id, agreement.newest_version)
    if newest.sha256 != version_sha256:
        raise ChangedMeanwhile(what=N_("The version"))
    rows.move(act, agreement, Command.SUBMIT)
    route = approval_routes.current(act, agreement)
    stored = reviews.route_json(route)
    review = act.session.get(Review, agreement_id) or Review(agreement_id=agreement_id)
    review.route = stored
    review.version_number, review.version_sha256 = newest.number, newest.sha256
    review.submitted_by, review.submitted_at = act.actor.id, act.now
    act.session.add(review)
    act.session.flush()
    stages = tuple(stage.id for stage in route.stages)
    submitted = ReviewSubmitted(newest.number, newest.sha256, stages, sha256_of(canonical_bytes(stored)))
    act.record(Recorded.REVIEW_SUBMITTED, submitted, agreement=agreement_id)
    _settle(act, agreement, review, already_asked=())


@command(Action.APPROVAL_DECIDE)
def decide(
    act: Act, agreement_id: str, verdict: str, version_sha256: str, text: str = "", on_behalf_of: str = ""
) -> None:
    """Approve, request changes or reject the version of that hash, for oneself or `on_behalf_of` who delegated it.

    Raises the lifecycle's refusal outside a review, and the rules' named ones: out of turn, not an approver, one's own
    draft, another version, decided already.
    """
    if verdict not in RECORDED:
        raise InvalidInput(field="verdict", problem=N_("approve, request_changes or reject"))
    if len(text) > TEXT_MAX:
        raise InvalidInput(field="text", problem=N_("at most 4000 characters"))
    principal = on_behalf_of if on_behalf_of != act.actor.id else ""
    agreement = rows.agreement_locked(act, agreement_id)
    review = act.session.get(Review, agreement_id)
    if review is None:
        raise ChangedMeanwhile(what=N_("The review"))
    next_state(State(agreement.state), COMMANDS[verdict])  # nothing is decided but in review
    if principal:
        delegations.hold(act, principal)
    found = reviews.context(act, agreement, review)
    before = rules.evaluate(found.route, found.decisions, **found.facts)
    decision = rules.Decision(
        stage_id=_stage_for(before, principal or act.actor.id),
        person_id=act.actor.id,
        on_behalf_of=principal or None,
        verdict=verdict,
        version_sha256=version_sha256,
        text=text,
        at=act.now,
    )
    rules.check_decision(found.route, found.decisions, decision, **found.facts)
    if principal:
        _require_here(act, principal, before)
    _keep(act, review, decision)
    _settle(act, agreement, review, already_asked=called(before))


def _require_here(act: Act, principal_id: str, state: rules.RouteState) -> None:
    """Nobody decides for somebody who has left; raises `NotAnApprover`."""
    if not act.session.get_one(Person, principal_id).active:
        stage = state.open_stage
        raise NotAnApprover(stage=choose(stage.stage.name, "en") if stage is not None else "–")


def _keep(act: Act, review: Review, decision: rules.Decision) -> None:
    """Store a decision that counts, with its entry in the log."""
    act.session.add(
        Decision(
            id=new_id("dec"),
            agreement_id=review.agreement_id,
            stage_id=decision.stage_id,
            person_id=decision.person_id,
            on_behalf_of=decision.on_behalf_of,
            verdict=decision.verdict,
            version_number=review.version_number,
            version_sha256=decision.version_sha256,
            text=decision.text,
            decided_at=decision.at,
        )
    )
    act.session.flush()
    details = ApprovalDecided(decision.stage_id, decision.version_sha256, decision.on_behalf_of, words=decision.text)
    act.record(RECORDED[decision.verdict], details, agreement=review.agreement_id)


def _stage_for(state: rules.RouteState, approver_id: str) -> str:
    """The stage of an approver: where they were counted already, else the open one if it names them, else the next."""
    spoken = [s for s in state.stages if any(approver_id in (d.person_id, d.principal) for d in s.decided)]
    if spoken:
        return spoken[0].stage.id
    ahead = [s for s in state.stages if s.status != "passed"] or list(state.stages)
    named = [s for s in ahead if approver_id in (*s.asked, *s.stage.approvers)]
    return (named or ahead)[0].stage.id


#: What the rules say → what happens to the agreement.
_MOVES = {"approved": Command.APPROVE, "changes_requested": Command.REQUEST_CHANGES, "rejected": Command.REJECT}


def _settle(act: Act, agreement: Agreement, review: Review, *, already_asked: Collection[str]) -> None:
    """Move the agreement when the route is decided; otherwise write to whoever is asked now."""
    found = reviews.context(act, agreement, review)
    state = rules.evaluate(found.route, found.decisions, **found.facts)
    if state.status not in _MOVES:
        rows.touch(act, agreement)
        reminders.ask(act, agreement, review, state, already_asked)
        return
    command = _MOVES[state.status]
    rows.move(act, agreement, command)
    review.remind_at = None
    details = AgreementApproved if command is Command.APPROVE else ReviewEnded
    told = details(review.version_number, review.version_sha256)
    act.record(rows.ENTRY_OF[command], told, agreement=agreement.id)
