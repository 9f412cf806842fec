"""What a partner's reviewer sees and says: the versions shared with them, clause by clause; comments and proposals.

Everything here is asked for by the reviewer's own session and answers only from what was shared with them: never from
the draft, from internal comments, from approvals or from another agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from agreements import comments as comment_rules
from agreements import proposals as rules
from agreements import redlines
from agreements.canonical import canonical_bytes, sha256_of
from agreements.clauses import Clause, ResolvedClause
from agreements.languages import ENGLISH, Lang, Texts, choose
from agreements.plain_texts import plain_text
from agreements.redlines import ClauseChange, Redline
from agreements.versions import Writing
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.reviewers import ProposalSent, ReviewDone
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.comments import Comment
from signing_service.db.models.people import Person
from signing_service.db.models.proposals import Proposal
from signing_service.db.models.reviewers import Reviewer, SharedVersion
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, TooManyOpen
from signing_service.ids import new_id
from signing_service.notifications import outbox, review_messages
from signing_service.operations import comments, proposals, reviewers, rows, writings
from signing_service.operations.agreements import EDITABLE
from signing_service.operations.comments import CommentView, NewComment
from signing_service.operations.operation import Act, command, query
from signing_service.operations.proposals import ProposalView
from signing_service.permissions import Action

MOST_PROPOSALS = 40
MOST_COMMENTS = 300
MOST_FORM_KEY = 64


@dataclass(frozen=True, slots=True)
class Room:
    """The frame of every page of a review. `previous`: the version shared before; `open`: words are still taken."""

    reviewer_id: str
    name: str
    party: Texts
    title: Texts
    agreement_no: str
    open: bool
    may_propose: bool
    version: int
    sha256: str
    previous: int | None
    languages: tuple[Lang, ...]
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """One clause of the newest shared version. `lock`: none, legal or fixed."""

    clause: ResolvedClause
    lock: str
    comments: tuple[CommentView, ...]
    proposals: tuple[ProposalView, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest shared version with what was said about it; `elsewhere`: comments whose clause it no longer has."""

    room: Room
    clauses: tuple[ClauseReading, ...]
    elsewhere: tuple[CommentView, ...]
    proposals: tuple[ProposalView, ...]


