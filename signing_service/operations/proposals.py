"""Changed clauses that reviewers proposed: compared with the draft, taken over or turned down by legal staff.

Nothing is applied by itself, and a decision is bound to the wording that was on the screen: when the clause changed
since, it is refused until somebody has looked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from agreements import clause_choices
from agreements import proposals as rules
from agreements.clause_choices import CUSTOM, ClauseChoice, check_choice
from agreements.clause_errors import ClauseLocked, ClauseRefused, ClauseUnknown, NothingProposed, ProposalDecided
from agreements.clauses import Clause
from agreements.errors import AgreementError
from agreements.languages import Lang, Texts, choose
from agreements.plain_texts import plain_text
from agreements.problems import TemplateProblem
from agreements.rebinding import Unbound
from agreements.redlines import ClauseChange, change_of
from agreements.versions import Writing
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.reviewers import ProposalAccepted, ProposalRejected, ProposalShared
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.db.models.people import Person
from signing_service.db.models.proposals import Proposal
from signing_service.db.models.reviewers import Reviewer
from signing_service.errors import N_, ChangedMeanwhile, NotFound
from signing_service.notifications import outbox, review_messages
from signing_service.operations import drafts, reviewers, rows, writings
from signing_service.operations.agreements import EDITABLE, AgreementRow, row_of
from signing_service.operations.comments import require_open
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import RULES, Action

PROPOSAL = N_("proposal")
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal as pages show it.

    `change` is its redline: of an open one for legal staff against the draft, otherwise against the version it was made
    for. `made_for`: the redline against that version where the clause reads otherwise by now. `number` is None when the
    clause no longer stands. `seen_sha256` goes back with a decision.
    """

    id: str
    clause_id: str
    number: int | None
    title: Texts
    author: str
    party: Texts
    version_number: int
    sent_at: datetime
    explanation: str
    shared: bool
    state: str
    amended: bool
    decided_by: str
    decided_at: datetime | None
    decision_words: str
    change: ClauseChange
    made_for: ClauseChange | None = None
    unbound: tuple[Unbound, ...] = ()
    problems: tuple[TemplateProblem, ...] = ()
    sources: Texts | None = None
    seen_sha256: str = ""


@dataclass(frozen=True, slots=True)
class ProposalList:
    """The proposals of an agreement, the open ones first. `may_decide` is about the person who looks."""

    agreement: AgreementRow
    proposals: tuple[ProposalView, ...]
    may_decide: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """What taking a proposal over would mean now."""

    now: Clause | None
    choice: ClauseChoice
    others: tuple[ClauseChoice, ...]
    before: Mapping[Lang, rules.Wording]
    after: Mapping[Lang, rules.Wording]
    number: int | None
    unbound: tuple[Unbound, ...]
    problems: tuple[TemplateProblem, ...]
    seen_sha256: str


@query(Action.AGREEMENT_READ)
def read(act: Act, agreement_id: str) -> ProposalList:
    """Every proposal with its redline against the draft as it stands; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    found = act.session.scalars(
        select(Proposal).where(Proposal.agreement_id == agreement_id).order_by(Proposal.sent_at, Proposal.id)
    )
    drawn = sorted((_planned(act, agreement, one) for one in found), key=lambda one: one.state != rules.OPEN)
    may = agreement.state in EDITABLE and any(rule(act.actor) for rule in RULES[Action.PROPOSAL_DECIDE])
    return ProposalList(row_of(agreement), tuple(drawn), may)


@query(Action.AGREEMENT_READ)
def waiting(act: Act, agreement_id: str) -> Mapping[str, int]:
    """How many proposals wait for a decision, by clause."""
    found = act.session.scalars(
        select(Proposal.clause_id).where(Proposal.agreement_id == agreement_id, Proposal.state == rules.OPEN)
    )
    return Counter(found)


@query(Action.PROPOSAL_DECIDE)
def one(act: Act, agreement_id: str, proposal_id: str) -> tuple[AgreementRow, ProposalView]:
    """One proposal, to be taken over with changes; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    return row_of(agreement), _planned(act, agreement, _proposal(act, agreement_id, proposal_id))


