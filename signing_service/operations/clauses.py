"""Changing the clauses of a draft: another approved wording, own words, an added clause, and the way back.

Every change is one command over the draft that was shown: it keeps who, when and why, follows the translations, and is
refused by name with nothing changed. What fits and what is right is decided in `agreements`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agreements import clause_changes as rules
from agreements import clause_choices, clause_library
from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_choices import CUSTOM, ClauseChoice
from agreements.clause_errors import ClauseLocked, ClauseUnchanged, LibraryClauseChanged
from agreements.templates import Template
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.clauses import ClauseChosen, ClauseRestored
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput
from signing_service.operations import drafts, rows
from signing_service.operations.library_wordings import in_force
from signing_service.operations.operation import Act, command
from signing_service.operations.packages import template_of
from signing_service.permissions import Action, Actor

MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wording goes: a clause that is there, or a new one `after` another ("" puts it first)."""

    clause_id: str = ""
    after: str | None = None


@command(Action.DRAFT_EDIT)
def choose(
    act: Act, agreement_id: str, place: Place, library_id: str, sha256: str, reason: str, row_version: int
) -> str:
    """Take a wording of the clause library for a clause, or add it as one; returns the clause's id.

    Raises LibraryClauseChanged unless `sha256` is the wording in force, LibraryClauseUnfit, ClauseLocked,
    ClauseRefused, and `ChangedMeanwhile` when somebody saved since `row_version`.
    """
    draft = _opened(act, agreement_id, row_version)
    approved = next((one for one in in_force(act) if one.clause.id == library_id), None)
    if approved is None or approved.clause.sha256 != sha256:
        raise LibraryClauseChanged()
    if place.after is not None:
        _require_adding(draft, act.actor, place.after)
        clause_id = rules.free_id(draft.template, draft.choices, approved.clause.topics[0])
        choice = clause_library.variant(approved, draft.template, clause_id, after=place.after)
    else:
        rules.require_change(draft.template, draft.choices, place.clause_id, whose(act.actor))
        choice = _variant_in_place(draft, approved, place.clause_id)
    _put(act, draft, choice, reason)
    return choice.clause_id


@command(Action.DRAFT_EDIT)
def write(act: Act, agreement_id: str, place: Place, sources: Mapping[str, str], reason: str, row_version: int) -> str:
    """Put own words in place of a clause, or add them as one; returns the clause's id.

    Exactly the standard wording is the standard again. Raises as `choose` does, and ClauseUnchanged.
    """
    draft = _opened(act, agreement_id, row_version)
    texts = clause_choices.tidied(sources, draft.template.languages)
    if place.after is not None:
        _require_adding(draft, act.actor, place.after)
        clause_id = rules.free_id(draft.template, draft.choices)
        _put(act, draft, ClauseChoice(clause_id, CUSTOM, texts, after=place.after), reason)
        return clause_id
    clause = rules.require_change(draft.template, draft.choices, place.clause_id, whose(act.actor))
    standing = {lang: text.source.strip() for lang, text in clause.texts.items()}
    if texts == standing:
        raise ClauseUnchanged(clause=place.clause_id)
    if texts == rules.standard_sources(draft.template, place.clause_id):
        _take_back(act, draft, place.clause_id)
        return place.clause_id
    before = draft.find(place.clause_id) or ClauseChoice(place.clause_id, CUSTOM, {})
    _put(act, draft, replace(before, kind=CUSTOM, sources=texts, origin=""), reason)
    return place.clause_id


@command(Action.DRAFT_EDIT)
def restore(act: Act, agreement_id: str, clause_id: str, row_version: int) -> None:
    """Back to the standard wording; an added clause goes away.

    Raises ClauseUnknown when nothing was chosen there, ClauseNeeded when another clause speaks of an added one, and
    `ChangedMeanwhile`.
    """
    draft = _opened(act, agreement_id, row_version)
    _take_back(act, draft, clause_id)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A draft taken for writing."""

    agreement: Agreement
    draft: Draft
    template: Template
    choices: tuple[ClauseChoice, ...]

    def find(self, clause_id: str) -> ClauseChoice | None:
        """What was chosen for this clause, if anything."""
        return next((one for one in self.choices if one.clause_id == clause_id), None)


def whose(actor: Actor) -> str:
    """As whom this person changes clauses, in the words of the lock."""
    return rules.LEGAL if "legal" in actor.roles else rules.PARTNER


def _opened(act: Act, agreement_id: str, row_version: int) -> _Opened:
    agreement = rows.agreement_locked(act, agreement_id)
    drafts.require_editable(agreement)
    draft = act.session.get_one(Draft, agreement_id, with_for_update=True)
    if draft.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The draft"))
    template = template_of(act, agreement)
    return _Opened(agreement, draft, template, clause_choices.from_plain(draft.clauses))


def _require_adding(draft: _Opened, actor: Actor, after: str) -> None:
    """Only legal staff add clauses, after one that is there."""
    if whose(actor) != rules.LEGAL:
        raise ClauseLocked(clause=after)
    if after:
        rules.find(clause_choices.with_choices(draft.template, draft.choices), after)


def _variant_in_place(draft: _Opened, approved: clause_library.Approved, clause_id: str) -> ClauseChoice:
    """The wording for a clause that is there: the template's own, or one added before."""
    before = draft.find(clause_id)
    if before is None or not before.added:
        return clause_library.variant(approved, draft.template, clause_id)
    return replace(
        clause_library.variant(approved, draft.template, clause_id, after=before.after), binding=before.binding
    )


def _put(act: Act, draft: _Opened, choice: ClauseChoice, reason: str) -> None:
    if not reason.strip():
        raise InvalidInput(field=N_("Reason"), problem=N_("say why this agreement departs from the standard"))
    if len(reason) > MAX_REASON:
        raise InvalidInput(field=N_("Reason"), problem=N_("at most 1000 characters"))
    before = draft.find(choice.clause_id)
    if before is not None and (before.sources, before.origin) == (choice.sources, choice.origin):
        raise ClauseUnchanged(clause=choice.clause_id)
    choice = replace(choice, reason=reason.strip(), by=act.actor.id, at=act.now.isoformat())
    _keep(act, draft, rules.put(draft.template, draft.choices, choice), choice.clause_id)
    chosen = ClauseChosen(
        clause=choice.clause_id,
        kind=choice.kind,
        text_sha256=sha256_of(canonical_bytes(dict(choice.sources))),
        draft_revision=draft.draft.row_version,
        origin=choice.origin or None,
        added=choice.added,
        words=choice.reason,
    )
    act.record(Recorded.CLAUSE_CHOSEN, chosen, agreement=draft.agreement.id)


def _take_back(act: Act, draft: _Opened, clause_id: str) -> None:
    choices = rules.take_back(draft.template, draft.choices, clause_id)
    gone = draft.find(clause_id)
    _keep(act, draft, choices, clause_id)
    kind, added = (gone.kind, gone.added) if gone is not None else (CUSTOM, False)
    restored = ClauseRestored(clause_id, kind, draft.draft.row_version, added)
    act.record(Recorded.CLAUSE_RESTORED, restored, agreement=draft.agreement.id)


def _keep(act: Act, draft: _Opened, choices: tuple[ClauseChoice, ...], clause_id: str) -> None:
    raw = dict(draft.draft.raw)
    drafts.keep(act, draft.agreement, draft.draft, raw, (f"clauses.{clause_id}",), choices=choices)
