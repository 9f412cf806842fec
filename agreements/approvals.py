"""Deciding on a version: whose decision counts, what is still needed, what became void and why. Pure functions.

A decision is bound to the SHA-256 it was given for; it never counts for another content. One person counts once in a
whole route, whether in person, in two roles or as a delegate. Who is in a route is approval_routes.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agreements.approval_decisions import (
    APPROVE,
    REJECT,
    REQUEST_CHANGES,
    VERDICTS,
    VOID_REASONS,
    Decision,
    Voided,
)
from agreements.approval_routes import Delegation, PersonId, Route, Stage, check_route, resolve_route
from agreements.course_errors import AlreadyDecided, NotAnApprover, OutOfTurn, OwnDraft, RouteInvalid, VersionChanged
from agreements.errors import AgreementError
from agreements.languages import choose

__all__ = (
    "APPROVE",
    "REJECT",
    "REQUEST_CHANGES",
    "VERDICTS",
    "VOID_REASONS",
    "Decision",
    "Delegation",
    "Route",
    "RouteState",
    "Stage",
    "StageState",
    "Voided",
    "check_decision",
    "evaluate",
    "resolve_route",
)


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage now. `status`: waiting, open, passed, changes_requested, rejected, or blocked when too few may decide.

    `asked`: approvers whose decision is still to come, or who may take back a request for changes. `delegates`:
    (person, principal) who may decide for one of them now, without those whose own voice an "all" stage waits for: it
    would be used up. `needed`: approvals the stage takes in all.
    """

    stage: Stage
    status: str
    decided: tuple[Decision, ...]
    asked: tuple[PersonId, ...]
    needed: int
    delegates: tuple[tuple[PersonId, PersonId], ...] = ()
    opened_at: datetime | None = None
    due_at: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class RouteState:
    """The whole route now. `status`: in_review, changes_requested, rejected or approved."""

    status: str
    stages: tuple[StageState, ...]
    voided: tuple[Voided, ...]

    @property
    def open_stage(self) -> StageState | None:
        """The stage that is neither passed nor waiting; None when all are passed."""
        return next((one for one in self.stages if one.status not in ("passed", "waiting")), None)


@dataclass(frozen=True, slots=True)
class _Case:
    """The version that is decided on, and who must not decide on it."""

    version_sha256: str
    relations: Mapping[str, frozenset[PersonId]]
    now: datetime