@command(Action.PROPOSAL_DECIDE)
def accept(
    act: Act,
    agreement_id: str,
    proposal_id: str,
    seen_sha256: str,
    words: str = "",
    sources: Mapping[Lang, str] | None = None,
) -> None:
    """Make the proposal the draft's wording of its clause, or `sources`, which legal staff edited.

    Raises `ChangedMeanwhile` when the clause no longer reads as it was shown, ProposalDecided, ClauseUnknown when it
    stands no more, ClauseRefused with every mistake, and `ReviewClosed` once frozen.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    draft = act.session.get_one(Draft, agreement_id, with_for_update=True)
    row = _proposal(act, agreement_id, proposal_id)
    said = _decided(row, words)
    plan = _plan(act, agreement, draft, row)
    if plan.now is None:
        raise ClauseUnknown(clause=row.clause_id)
    if plan.seen_sha256 != seen_sha256:
        raise ChangedMeanwhile(what=N_("The article"))
    choice = plan.choice if sources is None else _with_sources(plan.choice, sources)
    template = template_of(act, agreement)
    check_choice(template, choice, plan.others)
    if dict(choice.sources) == {lang: text.source for lang, text in plan.now.texts.items()}:
        raise NothingProposed()
    drafts.keep(act, agreement, draft, draft.raw, (f"clauses.{row.clause_id}",), (*plan.others, choice))
    row.state, row.amended = rules.ACCEPTED, dict(choice.sources) != dict(plan.choice.sources)
    _close(act, row, said)
    accepted = ProposalAccepted(row.id, row.clause_id, row.amended, seen_sha256, draft.row_version, said)
    act.record(Recorded.PROPOSAL_ACCEPTED, accepted, agreement=agreement_id)
    _tell(act, agreement, row)


@command(Action.PROPOSAL_DECIDE)
def reject(act: Act, agreement_id: str, proposal_id: str, words: str) -> None:
    """Turn a proposal down, with the words that the reviewer reads. Raises TextMissing and ProposalDecided."""
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    row = _proposal(act, agreement_id, proposal_id)
    said = _decided(row, words, needed=True)
    row.state = rules.REJECTED
    _close(act, row, said)
    act.record(Recorded.PROPOSAL_REJECTED, ProposalRejected(row.id, row.clause_id, said), agreement=agreement_id)
    _tell(act, agreement, row)


@command(Action.PROPOSAL_DECIDE)
def share(act: Act, agreement_id: str, proposal_id: str) -> None:
    """Let the reviewers of the other parties see a proposal; it cannot be taken back."""
    agreement = rows.agreement_locked(act, agreement_id)
    require_open(agreement)
    row = _proposal(act, agreement_id, proposal_id)
    if row.shared:
        raise ChangedMeanwhile(what=N_("The proposal"))
    row.shared = True
    act.record(Recorded.PROPOSAL_SHARED, ProposalShared(row.id), agreement=agreement_id)


def view(act: Act, row: Proposal) -> ProposalView:
    """A proposal with its redline against the version it was made for."""
    base = writings.of_version(act, row.agreement_id, row.version_number)
    clause = _standing(base, row.clause_id)
    reviewer = act.session.get_one(Reviewer, row.reviewer_id)
    before = rules.wordings(clause, base)
    number = [one.id for one in base.clauses].index(clause.id) + 1
    decider = act.session.get(Person, row.decided_by or "")
    return ProposalView(
        id=row.id,
        clause_id=row.clause_id,
        number=number,
        title=clause.title(),
        author=reviewer.name,
        party=reviewer.party,
        version_number=row.version_number,
        sent_at=row.sent_at,
        explanation=row.explanation,
        shared=row.shared,
        state=row.state,
        amended=row.amended,
        decided_by=decider.name if decider is not None else "",
        decided_at=row.decided_at,
        decision_words=row.decision_words,
        change=compared(clause, number, before, {**before, **wordings_of(row)}),
    )


def compared(
    clause: Clause, number: int, before: Mapping[Lang, rules.Wording], after: Mapping[Lang, rules.Wording]
) -> ClauseChange:
    """The redline between two wordings of a clause."""
    was, now = rules.resolved(clause, number, before), rules.resolved(clause, number, after)
    return change_of(was, now, tuple(now.title), now.id)


def wordings_of(row: Proposal) -> dict[Lang, rules.Wording]:
    """What was proposed, in the languages that were changed."""
    return {lang: rules.read_wording(row.titles[lang], text) for lang, text in row.texts.items()}


def _planned(act: Act, agreement: Agreement, row: Proposal) -> ProposalView:
    """The proposal as legal staff see it: an open one against the draft."""
    found = view(act, row)
    if row.state != rules.OPEN or agreement.state not in EDITABLE:
        return found
    plan = _plan(act, agreement, act.session.get_one(Draft, agreement.id), row)
    if plan.now is None or plan.number is None:
        return replace(found, number=None)
    against = compared(plan.now, plan.number, plan.before, plan.after)
    base = writings.of_version(act, row.agreement_id, row.version_number)
    moved = rules.wordings(_standing(base, row.clause_id), base) != plan.before
    return replace(
        found,
        number=plan.number,
        title={lang: one.title for lang, one in plan.before.items()},
        change=against,
        made_for=found.change if moved else None,
        unbound=plan.unbound,
        problems=plan.problems,
        sources=plan.choice.sources,
        seen_sha256=plan.seen_sha256,
    )


def _plan(act: Act, agreement: Agreement, draft: Draft, row: Proposal) -> _Plan:
    base, current = writings.of_version(act, agreement.id, row.version_number), writings.of_draft(act, agreement, draft)
    now = current.clause(row.clause_id)
    given = wordings_of(row)
    here = {lang: text.source for lang, text in now.texts.items()} if now is not None else {}
    built = rules.rebuilt(_standing(base, row.clause_id), base, given, here)
    chosen = clause_choices.from_plain(draft.clauses)
    own = next((one for one in chosen if one.clause_id == row.clause_id), None)
    choice = ClauseChoice(
        row.clause_id,
        CUSTOM,
        built.sources,
        after=own.after if own is not None else None,
        binding=own.binding if own is not None else "yes",
        reason=row.explanation,
    )
    others = tuple(one for one in chosen if one.clause_id != row.clause_id)
    before = rules.wordings(now, current) if now is not None else {}
    after: Mapping[Lang, rules.Wording] = {**before, **given}
    problems: tuple[TemplateProblem, ...] = ()
    try:
        after = rules.wordings(check_choice(template_of(act, agreement), choice, others), current)
    except ClauseRefused as error:
        problems = error.problems
    except (ClauseUnknown, ClauseLocked):
        now = None
    except AgreementError as error:  # a value it speaks of is not there any more
        problems = (TemplateProblem(f"{row.clause_id}.{next(iter(given))}.md", None, "", error.message, error.params),)
    number = [one.id for one in current.clauses].index(now.id) + 1 if now is not None else None
    seen = rules.state_sha256(here, before) if now is not None else ""
    return _Plan(now, choice, others, before, after, number, built.unbound, problems, seen)


def _standing(at: Writing, clause_id: str) -> Clause:
    clause = at.clause(clause_id)
    if clause is None:
        raise NotFound(what=PROPOSAL)
    return clause


def _with_sources(choice: ClauseChoice, sources: Mapping[Lang, str]) -> ClauseChoice:
    edited = {lang: sources.get(lang, text).replace("\r\n", "\n") for lang, text in choice.sources.items()}
    return ClauseChoice(choice.clause_id, CUSTOM, edited, "", choice.after, choice.binding, choice.reason)


def _proposal(act: Act, agreement_id: str, proposal_id: str) -> Proposal:
    row = act.session.get(Proposal, proposal_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFound(what=PROPOSAL)
    return row


def _decided(row: Proposal, words: str, *, needed: bool = False) -> str:
    if row.state != rules.OPEN:
        raise ProposalDecided()
    return plain_text(words, most=MOST_WORDS, needed=needed)


def _close(act: Act, row: Proposal, words: str) -> None:
    row.decided_by, row.decided_at, row.decision_words = act.actor.id, act.now, words


def _tell(act: Act, agreement: Agreement, row: Proposal) -> None:
    """The reviewer is told that there is an answer; what it is stands behind the link."""
    reviewer = act.session.get_one(Reviewer, row.reviewer_id)
    clause = _standing(writings.of_version(act, agreement.id, row.version_number), row.clause_id)
    message = review_messages.proposal_decided(
        to=reviewer.email,
        name=reviewer.name,
        language=reviewer.language,
        title=choose(agreement.title, reviewer.language),
        clause=choose(clause.title(), reviewer.language),
        link=f"{reviewers.address(act, reviewer)}#proposals",
    )
    outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)
