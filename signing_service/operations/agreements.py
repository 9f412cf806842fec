"""Agreements as pages show them: where each stands, what comes next, who decided, who signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agreements.clause_changes import Tally, tally
from agreements.deadlines import OPEN_FOR_SIGNATURE
from agreements.endings import way_out
from agreements.lifecycle import Command, State
from agreements.rendering import page_images
from signing_service.db import files
from signing_service.db.models.agreements import Agreement, AgreementVersion, Draft
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.endings import Ending
from signing_service.db.models.people import Person
from signing_service.operations import deadlines, endings, organisation_links, reviews, rows
from signing_service.operations.deadlines import DeadlineRow
from signing_service.operations.documents import DocumentRow, RevisionRow
from signing_service.operations.operation import Act, query
from signing_service.operations.organisation_links import UnevidencedRow
from signing_service.operations.reviews import ReviewView
from signing_service.operations.translations import StaleText, of_newest
from signing_service.permissions import RULES, Action


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One line of the list. `next_action` is a code: fill_in, submit, approve, freeze, plan, host, done."""

    id: str
    number: str | None
    title: Mapping[str, str]
    state: str
    newest_version: int
    changed_at: datetime
    next_action: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One saved version."""

    number: int
    sha256: str
    saved_at: datetime
    saved_by_name: str


@dataclass(frozen=True, slots=True)
class SignatoryRow:
    """One signatory with the state of their seat."""

    id: str
    name: str
    party: Mapping[str, str]
    title: Mapping[str, str]
    email: str
    state: str
    signed_at: datetime | None
    custody: str


@dataclass(frozen=True, slots=True)
class CeremonyRow:
    """The ceremony planned for an agreement."""

    id: str
    title: Mapping[str, str]
    starts_at: datetime
    zone: str
    state: str


@dataclass(frozen=True, slots=True)
class EndingRow:
    """A withdrawal or a declaration of void; `ended_at` is empty while a second person has not decided.

    `own` when the person who looks is the one who asked.
    """

    id: str
    command: str
    reason: str
    asked_by_name: str
    asked_at: datetime
    confirmed_by_name: str | None
    ended_at: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Everything about one agreement. `allowed` are the commands possible now for the person who looks.

    `row_version` goes into the forms of those commands. `signed` counts the signatures that are stored.
    `tally` counts the clauses of the newest version that are not the template's standard; `stale` are its translations
    that fell behind; both are empty before the first version. `draft_row_version` goes with a confirmation.
    """

    row: AgreementRow
    author_name: str
    versions: tuple[VersionRow, ...]
    review: ReviewView | None
    document: DocumentRow | None
    revisions: tuple[RevisionRow, ...]
    signatories: tuple[SignatoryRow, ...]
    ceremony: CeremonyRow | None
    unevidenced: tuple[UnevidencedRow, ...]
    allowed: frozenset[str]
    row_version: int
    signed: int
    deadline: DeadlineRow | None
    ending: EndingRow | None
    tally: Tally | None
    stale: tuple[StaleText, ...]
    draft_row_version: int


#: State → the one next action.
NEXT_ACTION: Mapping[State, str] = {
    State.DRAFT: "fill_in",
    State.CHANGES_REQUESTED: "fill_in",
    State.IN_REVIEW: "approve",
    State.APPROVED: "freeze",
    State.FROZEN: "plan",
    State.SCHEDULED: "host",
    State.SIGNING: "host",
}

EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED, State.IN_REVIEW, State.APPROVED})
#: States in which the approval route of the next submission can be adapted.
ADAPTABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})


@query(Action.AGREEMENT_READ)
def list_all(act: Act) -> list[AgreementRow]:
    """Every agreement, the one changed last first."""
    return [row_of(r) for r in act.session.scalars(select(Agreement).order_by(Agreement.changed_at.desc()))]


