"""Telling people that their decision is asked: at their turn, before the deadline, after it, and by escalation.

The worker looks again and again. What was told is a row written with the mail, so that a worker killed in the middle
loses nothing and tells nobody twice. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import structlog
from sqlalchemy import select

from agreements import reminders as rules
from agreements.approvals import RouteState, evaluate
from agreements.course_errors import RouteInvalid
from agreements.lifecycle import State
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import ApprovalEscalated
from signing_service.audit.details.people import MailQueued
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.approvals import Review
from signing_service.db.models.mails import Mail
from signing_service.db.models.people import Person
from signing_service.db.models.reminders import Reminder
from signing_service.moments import spoken
from signing_service.notifications import approval_messages, outbox
from signing_service.notifications.approval_messages import Asked
from signing_service.notifications.messages import Message
from signing_service.operations import boards, reviews, rows
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action
from signing_service.services import Services

log = structlog.get_logger("reminders")

WRITERS: Mapping[str, Callable[[Asked], Message]] = {
    rules.DUE_SOON: approval_messages.approval_due_soon,
    rules.OVERDUE: approval_messages.approval_overdue,
    rules.ESCALATED: approval_messages.approval_escalated,
}


def ask(act: Act, agreement: Agreement, review: Review, state: RouteState, already_asked: Collection[str]) -> None:
    """Write to everybody whose turn has just come, and note when to look again; inside the caller's transaction."""
    stage = state.open_stage
    due_at = stage.due_at if stage is not None else None
    for person_id, principal_id in rules.called(state).items():
        if person_id not in already_asked:
            _tell(act, agreement, review, approval_messages.approval_asked, person_id, principal_id, due_at)
    review.remind_at = rules.next_look(state, act.now)


def remind_due(services: Services) -> int:
    """Remind and escalate wherever a deadline asks for it; returns how many mails were written."""
    return sum(_remind(services, SYSTEM, agreement_id) for agreement_id in _due(services, SYSTEM))


@query(Action.OPERATE)
def _due(act: Act) -> tuple[str, ...]:
    under_way = select(Review.agreement_id).join(Agreement, Agreement.id == Review.agreement_id)
    waiting = (Agreement.state == State.IN_REVIEW.value, Review.remind_at <= act.now)
    return tuple(act.session.scalars(under_way.where(*waiting).order_by(Review.remind_at)))


@command(Action.OPERATE, recorded=False)  # a look that finds nobody to tell only moves the next look
def _remind(act: Act, agreement_id: str) -> int:
    agreement = rows.agreement_locked(act, agreement_id)
    review = act.session.get_one(Review, agreement_id, populate_existing=True)
    if State(agreement.state) is not State.IN_REVIEW:
        return 0
    found = reviews.context(act, agreement, review)
    try:
        state = evaluate(found.route, found.decisions, **found.facts)
    except RouteInvalid as error:  # stored by an earlier release; looking again would not make it better
        log.error("nobody is reminded", agreement=agreement_id, code=error.code)
        review.remind_at = None
        return 0
    review.remind_at = rules.next_look(state, act.now)
    told = _told(act, review)
    fresh = [one for one in rules.due(state, act.now) if _key(one) not in told]
    sent = [one for one in fresh if _send(act, agreement, review, one)]
    added = tuple(one.person_id for one in sent if one.kind == rules.ESCALATED and one.on_behalf_of is None)
    if added:
        escalated = ApprovalEscalated(sent[0].stage_id, added, review.version_sha256)
        act.record(Recorded.APPROVAL_ESCALATED, escalated, agreement=agreement_id)
    return len(sent)


def _key(one: rules.Reminder | Reminder) -> tuple[str, str, str, datetime]:
    return one.stage_id, one.person_id, one.kind, one.due_at


def _told(act: Act, review: Review) -> frozenset[tuple[str, str, str, datetime]]:
    """What was told already about this content."""
    mine = (Reminder.agreement_id == review.agreement_id, Reminder.version_sha256 == review.version_sha256)
    return frozenset(_key(row) for row in act.session.scalars(select(Reminder).where(*mine)))


def _send(act: Act, agreement: Agreement, review: Review, one: rules.Reminder) -> bool:
    """Write the mail and the row that it was written; False for somebody who no longer works here."""
    mail = _tell(act, agreement, review, WRITERS[one.kind], one.person_id, one.on_behalf_of, one.due_at)
    if mail is None:
        return False
    queued = MailQueued(mail.id, mail.kind, one.person_id, mail.language)
    act.record(Recorded.MAIL_QUEUED, queued, agreement=agreement.id)
    act.session.add(
        Reminder(
            agreement_id=agreement.id,
            stage_id=one.stage_id,
            person_id=one.person_id,
            version_sha256=review.version_sha256,
            kind=one.kind,
            due_at=one.due_at,
            sent_at=act.now,
        )
    )
    return True


def _tell(
    act: Act,
    agreement: Agreement,
    review: Review,
    write: Callable[[Asked], Message],
    person_id: str,
    principal_id: str | None,
    due_at: datetime | None,
) -> Mail | None:
    """Put the mail into the outbox; None when it is about somebody who no longer works here."""
    person = act.session.get_one(Person, person_id)
    principal = act.session.get_one(Person, principal_id) if principal_id is not None else None
    if not person.active or (principal is not None and not principal.active):
        return None
    message = write(
        Asked(
            to=person.email,
            name=person.name,
            language=person.language,
            title=boards.pick(agreement.title, person.language),
            version=review.version_number,
            short_hash=review.version_sha256[:12],
            link=f"{act.services.settings.base_url}/agreements/{agreement.id}",
            due=spoken(due_at) if due_at is not None else "",
            principal=principal.name if principal is not None else "",
        )
    )
    return outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)
