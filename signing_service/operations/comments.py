"""Comments on the clauses of a version: added, answered, shared with the other side, settled; never edited.

The rules are in `agreements.comments`. What a partner's reviewer writes goes through `partner_review` and ends here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from agreements import comments as rules
from agreements.clause_errors import CommentClosed
from agreements.clauses import ResolvedClause
from agreements.comments import Quote, Remark
from agreements.languages import Texts
from agreements.versions import Version
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import CommentAdded
from signing_service.audit.details.agreements import CommentClosed as Closed
from signing_service.audit.details.reviewers import CommentShared
from signing_service.db.models.agreements import Agreement, AgreementVersion
from signing_service.db.models.comments import Comment
from signing_service.db.models.people import Person
from signing_service.db.models.reviewers import Reviewer
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotFound, ReviewClosed
from signing_service.ids import new_id
from signing_service.operations import rows
from signing_service.operations.agreements import EDITABLE, AgreementRow, row_of
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import RULES, Action, require

COMMENT = N_("comment")
CLAUSE = N_("article")


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment as pages show it, with its replies.

    `clause`: number and title in the version it speaks of. `changed`: the newest version no longer has the words it
    speaks of. `party`: whose reviewer wrote it; None for one of the staff.
    """

    id: str
    clause_id: str
    clause_number: int
    clause_title: Texts
    version_number: int
    quote: Quote | None
    changed: bool
    words: str
    author: str
    party: Texts | None
    blocking: bool
    shared: bool
    added_at: datetime
    state: str
    closed_by: str
    closed_at: datetime | None
    closing_words: str
    replies: tuple[CommentView, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentList:
    """Every comment of an agreement, in the order of its clauses. `may` are the commands of the person who looks."""

    agreement: AgreementRow
    comments: tuple[CommentView, ...]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewComment:
    """What somebody says: where, and with which words. `near` is where the selection began."""

    version: int
    clause_id: str
    words: str
    quote: str = ""
    quote_language: str = ""
    near: int = 0


@query(Action.AGREEMENT_READ)
def read(act: Act, agreement_id: str) -> CommentList:
    """The comments of an agreement for staff, internal ones too; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    possible = {"add": Action.COMMENT_ADD, "settle": Action.COMMENT_SETTLE}
    may = {name for name, action in possible.items() if any(rule(act.actor) for rule in RULES[action])}
    return CommentList(
        row_of(agreement),
        threads(act, agreement, newest=agreement.newest_version),
        frozenset(may if agreement.state in EDITABLE else ()),
    )


@query(Action.COMMENT_SETTLE)
def one(act: Act, agreement_id: str, comment_id: str) -> tuple[AgreementRow, CommentView]:
    """One comment with its replies, before it is shared; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    wanted = _comment(act, agreement_id, comment_id)
    found = threads(act, agreement, newest=agreement.newest_version)
    every = (one for thread in found for one in (thread, *thread.replies))
    return row_of(agreement), next(one for one in every if one.id == wanted.id)


@command(Action.COMMENT_ADD)
def add(act: Act, agreement_id: str, new: NewComment, *, blocking: bool = False, shared: bool = False) -> str:
    """Comment on a clause of a version; returns the comment's id. Blocking and sharing are for legal staff.

    Raises `NotFound` for a version or clause there is not, `ReviewClosed` once the agreement is frozen, and the rules'
    refusals of the words and the quote.
    """
    if blocking or shared:
        require(act.actor, Action.COMMENT_SETTLE)
    agreement = rows.agreement_locked(act, agreement_id)
    row = put(act, agreement, new)
    row.person_id, row.blocking = act.actor.id, blocking
    if shared:
        _share(act, row)
    recorded(act, row)
    return row.id


@command(Action.COMMENT_ADD)
def reply(act: Act, agreement_id: str, comment_id: str, words: str, *, shared: bool = False) -> str:
    """Answer a comment; with `shared` everybody who sees the comment sees the answer. Raises `CommentClosed`."""
    if shared:
        require(act.actor, Action.COMMENT_SETTLE)
    agreement = rows.agreement_locked(act, agreement_id)
    row = put_reply(act, agreement, _comment(act, agreement_id, comment_id), words)
    row.person_id = act.actor.id
    if shared:
        _share(act, row)
    recorded(act, row)
    return row.id


@command(Action.COMMENT_SETTLE)
def share(act: Act, agreement_id: str, comment_id: str) -> None:
    """Let the reviewers of every party see a comment or a reply; it cannot be taken back."""
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    row = _comment(act, agreement_id, comment_id)
    if row.shared:
        raise ChangedMeanwhile(what=N_("The comment"))
    _share(act, row)
    act.record(Recorded.COMMENT_SHARED, CommentShared(row.id), agreement=agreement_id)


@command(Action.COMMENT_SETTLE)
def close(act: Act, agreement_id: str, comment_id: str, outcome: str, words: str) -> None:
    """Settle a comment: resolved, or not to be done, which needs words. Raises `CommentClosed`."""
    if outcome not in rules.OUTCOMES:
        raise InvalidInput(field="outcome", problem=N_("resolved or wont_do"))
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    row = _comment(act, agreement_id, comment_id)
    if row.parent_id is not None:
        raise NotFound(what=COMMENT)
    row.closing_words = rules.check_closing(row.state, outcome, words)
    row.state, row.closed_by, row.closed_at = outcome, act.actor.id, act.now
    act.record(Recorded.COMMENT_CLOSED, Closed(row.id, outcome, row.closing_words), agreement=agreement_id)


def require_open(agreement: Agreement) -> None:
    """Raise `ReviewClosed` once the agreement's text can no longer change."""
    if agreement.state not in EDITABLE:
        raise ReviewClosed(state=agreement.state)


def put(act: Act, agreement: Agreement, new: NewComment) -> Comment:
    """A fresh row for a comment, checked, with no author yet; inside the caller's transaction."""
    require_open(agreement)
    version = rows.version_row(act, agreement.id, new.version)
    clause = _clause(act, version, new.clause_id)
    quoted = rules.quote(clause, new.quote, new.quote_language, new.near) if new.quote.strip() else None
    return _row(act, version, clause.id, rules.words(new.words), quoted)


def put_reply(act: Act, agreement: Agreement, parent: Comment, words: str) -> Comment:
    """A fresh row for a reply, checked, with no author yet; a reply to a reply answers the same comment."""
    require_open(agreement)
    if parent.parent_id is not None:
        parent = _comment(act, agreement.id, parent.parent_id)
    if parent.state != rules.OPEN:
        raise CommentClosed()
    version = rows.version_row(act, agreement.id, parent.version_number)
    row = _row(act, version, parent.clause_id, rules.words(words), None)
    row.parent_id = parent.id
    return row


def recorded(act: Act, row: Comment) -> None:
    """Store a row whose author is known and write its entry."""
    act.session.add(row)
    details = CommentAdded(row.id, row.version_sha256, row.clause_id, row.blocking, row.shared, row.parent_id)
    act.record(Recorded.COMMENT_ADDED, details, agreement=row.agreement_id)


def threads(
    act: Act,
    agreement: Agreement,
    *,
    newest: int,
    reader: Reviewer | None = None,
    versions: frozenset[int] = frozenset(),
) -> tuple[CommentView, ...]:
    """The comments with their replies, in the order of clauses and time.

    With a `reader` only what that reviewer may see, on the `versions` they were shown. `newest`: the version that says
    whether quoted words still stand.
    """
    found = list(
        act.session.scalars(
            select(Comment).where(Comment.agreement_id == agreement.id).order_by(Comment.added_at, Comment.id)
        )
    )
    view = _View(act, agreement, newest)
    if reader is not None:
        by_id = {one.id: one for one in found}
        own = rules.party(reader.party)
        found = [
            one
            for one in found
            if one.version_number in versions
            and rules.seen_by(view.remark(one), view.remark(by_id[one.parent_id]) if one.parent_id else None, own)
        ]
    answers: dict[str, list[CommentView]] = {}
    for reply in found:
        if reply.parent_id is not None:
            answers.setdefault(reply.parent_id, []).append(view.of(reply))
    drawn = [replace(view.of(c), replies=tuple(answers.get(c.id, ()))) for c in found if c.parent_id is None]
    return tuple(sorted(drawn, key=lambda one: (one.clause_number, one.added_at)))


class _View:
    """Turns rows into what pages show, looking names and versions up once."""

    def __init__(self, act: Act, agreement: Agreement, newest: int) -> None:
        self.act, self.agreement, self.newest = act, agreement, newest
        self.people = {p.id: p.name for p in act.session.scalars(select(Person))}
        mine = select(Reviewer).where(Reviewer.agreement_id == agreement.id)
        self.reviewers: Mapping[str, Reviewer] = {one.id: one for one in act.session.scalars(mine)}
        self.versions: dict[int, Version] = {}

    def remark(self, row: Comment) -> Remark:
        """What decides who sees it."""
        reviewer = self.reviewers.get(row.reviewer_id or "")
        return Remark(row.shared, rules.party(reviewer.party) if reviewer is not None else None)

    def version(self, number: int) -> Version:
        """A version of the agreement, read once."""
        if number not in self.versions:
            self.versions[number] = rows.version(self.act, self.agreement.id, number)
        return self.versions[number]

    def of(self, row: Comment) -> CommentView:
        """One row without its replies."""
        clause = next(one for one in self.version(row.version_number).clauses if one.id == row.clause_id)
        quoted = Quote(row.quote_language, row.quote, row.quote_start) if row.quote else None
        reviewer = self.reviewers.get(row.reviewer_id or "")
        return CommentView(
            id=row.id,
            clause_id=row.clause_id,
            clause_number=clause.number,
            clause_title=clause.title,
            version_number=row.version_number,
            quote=quoted,
            changed=row.parent_id is None and not rules.stands(quoted, row.clause_id, self.version(self.newest)),
            words=row.words,
            author=reviewer.name if reviewer is not None else self.people.get(row.person_id or "", ""),
            party=reviewer.party if reviewer is not None else None,
            blocking=row.blocking,
            shared=row.shared,
            added_at=row.added_at,
            state=row.state,
            closed_by=self.people.get(row.closed_by or "", ""),
            closed_at=row.closed_at,
            closing_words=row.closing_words,
        )


def _comment(act: Act, agreement_id: str, comment_id: str) -> Comment:
    row = act.session.get(Comment, comment_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFound(what=COMMENT)
    return row


def _clause(act: Act, version: AgreementVersion, clause_id: str) -> ResolvedClause:
    content = rows.version(act, version.agreement_id, version.number)
    clause = next((one for one in content.clauses if one.id == clause_id), None)
    if clause is None:
        raise NotFound(what=CLAUSE)
    return clause


def _row(act: Act, version: AgreementVersion, clause_id: str, words: str, quoted: Quote | None) -> Comment:
    return Comment(
        id=new_id("com"),
        agreement_id=version.agreement_id,
        version_number=version.number,
        version_sha256=version.sha256,
        clause_id=clause_id,
        quote=quoted.text if quoted else "",
        quote_language=quoted.lang if quoted else "",
        quote_start=quoted.start if quoted else 0,
        words=words,
        blocking=False,
        shared=False,
        added_at=act.now,
        state=rules.OPEN,
        closing_words="",
    )


def _share(act: Act, row: Comment) -> None:
    row.shared, row.shared_at, row.shared_by = True, act.now, act.actor.id