@dataclass(frozen=True, slots=True)
class ClauseDesk:
    """One clause to comment on and to propose other words for: how it reads, and a key for the form."""

    room: Room
    reading: ClauseReading
    wordings: Mapping[Lang, rules.Wording]
    form_key: str


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A proposal as it was typed. `form_key` names the form, so that one sent twice is one proposal."""

    version: int
    clause_id: str
    titles: Mapping[Lang, str]
    texts: Mapping[Lang, str]
    explanation: str = ""
    form_key: str = ""


@query(Action.REVIEW_TAKE_PART)
def read(act: Act) -> Reading:
    """The newest version that was shared with the reviewer; raises `NotFound` when there is none."""
    reviewer, agreement, room = _room(act)
    at = writings.of_version(act, agreement.id, room.version)
    found, sent = _comments(act, agreement, reviewer, room.version), _proposals(act, agreement, reviewer)
    clauses = tuple(
        _reading(at, clause, found, sent) for clause in rows.version(act, agreement.id, room.version).clauses
    )
    here = {one.clause.id for one in clauses}
    return Reading(room, clauses, tuple(one for one in found if one.clause_id not in here), sent)


@query(Action.REVIEW_TAKE_PART)
def changes(act: Act) -> tuple[Room, Redline]:
    """What changed since the version shared before; raises `NotFound` when there was none."""
    _reviewer, agreement, room = _room(act)
    if room.previous is None:
        raise NotFound(what=N_("comparison"))
    old, new = (rows.version(act, agreement.id, number) for number in (room.previous, room.version))
    return room, redlines.compare(old, new)


@query(Action.REVIEW_TAKE_PART)
def clause(act: Act, clause_id: str) -> ClauseDesk:
    """One clause of the newest shared version; raises `NotFound`."""
    reviewer, agreement, room = _room(act)
    at = writings.of_version(act, agreement.id, room.version)
    content = rows.version(act, agreement.id, room.version)
    found = next((one for one in content.clauses if one.id == clause_id), None)
    if found is None:
        raise NotFound(what=comments.CLAUSE)
    reading = _reading(
        at, found, _comments(act, agreement, reviewer, room.version), _proposals(act, agreement, reviewer)
    )
    return ClauseDesk(room, reading, rules.wordings(_standing(at, clause_id), at), new_id("frm"))


@query(Action.REVIEW_TAKE_PART)
def preview(act: Act, new: NewProposal) -> ClauseChange:
    """The redline of a proposal before it is sent; raises what sending it would raise."""
    reviewer = reviewers.myself(act)
    shared = _shared(act, reviewer, new.version)
    at = writings.of_version(act, reviewer.agreement_id, shared.version_number)
    own, given = _read(at, new)
    before = rules.wordings(own, at)
    number = [one.id for one in at.clauses].index(own.id) + 1
    return proposals.compared(own, number, before, {**before, **given})


@command(Action.REVIEW_TAKE_PART, recorded=False)
def propose(act: Act, new: NewProposal) -> str:
    """Send a proposal to legal staff; returns its id, the first one's when the same form comes again.

    Raises `NotFound` for what was not shared, `NotPermitted`, `ReviewClosed`, `TooManyOpen`, and the rules' refusals.
    """
    reviewer = reviewers.myself(act)
    agreement = rows.agreement_locked(act, reviewer.agreement_id)
    comments.require_open(agreement)
    if not reviewer.may_propose:
        raise NotPermitted(action="proposals.propose")
    if not 0 < len(new.form_key) <= MOST_FORM_KEY:
        raise InvalidInput(field="form_key", problem=N_("this form was not made here"))
    mine = select(Proposal).where(Proposal.reviewer_id == reviewer.id)
    again = act.session.scalar(mine.where(Proposal.form_key == new.form_key))
    if again is not None:
        if again.clause_id != new.clause_id:
            raise ChangedMeanwhile(what=N_("The form"))
        return again.id
    waiting = select(func.count()).select_from(Proposal).where(Proposal.reviewer_id == reviewer.id)
    if (act.session.scalar(waiting.where(Proposal.state == rules.OPEN)) or 0) >= MOST_PROPOSALS:
        raise TooManyOpen(most=MOST_PROPOSALS)
    shared = _shared(act, reviewer, new.version)
    at = writings.of_version(act, agreement.id, shared.version_number)
    own, given = _read(at, new)
    row = Proposal(
        id=new_id("prp"),
        agreement_id=agreement.id,
        version_number=shared.version_number,
        version_sha256=shared.version_sha256,
        clause_id=own.id,
        reviewer_id=reviewer.id,
        form_key=new.form_key,
        titles={lang: one.title for lang, one in given.items()},
        texts={lang: one.text for lang, one in given.items()},
        explanation=plain_text(new.explanation, most=rules.MAX_EXPLANATION, needed=False),
        sent_at=act.now,
        shared=False,
        state=rules.OPEN,
        amended=False,
        decision_words="",
    )
    act.session.add(row)
    content = sha256_of(canonical_bytes({"titles": row.titles, "texts": row.texts}))
    sent = ProposalSent(row.id, row.version_sha256, row.clause_id, tuple(sorted(given)), content)
    act.record(Recorded.PROPOSAL_SENT, sent, agreement=agreement.id)
    _tell(act, agreement, reviewer, own)
    return row.id


@command(Action.REVIEW_TAKE_PART)
def comment(act: Act, new: NewComment) -> str:
    """Comment on a clause of a version that was shared; legal staff and the reviewer's own party see it."""
    reviewer = reviewers.myself(act)
    agreement = rows.agreement_locked(act, reviewer.agreement_id)
    _shared(act, reviewer, new.version)
    row = comments.put(act, agreement, new)
    return _said(act, reviewer, row)


@command(Action.REVIEW_TAKE_PART)
def reply(act: Act, comment_id: str, words: str) -> str:
    """Answer a comment that the reviewer can see; raises `NotFound` for any other."""
    reviewer = reviewers.myself(act)
    agreement = rows.agreement_locked(act, reviewer.agreement_id)
    seen = _comments(act, agreement, reviewer, agreement.newest_version)
    if comment_id not in {one.id for one in seen}:
        raise NotFound(what=comments.COMMENT)
    row = comments.put_reply(act, agreement, act.session.get_one(Comment, comment_id), words)
    return _said(act, reviewer, row)


@command(Action.REVIEW_TAKE_PART)
def done(act: Act, number: int) -> None:
    """Say that there are no more remarks on a version. Raises `ChangedMeanwhile` when that was said before."""
    reviewer = reviewers.myself(act)
    agreement = rows.agreement_locked(act, reviewer.agreement_id)
    comments.require_open(agreement)
    shared = _shared(act, reviewer, number)
    if shared.done_at is not None:
        raise ChangedMeanwhile(what=N_("The review"))
    shared.done_at = act.now
    details = ReviewDone(reviewer.id, shared.version_number, shared.version_sha256)
    act.record(Recorded.REVIEW_DONE, details, agreement=agreement.id)


