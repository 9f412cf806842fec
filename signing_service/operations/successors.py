"""Beginning an amendment or a replacement of a completed agreement, and what follows when it is completed itself.

A successor begins with what was agreed: the values of the frozen version of its predecessor, under a new number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import select

from agreements import succession as rules
from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_choices import plain
from agreements.drafts import flat, parse_form
from agreements.field_types import is_agreement_number
from agreements.lifecycle import FINAL, Command, State
from agreements.succession import Predecessor, Relation
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementSuperseded, DraftSaved
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.succession import Succession
from signing_service.errors import N_, InvalidInput
from signing_service.operations import rows
from signing_service.operations.drafts import begin
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import RULES, Action

NUMBER_MAX = 60
FINISHED = FINAL | {State.COMPLETED}


@dataclass(frozen=True, slots=True)
class LinkedAgreement:
    """An agreement before or after another; `relation` is what the later of the two does to the earlier."""

    id: str
    number: str | None
    title: Mapping[str, str]
    state: str
    relation: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything before an agreement, nearest first, and what was begun from it, oldest first.

    `may_start` when the person who looks could begin an amendment or a replacement now.
    """

    before: tuple[LinkedAgreement, ...]
    after: tuple[LinkedAgreement, ...]
    may_start: bool


@command(Action.AGREEMENT_START)
def start(act: Act, predecessor_id: str, relation: str, number: str) -> str:
    """Begin an amendment or a replacement; returns the new agreement's id.

    Raises `NotConcluded`, `SuccessorUnderWay`, `SuccessionCycle`, or `InvalidInput` for the relation and the number.
    """
    wanted = _relation(relation)
    before = rows.agreement_locked(act, predecessor_id)  # one successor at a time, also when two begin at once
    rules.check_start(State(before.state), under_way=_under_way(act, predecessor_id))
    rules.ancestors(predecessor_id, lambda one: _predecessor_id(act, one))
    agreement_no = _free_number(act, number)
    template = template_of(act, before)
    number_agreed = before.frozen_version or before.newest_version
    agreed = rows.version(act, before.id, number_agreed)
    raw = parse_form(template, flat({**agreed.values, "agreement_no": agreement_no}))
    after = begin(act, template, before.title, before.languages, after=before.id, relation=wanted.value)
    draft = Draft(agreement_id=after.id, raw=raw, row_version=1, saved_at=act.now, saved_by=act.actor.id)
    draft.clauses = plain(one.choice() for one in agreed.deviations)
    draft.translations = rows.version_row(act, before.id, number_agreed).translations
    act.session.add(draft)
    act.session.add(Succession(agreement_id=after.id, predecessor_id=before.id, relation=wanted.value))
    saved = DraftSaved(1, sha256_of(canonical_bytes(raw)))
    act.record(Recorded.DRAFT_SAVED, saved, agreement=after.id)
    return after.id


@query(Action.AGREEMENT_START)
def suggestion(act: Act, predecessor_id: str, relation: str) -> str:
    """A free number for a successor."""
    before = rows.agreement(act, predecessor_id)
    number = before.number or before.id
    return rules.suggested_number(number, _relation(relation), _numbers(act, f"{number}-"))


def predecessor(act: Act, agreement_id: str) -> Predecessor | None:
    """What a version of this agreement says of the one before it."""
    link = act.session.get(Succession, agreement_id)
    if link is None:
        return None
    before = rows.agreement(act, link.predecessor_id)
    closed = act.session.scalars(
        select(DocumentRevision).where(DocumentRevision.agreement_id == before.id, DocumentRevision.kind == "closed")
    ).one()
    return Predecessor(
        relation=link.relation,
        agreement_no=before.number or before.id,
        title=dict(before.title),
        completed_on=closed.created_at.astimezone(UTC).date().isoformat(),
        pdf_sha256=closed.sha256,
    )


def conclude(act: Act, agreement: Agreement) -> None:
    """The agreement was completed just now: what it replaces is superseded, in the same transaction."""
    link = act.session.get(Succession, agreement.id)
    if link is None or link.relation != Relation.SUPERSEDES:
        return
    before = rows.agreement_locked(act, link.predecessor_id)
    rows.move(act, before, Command.SUPERSEDE)
    act.record(Recorded.AGREEMENT_SUPERSEDED, AgreementSuperseded(agreement.id), agreement=before.id)


@query(Action.AGREEMENT_READ)
def chain(act: Act, agreement_id: str) -> Chain:
    """Both ways from one agreement; raises `NotFound`, or `SuccessionCycle` for damaged links."""
    agreement = rows.agreement(act, agreement_id)
    before = []
    after_id = agreement_id
    for one in rules.ancestors(agreement_id, lambda each: _predecessor_id(act, each)):
        relation = act.session.get_one(Succession, after_id).relation
        before.append(_linked(rows.agreement(act, one), relation))
        after_id = one
    begun = act.session.execute(
        select(Agreement, Succession.relation)
        .join(Succession, Succession.agreement_id == Agreement.id)
        .where(Succession.predecessor_id == agreement_id)
        .order_by(Agreement.created_at, Agreement.id)
    )
    after = tuple(_linked(row, relation) for row, relation in begun)
    legal = any(predicate(act.actor) for predicate in RULES[Action.AGREEMENT_START])
    going_on = any(State(one.state) not in FINISHED for one in after)
    return Chain(tuple(before), after, legal and agreement.state == State.COMPLETED and not going_on)


def _under_way(act: Act, agreement_id: str) -> str | None:
    finished = [state.value for state in FINISHED]
    found = act.session.scalars(
        select(Agreement)
        .join(Succession, Succession.agreement_id == Agreement.id)
        .where(Succession.predecessor_id == agreement_id, Agreement.state.not_in(finished))
    ).first()
    return (found.number or found.id) if found is not None else None


def _predecessor_id(act: Act, agreement_id: str) -> str | None:
    link = act.session.get(Succession, agreement_id)
    return link.predecessor_id if link is not None else None


def _linked(row: Agreement, relation: str) -> LinkedAgreement:
    return LinkedAgreement(row.id, row.number, row.title, row.state, relation)


def _relation(relation: str) -> Relation:
    try:
        return Relation(relation)
    except ValueError as error:
        raise InvalidInput(field="relation", problem=N_("amends or supersedes")) from error


def _free_number(act: Act, number: str) -> str:
    wanted = number.strip()
    if not wanted or len(wanted) > NUMBER_MAX:
        raise InvalidInput(field="number", problem=N_("give the new agreement a number of at most 60 characters"))
    if not is_agreement_number(wanted):
        raise InvalidInput(
            field="number", problem=N_("use letters, digits, hyphen, point and slash, for example SCA-2020-017-A1")
        )
    if act.session.scalar(select(Agreement.id).where(Agreement.number == wanted)) is not None:
        raise InvalidInput(field="number", problem=N_("this number belongs to another agreement already"))
    return wanted


def _numbers(act: Act, prefix: str) -> frozenset[str]:
    found = act.session.scalars(select(Agreement.number).where(Agreement.number.startswith(prefix, autoescape=True)))
    return frozenset(one for one in found if one is not None)
