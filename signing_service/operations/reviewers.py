"""A partner's reviewer: invited by legal staff, who decide which versions they may read and when that ends.

How a reviewer gets in is review_links.py, what they see and say partner_review.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from agreements.field_types import is_email
from agreements.languages import LANGUAGES, Texts, choose
from agreements.plain_texts import plain_text
from signing_service.accounts.tokens import new_token, token_sha256
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.people import InvitationRevoked, InvitationSent
from signing_service.audit.details.reviewers import VersionShared
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.reviewers import Reviewer, ReviewLink, SharedVersion
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotFound
from signing_service.ids import new_id
from signing_service.moments import spoken
from signing_service.notifications import outbox, review_messages
from signing_service.operations import rows
from signing_service.operations.agreements import AgreementRow, row_of
from signing_service.operations.comments import require_open
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action

PURPOSE = "review"
MOST_DAYS = 30
MOST_REVIEWERS = 40
MOST_NAME = 200
REVIEWER = N_("reviewer")


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """One reviewer as legal staff see them. `link`: sent, opened, expired or revoked. `shared`: (version, done_at)."""

    id: str
    name: str
    email: str
    party: Texts
    language: str
    may_propose: bool
    until: datetime
    link: str
    shared: tuple[tuple[int, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class ReviewerList:
    """The reviewers of an agreement, and what an invitation can choose from."""

    agreement: AgreementRow
    reviewers: tuple[ReviewerRow, ...]
    parties: tuple[Texts, ...]
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """What legal staff fill in to invite somebody."""

    name: str
    email: str
    language: str
    party: int
    version: int
    days: int
    may_propose: bool


@query(Action.REVIEWER_INVITE)
def read(act: Act, agreement_id: str) -> ReviewerList:
    """Who reviews for which party; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    found = act.session.scalars(
        select(Reviewer).where(Reviewer.agreement_id == agreement_id).order_by(Reviewer.invited_at, Reviewer.id)
    )
    newest = agreement.newest_version
    content = rows.version(act, agreement_id, newest) if newest else None
    return ReviewerList(
        row_of(agreement),
        tuple(_row(act, one) for one in found),
        tuple(party.legal_name for party in content.parties) if content is not None else (),
        tuple(range(newest, 0, -1)),
    )


