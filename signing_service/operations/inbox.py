"""What waits for the decision of the person who looks, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from agreements.approvals import evaluate
from agreements.languages import Texts
from agreements.lifecycle import State
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approvals import Review
from signing_service.db.models.delegations import Delegation
from signing_service.db.models.people import Person
from signing_service.operations import reviews
from signing_service.operations.agreements import AgreementRow, row_of
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One agreement that waits. `principals`: on whose behalf, when it is not (only) for oneself."""

    agreement: AgreementRow
    version_number: int
    version_sha256: str
    stage: Texts
    own: bool
    principals: tuple[str, ...]
    due_at: datetime | None
    overdue: bool


@query(Action.AGREEMENT_READ)
def asked_of_me(act: Act) -> tuple[AskedRow, ...]:
    """Every agreement in review in which the actor may decide now."""
    in_review = select(Agreement, Review).join(Review, Review.agreement_id == Agreement.id)
    found = act.session.execute(in_review.where(Agreement.state == State.IN_REVIEW.value)).all()
    principals = {act.actor.id, *_principals(act)}
    rows = [_row(act, agreement, review) for agreement, review in found if principals & _named(review.route)]
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: row.due_at or NEVER))


def _row(act: Act, agreement: Agreement, review: Review) -> AskedRow | None:
    found = reviews.context(act, agreement, review)
    state = evaluate(found.route, found.decisions, **found.facts)
    stage, voices = state.open_stage, reviews.voices(act, state)
    if stage is None or not voices:
        return None
    return AskedRow(
        agreement=row_of(agreement),
        version_number=review.version_number,
        version_sha256=review.version_sha256,
        stage=stage.stage.name,
        own="" in voices,
        principals=tuple(act.session.get_one(Person, voice).name for voice in voices if voice),
        due_at=stage.due_at,
        overdue=stage.overdue,
    )


def _principals(act: Act) -> tuple[str, ...]:
    """Who lets the actor decide for them today."""
    running = (Delegation.starts_at <= act.now, Delegation.ends_at > act.now, Delegation.revoked_at.is_(None))
    return tuple(
        act.session.scalars(select(Delegation.person_id).where(Delegation.delegate_id == act.actor.id, *running))
    )


def _named(route: Mapping[str, list[dict[str, list[str]]]]) -> frozenset[str]:
    """Everybody a stored route names, so that only reviews that could concern the reader are replayed."""
    return frozenset(p for stage in route["stages"] for p in (*stage["approvers"], *stage["escalate_to"]))
