"""A reviewer's way in: the link, its opening, the one-time code, the identified browser.

It is that of a signatory with tables of its own: a reviewer's session opens no seat, and a seat's no review.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from signing_service.accounts.links import masked, require_live
from signing_service.accounts.tokens import new_token, token_sha256
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.people import CodeAccepted, CodeRefused, CodeSent, InvitationOpened
from signing_service.db.models.reviewers import ReviewCode, Reviewer, ReviewLink, ReviewSession
from signing_service.errors import CodeExpired
from signing_service.moments import spoken
from signing_service.operations import codes
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action, Actor
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class Landing:
    """What a link's first page may show before anything was proved: nothing personal."""

    masked_email: str
    expires_at: str
    code_sent: bool


@dataclass(frozen=True, slots=True)
class Identified:
    """An accepted code: whose, and the token for the cookie."""

    reviewer_id: str
    token: str


@query(Action.INVITATION_OPEN)
def landing(act: Act, token: str) -> Landing:
    """What the link's first page shows; raises `LinkUnknown`, `LinkRevoked` or `LinkExpired`. Records nothing."""
    link = _live(act, token)
    reviewer = act.session.get_one(Reviewer, link.reviewer_id)
    code = act.session.get(ReviewCode, link.id)
    return Landing(masked(reviewer.email), spoken(link.expires_at), codes.waits(act, code))


def opened(services: Services, actor: Actor, token: str) -> None:
    """Told by the page's own script, never by the GET, so that mail scanners open nothing. Only the first counts."""
    if _unopened(services, actor, token):
        _open(services, actor, token)


@query(Action.INVITATION_OPEN)
def _unopened(act: Act, token: str) -> bool:
    return _live(act, token).opened_at is None


@command(Action.INVITATION_OPEN, recorded=False)
def _open(act: Act, token: str) -> None:
    link = _live(act, token)
    act.session.refresh(link, with_for_update=True)
    if link.opened_at is not None:
        return
    link.opened_at = act.now
    reviewer = act.session.get_one(Reviewer, link.reviewer_id)
    details = InvitationOpened(link.id, reviewer=reviewer.id)
    act.record(Recorded.INVITATION_OPENED, details, agreement=reviewer.agreement_id)


@command(Action.INVITATION_OPEN)
def send_code(act: Act, token: str) -> None:
    """Mail a fresh six-digit code; raises `CodeTooOften` past a handful an hour."""
    link = _live(act, token)
    reviewer = act.session.get_one(Reviewer, link.reviewer_id)
    row = act.session.get(ReviewCode, link.id, with_for_update=True)
    if row is None:
        row = ReviewCode(link_id=link.id, sent_since=act.now, sent_count=0)
        act.session.add(row)
    codes.mail(act, row, link.id, reviewer)
    sent = CodeSent(link.id, "mail", row.expires_at, reviewer=reviewer.id)
    act.record(Recorded.CODE_SENT, sent, agreement=reviewer.agreement_id)


def identify(services: Services, actor: Actor, token: str, code: str) -> Identified:
    """Accept the code; raises `CodeWrong` (with the tries left) or `CodeExpired`.

    A wrong try is counted and recorded before the error is raised: a rollback would give endless tries.
    """
    return codes.require_accepted(_try_code(services, actor, token, code))


@command(Action.INVITATION_OPEN)
def _try_code(act: Act, token: str, code: str) -> codes.Tried[Identified]:
    link = _live(act, token)
    row = act.session.get(ReviewCode, link.id, with_for_update=True)
    if row is None:
        raise CodeExpired()
    accepted = codes.accept(act, row, link.id, code)
    reviewer = act.session.get_one(Reviewer, link.reviewer_id)
    if not accepted:
        refused = CodeRefused(link.id, row.attempts, "wrong-code", reviewer=reviewer.id)
        act.record(Recorded.CODE_REFUSED, refused, agreement=reviewer.agreement_id)
        return codes.Tried(None, codes.tries_left(row))
    details = CodeAccepted(link.id, row.attempts, reviewer=reviewer.id)
    act.record(Recorded.CODE_ACCEPTED, details, agreement=reviewer.agreement_id)
    fresh = new_token()
    life = act.now + timedelta(hours=act.services.settings.session_hours)
    act.session.add(
        ReviewSession(
            token_sha256=token_sha256(fresh),
            link_id=link.id,
            reviewer_id=reviewer.id,
            identified_at=act.now,
            expires_at=min(life, link.expires_at),
        )
    )
    return codes.Tried(Identified(reviewer.id, fresh))


@query(Action.PUBLIC)
def reviewer_actor(act: Act, token: str) -> Actor | None:
    """The reviewer behind a session token; None once the session or the link has ended."""
    row = act.session.get(ReviewSession, token_sha256(token))
    if row is None or row.expires_at <= act.now:
        return None
    link = act.session.get_one(ReviewLink, row.link_id)
    reviewer = act.session.get_one(Reviewer, row.reviewer_id)
    if link.revoked_at is not None or link.expires_at <= act.now or reviewer.revoked_at is not None:
        return None
    return Actor(
        id=reviewer.id,
        kind="reviewer",
        reviewer_id=reviewer.id,
        language=reviewer.language,
        name=reviewer.name,
    )


def _live(act: Act, token: str) -> ReviewLink:
    row = codes.link_of(act, ReviewLink, token)
    require_live(revoked_at=row.revoked_at, expires_at=row.expires_at, now=act.now)
    return row