@command(Action.REVIEWER_INVITE)
def invite(act: Act, agreement_id: str, invited: Invited) -> str:
    """Invite a reviewer of a party and let them read one version; returns the reviewer's id.

    Raises `InvalidInput` naming the field, `NotFound` without a saved version, `ReviewClosed` once frozen.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    parties = rows.version(act, agreement_id, agreement.newest_version).parties
    if not 0 <= invited.party < len(parties):
        raise InvalidInput(field="party", problem=N_("choose one of the parties"))
    if not is_email(invited.email):
        raise InvalidInput(field="email", problem=N_("this is not a mail address"))
    if invited.language not in LANGUAGES:
        raise InvalidInput(field="language", problem=N_("choose one of the languages"))
    here = select(func.count()).select_from(Reviewer).where(Reviewer.agreement_id == agreement_id)
    if (act.session.scalar(here) or 0) >= MOST_REVIEWERS:
        raise InvalidInput(field="email", problem=N_("there are as many reviewers as there can be"))
    name = " ".join(plain_text(invited.name, most=MOST_NAME).split())
    reviewer = Reviewer(
        id=new_id("rvw"),
        agreement_id=agreement_id,
        party=dict(parties[invited.party].legal_name),
        name=name,
        email=invited.email.strip(),
        language=invited.language,
        may_propose=invited.may_propose,
        invited_by=act.actor.id,
        invited_at=act.now,
        until=_until(act, invited.days),
    )
    act.session.add(reviewer)
    act.session.flush()
    _share(act, reviewer, invited.version)
    _send(act, agreement, reviewer)
    return reviewer.id


@command(Action.REVIEWER_INVITE)
def reissue(act: Act, agreement_id: str, reviewer_id: str, days: int) -> None:
    """End every link of a reviewer and mail a new one that works for `days` more."""
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    reviewer = reviewer_of(act, agreement_id, reviewer_id)
    _end_links(act, reviewer)
    reviewer.until, reviewer.revoked_at = _until(act, days), None
    _send(act, agreement, reviewer)


@command(Action.REVIEWER_INVITE)
def revoke(act: Act, agreement_id: str, reviewer_id: str) -> None:
    """End every link of a reviewer and the browsers they let in; what was said stays. Raises `ChangedMeanwhile`."""
    rows.agreement_locked(act, agreement_id)
    reviewer = reviewer_of(act, agreement_id, reviewer_id)
    if reviewer.revoked_at is not None:
        raise ChangedMeanwhile(what=N_("The invitation"))
    reviewer.revoked_at = act.now
    _end_links(act, reviewer)


@command(Action.REVIEWER_INVITE)
def share(act: Act, agreement_id: str, reviewer_id: str, number: int) -> None:
    """Let a reviewer read another version, and tell them. Raises `ChangedMeanwhile` when they have it already."""
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    reviewer = reviewer_of(act, agreement_id, reviewer_id)
    if act.session.get(SharedVersion, (reviewer.id, rows.version_row(act, agreement_id, number).number)) is not None:
        raise ChangedMeanwhile(what=N_("The list of versions"))
    _share(act, reviewer, number)
    message = review_messages.version_shared(
        to=reviewer.email,
        name=reviewer.name,
        language=reviewer.language,
        title=choose(agreement.title, reviewer.language),
        version=number,
        link=address(act, reviewer),
    )
    outbox.queue(act.session, message, now=act.now, agreement_id=agreement_id)


def reviewer_of(act: Act, agreement_id: str, reviewer_id: str) -> Reviewer:
    """A reviewer of this agreement; raises `NotFound`."""
    row = act.session.get(Reviewer, reviewer_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFound(what=REVIEWER)
    return row


def myself(act: Act) -> Reviewer:
    """The reviewer who acts."""
    row = act.session.get(Reviewer, act.actor.reviewer_id or "")
    if row is None:
        raise NotFound(what=REVIEWER)
    return row


def shared_with(act: Act, reviewer: Reviewer) -> list[SharedVersion]:
    """The versions a reviewer may read, newest first."""
    wanted = select(SharedVersion).where(SharedVersion.reviewer_id == reviewer.id)
    return list(act.session.scalars(wanted.order_by(SharedVersion.version_number.desc())))


def address(act: Act, reviewer: Reviewer) -> str:
    """Where a reviewer reads, once their browser is known; it is no secret and opens nothing by itself."""
    return f"{act.services.settings.base_url}/review/{reviewer.id}"


def _until(act: Act, days: int) -> datetime:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(field="days", problem=N_("between 1 and 30 days"))
    return act.now + timedelta(days=days)


def _share(act: Act, reviewer: Reviewer, number: int) -> None:
    version = rows.version_row(act, reviewer.agreement_id, number)
    act.session.add(
        SharedVersion(
            reviewer_id=reviewer.id,
            version_number=number,
            version_sha256=version.sha256,
            shared_by=act.actor.id,
            shared_at=act.now,
        )
    )
    details = VersionShared(reviewer.id, number, version.sha256)
    act.record(Recorded.VERSION_SHARED, details, agreement=reviewer.agreement_id)


def _send(act: Act, agreement: Agreement, reviewer: Reviewer) -> None:
    token = new_token()
    link = ReviewLink(
        id=new_id("rvl"),
        token_sha256=token_sha256(token),
        reviewer_id=reviewer.id,
        created_at=act.now,
        expires_at=reviewer.until,
    )
    act.session.add(link)
    message = review_messages.invitation(
        to=reviewer.email,
        name=reviewer.name,
        language=reviewer.language,
        title=choose(agreement.title, reviewer.language),
        party=choose(reviewer.party, reviewer.language),
        link=f"{act.services.settings.base_url}/r/{token}",
        until=spoken(reviewer.until),
    )
    outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)
    act.record(
        Recorded.INVITATION_SENT,
        InvitationSent(link.id, PURPOSE, reviewer.language, reviewer.until, reviewer=reviewer.id),
        agreement=agreement.id,
        personal={"name": reviewer.name, "email": reviewer.email},
    )


def _end_links(act: Act, reviewer: Reviewer) -> None:
    """End every link and with it every browser it let in; recorded once for each."""
    for link in act.session.scalars(
        select(ReviewLink).where(ReviewLink.reviewer_id == reviewer.id, ReviewLink.revoked_at.is_(None))
    ):
        link.revoked_at = act.now
        details = InvitationRevoked(link.id, reviewer=reviewer.id)
        act.record(Recorded.INVITATION_REVOKED, details, agreement=reviewer.agreement_id)


def _row(act: Act, reviewer: Reviewer) -> ReviewerRow:
    newest = act.session.scalar(
        select(ReviewLink)
        .where(ReviewLink.reviewer_id == reviewer.id)
        .order_by(ReviewLink.created_at.desc(), ReviewLink.id)
        .limit(1)
    )
    state = "sent"
    if reviewer.revoked_at is not None or newest is None:
        state = "revoked"
    elif newest.expires_at <= act.now:
        state = "expired"
    elif newest.opened_at is not None:
        state = "opened"
    return ReviewerRow(
        reviewer.id,
        reviewer.name,
        reviewer.email,
        reviewer.party,
        reviewer.language,
        reviewer.may_propose,
        reviewer.until,
        state,
        tuple((one.version_number, one.done_at) for one in shared_with(act, reviewer)),
    )