@query(Action.AGREEMENT_READ)
def read(act: Act, agreement_id: str) -> AgreementView:
    """One agreement whole; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    revisions = rows.revisions(act, agreement_id)
    review = reviews.view(act, agreement)
    ceremony = rows.ceremony_of(act, agreement_id)
    draft = act.session.get(Draft, agreement_id)
    return AgreementView(
        row=row_of(agreement),
        author_name=act.session.get_one(Person, agreement.author_id).name,
        versions=version_rows(act, agreement_id),
        review=review,
        document=_document(act, revisions),
        revisions=_revision_rows(act, revisions),
        signatories=_signatories(act, agreement_id),
        ceremony=_ceremony(ceremony) if ceremony is not None else None,
        unevidenced=_unevidenced(act, agreement),
        allowed=_allowed(act, agreement, review, ceremony) | _allowed_to_end(act, agreement),
        row_version=agreement.row_version,
        signed=len(rows.signed(act, agreement_id)),
        deadline=deadlines.row_of(agreement),
        ending=_ending(act, agreement_id),
        tally=_tally(act, agreement),
        stale=of_newest(act, agreement) if agreement.state in EDITABLE else (),
        draft_row_version=draft.row_version if draft is not None else 0,
    )


def _tally(act: Act, agreement: Agreement) -> Tally | None:
    if agreement.newest_version == 0:
        return None
    newest = rows.version(act, agreement.id, agreement.newest_version)
    return tally(newest.deviations, len(newest.clauses))


def row_of(agreement: Agreement) -> AgreementRow:
    """One line of the list."""
    state = State(agreement.state)
    next_action = NEXT_ACTION.get(state, "done")
    if state is State.DRAFT and agreement.newest_version > 0:
        next_action = "submit"
    return AgreementRow(
        agreement.id,
        agreement.number,
        agreement.title,
        agreement.state,
        agreement.newest_version,
        agreement.changed_at,
        next_action,
    )


def version_rows(act: Act, agreement_id: str) -> tuple[VersionRow, ...]:
    """Every version of an agreement, newest first."""
    found = act.session.execute(
        select(AgreementVersion, Person.name)
        .join(Person, Person.id == AgreementVersion.saved_by)
        .where(AgreementVersion.agreement_id == agreement_id)
        .order_by(AgreementVersion.number.desc())
    )
    return tuple(VersionRow(v.number, v.sha256, v.saved_at, name) for v, name in found)


def _document(act: Act, revisions: list[DocumentRevision]) -> DocumentRow | None:
    if not revisions:
        return None
    newest = revisions[-1]
    pages = page_images.page_count(files.get(act.session, revisions[0].sha256))
    return DocumentRow(newest.sha256, newest.number, newest.kind, pages)


def _revision_rows(act: Act, revisions: list[DocumentRevision]) -> tuple[RevisionRow, ...]:
    names = {r.signatory_id: rows.signatory(act, r.signatory_id).name for r in revisions if r.signatory_id}
    return tuple(
        RevisionRow(r.number, r.kind, r.sha256, r.created_at, names.get(r.signatory_id or "")) for r in revisions
    )


def _signatories(act: Act, agreement_id: str) -> tuple[SignatoryRow, ...]:
    ceremony = rows.ceremony_of(act, agreement_id)
    seats = {s.signatory_id: s for s in rows.seats(act, ceremony.id)} if ceremony is not None else {}
    found = []
    for person in rows.signatories(act, agreement_id):
        seat = seats.get(person.id)
        state = seat.state if seat is not None else "not_invited"
        signed_at = seat.signed_at if seat is not None else None
        found.append(
            SignatoryRow(
                person.id, person.name, person.party, person.title, person.email, state, signed_at, person.custody
            )
        )
    return tuple(found)


def _ceremony(row: Ceremony) -> CeremonyRow:
    return CeremonyRow(row.id, row.title, row.starts_at, row.zone, row.state)


def _unevidenced(act: Act, row: Agreement) -> tuple[UnevidencedRow, ...]:
    """Whose authority to sign is not evidenced, while that can still be mended before somebody signs."""
    if row.newest_version == 0 or State(row.state) not in (*EDITABLE, State.FROZEN, State.SCHEDULED):
        return ()
    parties = rows.version(act, row.id, row.frozen_version or row.newest_version).parties
    return organisation_links.unevidenced(act, row.id, parties)


def _allowed(act: Act, row: Agreement, review: ReviewView | None, ceremony: Ceremony | None) -> frozenset[str]:
    """What this person could do now with this agreement, by the permission table and the states."""
    state = State(row.state)
    possible = {
        "edit": (Action.DRAFT_EDIT, state in EDITABLE),
        "save_version": (Action.VERSION_SAVE, state in EDITABLE),
        "submit": (Action.REVIEW_SUBMIT, state is State.DRAFT and row.newest_version > 0),
        "adapt_route": (Action.ROUTE_EDIT, state in ADAPTABLE),
        "decide": (Action.APPROVAL_DECIDE, review is not None and review.may_decide),
        "freeze": (Action.DOCUMENT_FREEZE, state is State.APPROVED),
        "plan": (Action.CEREMONY_PLAN, state is State.FROZEN),
        "host": (Action.CEREMONY_HOST, ceremony is not None),
        "download": (Action.DOCUMENT_READ, row.frozen_version is not None),
    }
    return frozenset(name for name, (action, now) in possible.items() if now and _may(act, action))


def _allowed_to_end(act: Act, row: Agreement) -> frozenset[str]:
    """The quiet commands: ending the agreement, and the last day for signing."""
    state = State(row.state)
    out = way_out(state, signed=len(rows.signed(act, row.id)), of=len(rows.signatories(act, row.id)))
    asked = endings.waiting(act, row.id) if out is Command.VOID else None
    own = "legal" in act.actor.roles or state in endings.OF_THE_HOST
    possible = {
        "withdraw": (Action.AGREEMENT_WITHDRAW, out is Command.WITHDRAW and own),
        "void": (Action.AGREEMENT_VOID, out is Command.VOID and asked is None),
        "confirm_void": (Action.AGREEMENT_VOID_CONFIRM, asked is not None),
        "deadline": (Action.DEADLINE_SET, state in OPEN_FOR_SIGNATURE),
    }
    return frozenset(name for name, (action, now) in possible.items() if now and _may(act, action))


def _may(act: Act, action: Action) -> bool:
    return any(predicate(act.actor) for predicate in RULES[action])


def _ending(act: Act, agreement_id: str) -> EndingRow | None:
    """What ended the agreement, or the declaration of void that waits; one that was dropped is history."""
    found = act.session.scalar(select(Ending).where(Ending.agreement_id == agreement_id, Ending.dropped_at.is_(None)))
    if found is None:
        return None
    second = act.session.get(Person, found.confirmed_by) if found.confirmed_by else None
    return EndingRow(
        found.id,
        found.command,
        found.reason,
        act.session.get_one(Person, found.asked_by).name,
        found.asked_at,
        second.name if second is not None else None,
        found.ended_at,
        found.asked_by == act.actor.id,
    )