@dataclass
class _Progress:
    """The replay of the decisions in order of time."""

    route: Route
    case: _Case
    index: int = 0
    counted: dict[str, list[Decision]] = field(default_factory=dict)
    opened: dict[str, datetime | None] = field(default_factory=dict)
    used: dict[PersonId, Decision] = field(default_factory=dict)
    voided: list[Voided] = field(default_factory=list)
    barred: dict[str, frozenset[PersonId]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.opened[self.route.stages[0].id] = self.route.opened_at
        for stage in self.route.stages:
            self.barred[stage.id] = frozenset().union(*(self.case.relations[one] for one in stage.forbid))

    @property
    def stage(self) -> Stage | None:
        """The stage decisions go to; None when all stages are passed."""
        return self.route.stages[self.index] if self.index < len(self.route.stages) else None

    def of(self, stage: Stage) -> list[Decision]:
        return self.counted.setdefault(stage.id, [])

    def take(self, decision: Decision) -> str | None:
        """Count the decision, or return why not."""
        refused = self.refusal(decision)
        stage = self.stage
        if refused is not None or stage is None:
            return refused or "out_of_turn"
        for earlier in [one for one in self.of(stage) if one.principal == decision.principal]:
            self.of(stage).remove(earlier)  # a request for changes, taken back by the same approver
            self.used = {person: one for person, one in self.used.items() if one is not earlier}
        self.of(stage).append(decision)
        self.used |= {decision.person_id: decision, decision.principal: decision}
        if self.status(stage, decision.at) == "passed":
            self.index += 1
            following = self.stage
            if following is not None:
                self.opened[following.id] = self._not_before_the_route(decision.at)
        return None

    def _not_before_the_route(self, at: datetime) -> datetime:
        """Content that comes back brings its decisions, but nobody is late for a stage of an earlier submission."""
        return max(at, self.route.opened_at) if self.route.opened_at is not None else at

    def refusal(self, decision: Decision) -> str | None:
        """Why a decision given at its time does not count; None when it does."""
        stage = self.stage
        if decision.version_sha256 != self.case.version_sha256:
            return "version_changed"
        if decision.verdict not in VERDICTS:
            return "unknown_verdict"
        if self._spent(decision):
            return "already_decided"
        if stage is None or decision.stage_id != stage.id or self._rejected():
            return "out_of_turn"
        if not self._called(stage, decision):
            return "not_an_approver"
        if {decision.person_id, decision.principal} & self.forbidden(stage):
            return "own_draft"
        return None

    def _spent(self, decision: Decision) -> bool:
        """Whether one of the two people has been counted; a request for changes can be replaced by its approver."""
        for person in {decision.person_id, decision.principal}:
            earlier = self.used.get(person)
            if earlier is None:
                continue
            replaces = (
                earlier.verdict == REQUEST_CHANGES
                and earlier.principal == decision.principal
                and earlier.stage_id == decision.stage_id
            )
            if not replaces:
                return True
        return False

    def _rejected(self) -> bool:
        return any(one.verdict == REJECT for decisions in self.counted.values() for one in decisions)

    def _called(self, stage: Stage, decision: Decision) -> bool:
        if decision.principal not in self.members(stage, decision.at):
            return False
        if decision.on_behalf_of is None or decision.on_behalf_of == decision.person_id:
            return True
        return any(
            one.person_id == decision.principal
            and one.to == decision.person_id
            and one.starts_at <= decision.at < one.ends_at
            for one in self.route.delegations
        )

    def forbidden(self, stage: Stage) -> frozenset[PersonId]:
        """The people who must not decide in the stage."""
        return self.barred[stage.id]

    def members(self, stage: Stage, at: datetime) -> tuple[PersonId, ...]:
        """Approvers of the stage at a time, with those it was escalated to once it is overdue."""
        due = self.due_at(stage)
        added = stage.escalate_to if due is not None and at >= due else ()
        return tuple(dict.fromkeys((*stage.approvers, *added)))

    def due_at(self, stage: Stage) -> datetime | None:
        opened = self.opened.get(stage.id)
        if opened is None or stage.due_after_hours is None:
            return None
        return opened + timedelta(hours=stage.due_after_hours)

    def eligible(self, stage: Stage, at: datetime) -> tuple[PersonId, ...]:
        """Members who may still count or have counted in this very stage."""
        elsewhere = {person for person, one in self.used.items() if one.stage_id != stage.id}
        barred = self.forbidden(stage) | elsewhere
        return tuple(person for person in self.members(stage, at) if person not in barred)

    def needed(self, stage: Stage, at: datetime) -> int:
        """Approvals the stage takes. "all" means all of the stage's own approvers who may decide, and never under k."""
        if stage.mode == "all":
            return max(stage.k, len([one for one in self.eligible(stage, at) if one in stage.approvers]))
        return stage.k if stage.mode == "k_of_n" else 1

    def status(self, stage: Stage, at: datetime) -> str:
        """The status of the stage that is open."""
        verdicts = [one.verdict for one in self.of(stage)]
        if REJECT in verdicts:
            return "rejected"
        if REQUEST_CHANGES in verdicts:
            return "changes_requested"
        if verdicts.count(APPROVE) >= self.needed(stage, at):
            return "passed"
        possible = verdicts.count(APPROVE) + len(self.available(stage, at))
        return "open" if possible >= self.needed(stage, at) else "blocked"

    def available(self, stage: Stage, at: datetime) -> tuple[PersonId, ...]:
        """Approvers whose voice is still to come. Who stood in for another has used up their own."""
        return tuple(person for person in self.eligible(stage, at) if person not in self.used)


def evaluate(
    route: Route,
    decisions: Sequence[Decision],
    *,
    version_sha256: str,
    author: PersonId,
    last_editor: PersonId,
    signatories: Collection[PersonId],
    now: datetime,
) -> RouteState:
    """Where the route stands for this content. Total: decisions that must not count are listed as void with the reason.

    Raises RouteInvalid for a route that could pass by itself.
    """
    progress = _replay(route, decisions, _case(version_sha256, author, last_editor, signatories, now))
    stages = tuple(_stage_state(progress, position, stage) for position, stage in enumerate(route.stages))
    status = "approved" if progress.stage is None else "in_review"
    if progress.stage is not None:
        here = stages[progress.index].status
        status = here if here in ("changes_requested", "rejected") else "in_review"
    return RouteState(status, stages, tuple(progress.voided))


def check_decision(
    route: Route,
    decisions: Sequence[Decision],
    decision: Decision,
    *,
    version_sha256: str,
    author: PersonId,
    last_editor: PersonId,
    signatories: Collection[PersonId],
    now: datetime,
) -> None:
    """Raise unless the decision would count now.

    VersionChanged, AlreadyDecided, OutOfTurn, NotAnApprover, OwnDraft, or RouteInvalid for an unknown verdict.
    """
    progress = _replay(route, decisions, _case(version_sha256, author, last_editor, signatories, now))
    reason = progress.refusal(decision)
    if reason is not None:
        raise _refused(reason, progress, decision)


def _case(
    version_sha256: str, author: PersonId, last_editor: PersonId, signatories: Collection[PersonId], now: datetime
) -> _Case:
    relations = {
        "author": frozenset({author}),
        "last_editor": frozenset({last_editor}),
        "signatory": frozenset(signatories),
    }
    return _Case(version_sha256, relations, now)


def _replay(route: Route, decisions: Sequence[Decision], case: _Case) -> _Progress:
    check_route(route)
    progress = _Progress(route, case)
    for decision in sorted(decisions, key=lambda one: one.at):
        reason = progress.take(decision)
        if reason is not None:
            progress.voided.append(Voided(decision, reason))
    return progress


def _stage_state(progress: _Progress, position: int, stage: Stage) -> StageState:
    now = progress.case.now
    decided = tuple(progress.of(stage))
    needed = progress.needed(stage, now)
    if position != progress.index:
        status = "passed" if position < progress.index else "waiting"
        return StageState(stage, status, decided, (), needed, opened_at=progress.opened.get(stage.id))
    again = tuple(one.principal for one in decided if one.verdict == REQUEST_CHANGES)
    asked = (*again, *progress.available(stage, now))
    delegates = tuple(
        (one.to, one.person_id)
        for one in progress.route.delegations
        if one.person_id in asked
        and one.starts_at <= now < one.ends_at
        and one.to not in progress.used
        and one.to not in progress.forbidden(stage)
        and not (stage.mode == "all" and one.to in stage.approvers)
    )
    due = progress.due_at(stage)
    status = progress.status(stage, now)
    overdue = due is not None and now >= due
    return StageState(stage, status, decided, asked, needed, delegates, progress.opened.get(stage.id), due, overdue)


def _refused(reason: str, progress: _Progress, decision: Decision) -> AgreementError:
    route = progress.route
    stage = next((one for one in route.stages if one.id == decision.stage_id), None)
    name = choose(stage.name, "en") if stage else decision.stage_id
    if reason == "version_changed":
        return VersionChanged(expected=progress.case.version_sha256, given=decision.version_sha256)
    if reason == "already_decided":
        return AlreadyDecided(stage=name)
    if reason == "out_of_turn":
        return OutOfTurn(stage=name, open=choose(progress.stage.name, "en") if progress.stage else "–")
    if reason == "not_an_approver":
        return NotAnApprover(stage=name)
    if reason == "own_draft":
        people = {decision.person_id, decision.principal}
        relation = next(
            key for key, who in progress.case.relations.items() if people & who and stage and key in stage.forbid
        )
        return OwnDraft(relation=relation.replace("_", " "), stage=name)
    return RouteInvalid(stage=name, reason=VOID_REASONS[reason])
