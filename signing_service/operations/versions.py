"""Saving immutable versions, and reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from agreements import clause_choices, lifecycle, translations
from agreements.clause_changes import Tally, tally
from agreements.clause_library import fits
from agreements.fields import validate
from agreements.lifecycle import State
from agreements.versions import Version, compose
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementReopened, ApprovalsVoided, VersionSaved
from signing_service.db import files
from signing_service.db.models.agreements import Agreement, AgreementVersion, Draft
from signing_service.db.models.approvals import Decision, Review
from signing_service.db.models.people import Person
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput
from signing_service.ids import new_id
from signing_service.operations import organisation_links, rows, successors
from signing_service.operations.agreements import AgreementRow, VersionRow, row_of
from signing_service.operations.drafts import require_editable
from signing_service.operations.library_wordings import in_force
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import Action

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class VersionReading:
    """One version with its whole content. `frozen`: it is the one that was made the PDF to be signed.

    `kinds`: how a clause stands to the template, by id: variant, custom, added, or standard where the clause library
    has another wording; a clause without a choice is not named. `tally` counts the deviations.
    """

    agreement: AgreementRow
    number: int
    sha256: str
    version: Version
    frozen: bool
    kinds: Mapping[str, str]
    tally: Tally


@command(Action.VERSION_SAVE, recorded=False)
def save(act: Act, agreement_id: str, draft_row_version: int) -> VersionRow:
    """Make an immutable version of the draft; returns it, or the newest one when nothing has changed.

    A new hash voids every approval given so far, visibly, and takes the agreement back to `draft`. Raises
    `InvalidFields` with every problem, `ChangedMeanwhile`, or `InvalidInput` for a number that is taken.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    require_editable(agreement)
    draft = act.session.get_one(Draft, agreement_id)
    if draft.row_version != draft_row_version:
        raise ChangedMeanwhile(what=N_("The draft"))
    template = template_of(act, agreement)
    choices, values = clause_choices.from_plain(draft.clauses), validate(template, draft.raw, act.now.date())
    version = compose(template, values, choices, successors.predecessor(act, agreement_id))
    draft.translations = translations.plain(translations.settled(translations.from_plain(draft.translations)))
    newest = _newest(act, agreement)
    if newest is not None and newest.sha256 == version.sha256:
        newest.translations = draft.translations
        return _row(act, newest)
    _require_free_number(act, agreement, version.agreement_no)
    files.put(act.session, version.canonical, JSON)
    agreement.newest_version += 1
    agreement.number, agreement.title = version.agreement_no, dict(version.title)
    organisation_links.note_parties(act, agreement_id, version.parties)
    row = AgreementVersion(
        id=new_id("ver"),
        agreement_id=agreement_id,
        number=agreement.newest_version,
        sha256=version.sha256,
        edited_by=agreement.last_editor_id,
        translations=draft.translations,
        saved_by=act.actor.id,
        saved_at=act.now,
    )
    act.session.add(row)
    before = newest.sha256 if newest is not None else None
    act.record(Recorded.VERSION_SAVED, VersionSaved(row.number, version.sha256, before), agreement=agreement_id)
    _void_approvals(act, agreement, version.sha256)
    rows.touch(act, agreement)
    act.session.flush()
    return _row(act, row)


@query(Action.AGREEMENT_READ)
def read(act: Act, agreement_id: str, number: int) -> VersionReading:
    """One version; raises `NotFound`."""
    row = rows.version_row(act, agreement_id, number)
    content = rows.version(act, agreement_id, number)
    agreement = rows.agreement(act, agreement_id)
    counts = tally(content.deviations, len(content.clauses))
    frozen = agreement.frozen_version == number
    kinds = _kinds(act, agreement, content)
    return VersionReading(row_of(agreement), number, row.sha256, content, frozen, kinds, counts)


def _kinds(act: Act, agreement: Agreement, content: Version) -> dict[str, str]:
    template, library = template_of(act, agreement), in_force(act)
    kinds = {
        clause.id: clause_choices.STANDARD
        for clause in content.clauses
        if any(fits(one.clause, template, clause.id) for one in library)
    }
    return kinds | {one.clause_id: one.kind if one.after is None else "added" for one in content.deviations}


def _void_approvals(act: Act, agreement: Agreement, new_sha256: str) -> None:
    """Back to `draft` when the review was over another hash; the decisions stay, marked void by their hash."""
    review = act.session.get(Review, agreement.id)
    if review is None or State(agreement.state) not in (State.IN_REVIEW, State.APPROVED, State.CHANGES_REQUESTED):
        return
    reopened = AgreementReopened(agreement.state)
    agreement.sign_until_at = agreement.sign_until_zone = None  # a deadline belongs to what was approved
    rows.move(act, agreement, lifecycle.Command.REVISE)
    act.record(Recorded.AGREEMENT_REOPENED, reopened, agreement=agreement.id)
    given = act.session.scalars(
        select(Decision).where(Decision.agreement_id == agreement.id, Decision.version_sha256 == review.version_sha256)
    ).all()
    if given:
        voided = ApprovalsVoided("content-changed", len(given), review.version_sha256, new_sha256)
        act.record(Recorded.APPROVALS_VOIDED, voided, agreement=agreement.id)


def _newest(act: Act, agreement: Agreement) -> AgreementVersion | None:
    if agreement.newest_version == 0:
        return None
    return rows.version_row(act, agreement.id, agreement.newest_version)


def _require_free_number(act: Act, agreement: Agreement, number: str) -> None:
    taken = act.session.scalar(select(Agreement.id).where(Agreement.number == number, Agreement.id != agreement.id))
    if taken is not None:
        raise InvalidInput(field="agreement_no", problem=N_("this number belongs to another agreement already"))


def _row(act: Act, row: AgreementVersion) -> VersionRow:
    return VersionRow(row.number, row.sha256, row.saved_at, act.session.get_one(Person, row.saved_by).name)