def _room(act: Act) -> tuple[Reviewer, Agreement, Room]:
    reviewer = reviewers.myself(act)
    agreement = rows.agreement(act, reviewer.agreement_id)
    shared = reviewers.shared_with(act, reviewer)
    if not shared:
        raise NotFound(what=rows.VERSION)
    newest = rows.version(act, agreement.id, shared[0].version_number)
    own_first = sorted(newest.languages, key=lambda lang: (lang != reviewer.language, lang != ENGLISH))
    return (
        reviewer,
        agreement,
        Room(
            reviewer.id,
            reviewer.name,
            reviewer.party,
            newest.title,
            newest.agreement_no,
            agreement.state in EDITABLE,
            reviewer.may_propose,
            shared[0].version_number,
            shared[0].version_sha256,
            shared[1].version_number if len(shared) > 1 else None,
            tuple(own_first),
            shared[0].done_at,
        ),
    )


def _shared(act: Act, reviewer: Reviewer, number: int) -> SharedVersion:
    found = next((one for one in reviewers.shared_with(act, reviewer) if one.version_number == number), None)
    if found is None:
        raise NotFound(what=rows.VERSION)
    return found


def _comments(act: Act, agreement: Agreement, reviewer: Reviewer, newest: int) -> tuple[CommentView, ...]:
    versions = frozenset(one.version_number for one in reviewers.shared_with(act, reviewer))
    newest = max((one for one in versions if one <= newest), default=newest)
    return comments.threads(act, agreement, newest=newest, reader=reviewer, versions=versions)


def _proposals(act: Act, agreement: Agreement, reviewer: Reviewer) -> tuple[ProposalView, ...]:
    """Those of the reviewer's own party and those that legal staff shared, on versions the reviewer was shown."""
    versions = [one.version_number for one in reviewers.shared_with(act, reviewer)]
    found = act.session.execute(
        select(Proposal, Reviewer)
        .join(Reviewer, Reviewer.id == Proposal.reviewer_id)
        .where(Proposal.agreement_id == agreement.id, Proposal.version_number.in_(versions))
        .order_by(Proposal.sent_at.desc(), Proposal.id)
    )
    own = comment_rules.party(reviewer.party)
    return tuple(
        proposals.view(act, one)
        for one, author in found
        if comment_rules.seen_by(comment_rules.Remark(one.shared, comment_rules.party(author.party)), None, own)
    )


def _reading(
    at: Writing, clause: ResolvedClause, found: tuple[CommentView, ...], sent: tuple[ProposalView, ...]
) -> ClauseReading:
    return ClauseReading(
        clause,
        _standing(at, clause.id).lock,
        tuple(one for one in found if one.clause_id == clause.id),
        tuple(one for one in sent if one.clause_id == clause.id),
    )


def _standing(at: Writing, clause_id: str) -> Clause:
    found = at.clause(clause_id)
    if found is None:
        raise NotFound(what=comments.CLAUSE)
    return found


def _read(at: Writing, new: NewProposal) -> tuple[Clause, dict[Lang, rules.Wording]]:
    """The clause and the languages that differ, once everything about the proposal was checked."""
    own = _standing(at, new.clause_id)
    rules.require_open(own)
    typed = {lang: rules.read_wording(new.titles.get(lang, ""), new.texts.get(lang, "")) for lang in own.texts}
    given = rules.changed(rules.wordings(own, at), typed)
    rules.rebuilt(own, at, given)
    return own, given


def _said(act: Act, reviewer: Reviewer, row: Comment) -> str:
    mine = select(func.count()).select_from(Comment).where(Comment.reviewer_id == reviewer.id)
    if (act.session.scalar(mine) or 0) >= MOST_COMMENTS:
        raise TooManyOpen(most=MOST_COMMENTS)
    row.reviewer_id = reviewer.id
    comments.recorded(act, row)
    return row.id


def _tell(act: Act, agreement: Agreement, reviewer: Reviewer, own: Clause) -> None:
    person = act.session.get_one(Person, reviewer.invited_by)
    message = review_messages.proposal_received(
        to=person.email,
        name=person.name,
        language=person.language,
        title=choose(agreement.title, person.language),
        clause=choose(own.title(), person.language),
        reviewer=reviewer.name,
        link=f"{act.services.settings.base_url}/agreements/{agreement.id}/proposals",
    )
    outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)
