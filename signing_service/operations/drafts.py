"""Starting an agreement from a template and filling in its draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import agreements.drafts as rules
from agreements import clause_choices, translations
from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_choices import ClauseChoice
from agreements.lifecycle import State
from agreements.templates import Template, library
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementCreated, DraftSaved
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.db.models.people import Person
from signing_service.errors import N_, ChangedMeanwhile
from signing_service.ids import new_id
from signing_service.operations import rows
from signing_service.operations.agreements import EDITABLE, AgreementRow, row_of
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import Action

PAUSE = timedelta(minutes=15)
"""Typing that goes on after a longer pause is another edit."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template that an agreement can be started from."""

    id: str
    version: str
    title: Mapping[str, str]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """The form of a draft with what was typed so far, and what is still missing (labels in the reader's language)."""

    agreement: AgreementRow
    groups: tuple[rules.FormGroup, ...]
    row_version: int
    saved_at: datetime
    saved_by_name: str
    missing: tuple[str, ...]


@query(Action.AGREEMENT_START)
def templates(act: Act) -> list[TemplateRow]:
    """The shipped templates."""
    return [TemplateRow(t.id, t.version, t.title, t.languages) for t in library().values()]


@command(Action.AGREEMENT_START)
def start(act: Act, template_id: str) -> str:
    """Start an agreement; returns its id. Raises `NotFound` for an unknown template."""
    template = template_of(template_id)
    agreement = Agreement(
        id=new_id("agr"),
        title=dict(template.title),
        template_id=template.id,
        template_version=template.version,
        state=State.DRAFT.value,
        row_version=1,
        newest_version=0,
        author_id=act.actor.id,
        last_editor_id=act.actor.id,
        created_at=act.now,
        changed_at=act.now,
    )
    act.session.add(agreement)
    act.session.flush()
    act.session.add(Draft(agreement_id=agreement.id, raw={}, row_version=1, saved_at=act.now, saved_by=act.actor.id))
    created = AgreementCreated(None, template.id, template.version, template.sha256)
    act.record(Recorded.AGREEMENT_CREATED, created, agreement=agreement.id)
    return agreement.id


@query(Action.DRAFT_EDIT)
def read(act: Act, agreement_id: str, lang: str, typed: Mapping[str, str] | None = None) -> DraftView:
    """The draft as a form in `lang`; with `typed` the form shows what was just typed instead of what was saved."""
    agreement = rows.agreement(act, agreement_id)
    draft = act.session.get_one(Draft, agreement_id)
    template = template_of(agreement.template_id)
    raw = draft.raw if typed is None else rules.parse_form(template, typed)
    return DraftView(
        agreement=row_of(agreement),
        groups=rules.form(template, raw, lang),
        row_version=draft.row_version,
        saved_at=draft.saved_at,
        saved_by_name=act.session.get_one(Person, draft.saved_by).name,
        missing=tuple(rules.missing(template, raw, act.now.date(), lang)),
    )


@command(Action.DRAFT_EDIT)
def save(act: Act, agreement_id: str, typed: Mapping[str, str], row_version: int) -> int:
    """Keep what was typed, complete or not; returns the draft's new row version.

    Raises `ChangedMeanwhile` when somebody saved since the form was opened, and the lifecycle's refusal once the
    agreement is frozen.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    require_editable(agreement)
    draft = act.session.get_one(Draft, agreement_id, with_for_update=True)
    if draft.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The draft"))
    raw = rules.parse_form(template_of(agreement.template_id), typed)
    changed = tuple(sorted(k for k in {*raw, *draft.raw} if raw.get(k) != draft.raw.get(k)))
    keep(act, agreement, draft, raw, changed)
    return draft.row_version


def keep(
    act: Act,
    agreement: Agreement,
    draft: Draft,
    raw: dict[str, Any],
    changed: tuple[str, ...],
    choices: tuple[ClauseChoice, ...] | None = None,
) -> None:
    """Store the draft inside the caller's transaction; a save that changes nothing makes nobody its editor.

    `choices`: the clauses that are not the template's standard, where they changed too.
    """
    _follow_translations(act, draft, template_of(agreement.template_id), raw, choices)
    draft.raw = raw
    if choices is not None:
        draft.clauses = clause_choices.plain(choices)
    draft.row_version += 1
    draft.saved_at, draft.saved_by = act.now, act.actor.id
    if changed:
        agreement.last_editor_id = act.actor.id
        rows.touch(act, agreement)
    saved = DraftSaved(draft.row_version, sha256_of(canonical_bytes(raw)), changed)
    act.record(Recorded.DRAFT_SAVED, saved, agreement=agreement.id)


def _follow_translations(
    act: Act, draft: Draft, template: Template, raw: dict[str, Any], choices: tuple[ClauseChoice, ...] | None
) -> None:
    """Bring the pairs of languages up to what is being saved; called before it is stored."""
    chosen = clause_choices.from_plain(draft.clauses)
    coming = chosen if choices is None else choices
    before = translations.texts_of(template, draft.raw, (*chosen, *_approved_before(template, chosen, coming)))
    after = translations.texts_of(template, raw, coming)
    same_edit = draft.saved_by == act.actor.id and act.now - draft.saved_at < PAUSE
    pairs = translations.follow(translations.from_plain(draft.translations), before, after, same_edit=same_edit)
    draft.translations = translations.plain(pairs)


def _approved_before(
    template: Template, chosen: tuple[ClauseChoice, ...], coming: tuple[ClauseChoice, ...]
) -> tuple[ClauseChoice, ...]:
    """The approved wording of each clause that now comes in words of its own: what its languages are compared with."""
    own = {one.clause_id for one in chosen if one.kind == clause_choices.CUSTOM}
    new = {one.clause_id for one in coming if one.kind == clause_choices.CUSTOM} - own
    return tuple(
        ClauseChoice(clause.id, clause_choices.CUSTOM, {lang: text.source for lang, text in clause.texts.items()})
        for clause in clause_choices.with_choices(template, chosen).clauses
        if clause.id in new
    )


def require_editable(agreement: Agreement) -> None:
    """Raise unless the draft may still change."""
    if State(agreement.state) not in EDITABLE:
        raise ChangedMeanwhile(what=N_("The agreement"))
