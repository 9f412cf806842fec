"""Starting an agreement from a template and filling in its draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

import agreements.drafts as rules
from agreements import clause_choices, translations
from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_choices import ClauseChoice
from agreements.completeness import Completeness, completeness
from agreements.field_labels import full_label
from agreements.lifecycle import State
from agreements.preview import PreviewClause, spelled_out
from agreements.preview import preview as compose_preview
from agreements.templates import OWN_LANGUAGES, Template
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementCreated, DraftSaved
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.db.models.people import Person
from signing_service.errors import N_, ChangedMeanwhile, NotFound
from signing_service.ids import new_id
from signing_service.operations import packages, rows
from signing_service.operations import templates as offers
from signing_service.operations.agreements import EDITABLE, AgreementRow, row_of
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import Action

PAUSE = timedelta(minutes=15)
"""Typing that goes on after a longer pause is another edit."""

BEGINNINGS = 30


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template that an agreement can be started from."""

    id: str
    version: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    sha256: str

    @property
    def references(self) -> tuple[str, ...]:
        """The languages an agreement can have a reference text in, beside its own two."""
        return self.languages[OWN_LANGUAGES:]


@dataclass(frozen=True, slots=True)
class DraftNow:
    """What the values come to as they are typed now: the text with its gaps, and what is left (in words of `lang`).

    `says`: what a date or an amount reads like in the languages of the agreement, by the path of its field.
    """

    languages: tuple[str, ...]
    groups: tuple[rules.FormGroup, ...]
    clauses: tuple[PreviewClause, ...]
    completeness: Completeness
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DraftView:
    """The form of a draft with what was typed so far, and what it comes to."""

    agreement: AgreementRow
    now: DraftNow
    row_version: int
    saved_at: datetime
    saved_by_name: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two people's drafts differ, as typed; "" where it is empty."""

    path: str
    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """An agreement that another one can begin like."""

    id: str
    number: str | None
    title: Mapping[str, str]


@query(Action.AGREEMENT_START)
def templates(act: Act) -> list[TemplateRow]:
    """What an agreement can be begun with: of every template the version that is offered."""
    found = [packages.template(act, sha256) for sha256 in offers.offered(act).values()]
    return [TemplateRow(one.id, one.version, one.title, one.languages, one.sha256) for one in found]


@query(Action.AGREEMENT_START)
def beginnings(act: Act) -> list[Beginning]:
    """The agreements changed last that have a version and a template on offer, for one who begins another like them."""
    found = act.session.scalars(
        select(Agreement)
        .where(Agreement.newest_version > 0, Agreement.template_id.in_(offers.offered(act)))
        .order_by(Agreement.changed_at.desc())
        .limit(BEGINNINGS)
    )
    return [Beginning(one.id, one.number, one.title) for one in found]


@command(Action.AGREEMENT_START)
def start(act: Act, template_id: str, template_sha256: str | None = None, references: Collection[str] = ()) -> str:
    """Start an agreement with the version of the template that is offered now; returns the agreement's id.

    The package is kept, and the agreement stays with it whatever is published later. `template_sha256` is the package
    that was on the screen; `references` are the languages of the template that are wanted beside its first two.
    Raises `NotFound` for a template that is not offered, `ChangedMeanwhile` for another one.
    """
    sha256 = offers.offered(act).get(template_id)
    if sha256 is None:
        raise NotFound(what=packages.TEMPLATE)
    if template_sha256 not in (None, sha256):
        raise ChangedMeanwhile(what=N_("The template"))
    template = packages.template(act, sha256)
    own, others = template.languages[:OWN_LANGUAGES], template.languages[OWN_LANGUAGES:]
    languages = [*own, *(one for one in others if one in references)]
    agreement = begin(act, template, template.title, languages)
    act.session.add(_first_draft(act, agreement))
    return agreement.id


@command(Action.AGREEMENT_START)
def start_like(act: Act, agreement_id: str) -> str:
    """Start an agreement with the clauses and the values of another, but its number; returns its id.

    It begins with the version of the template that is offered now; what that one does not ask for or cannot take stays
    behind. Raises `NotFound` when none is offered.
    """
    model = rows.agreement(act, agreement_id)
    known = act.session.get_one(Draft, model.id)
    sha256 = offers.offered(act).get(model.template_id)
    if sha256 is None:
        raise NotFound(what=packages.TEMPLATE)
    template = packages.template(act, sha256)
    languages = [one for one in model.languages or template.languages if one in template.languages]
    agreement = begin(act, template, model.title, languages or list(template.languages[:OWN_LANGUAGES]))
    draft = _first_draft(act, agreement)
    asked = {one.name for one in template.variables} - {"agreement_no"}
    draft.raw = {name: value for name, value in known.raw.items() if name in asked}
    draft.clauses, draft.translations = known.clauses, known.translations
    if sha256 != model.template_sha256:
        choices = clause_choices.fitting(template_of(act, agreement), clause_choices.from_plain(known.clauses))
        draft.clauses = clause_choices.plain(choices)
    act.session.add(draft)
    return agreement.id


def begin(
    act: Act,
    template: Template,
    title: Mapping[str, str],
    languages: list[str] | None,
    *,
    after: str | None = None,
    relation: str | None = None,
) -> Agreement:
    """A new agreement without its draft, inside the caller's transaction, with the entry that tells of it.

    Who acts is its author. The template's package is kept. `after` and `relation`: the agreement it follows, and how.
    """
    packages.keep(act, template.package)
    agreement = Agreement(
        id=new_id("agr"),
        title=dict(title),
        template_id=template.id,
        template_version=template.version,
        template_sha256=template.sha256,
        languages=languages,
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
    created = AgreementCreated(None, template.id, template.version, template.sha256, after, relation)
    act.record(Recorded.AGREEMENT_CREATED, created, agreement=agreement.id)
    return agreement


def _first_draft(act: Act, agreement: Agreement) -> Draft:
    return Draft(agreement_id=agreement.id, raw={}, row_version=1, saved_at=act.now, saved_by=act.actor.id)


@query(Action.DRAFT_EDIT)
def read(act: Act, agreement_id: str, lang: str, typed: Mapping[str, str] | None = None) -> DraftView:
    """The draft as a form in `lang`; with `typed` the form shows what was just typed instead of what was saved."""
    agreement = rows.agreement(act, agreement_id)
    draft = act.session.get_one(Draft, agreement_id)
    template = template_of(act, agreement)
    return DraftView(
        agreement=row_of(agreement),
        now=_now(act, template, draft, typed, lang),
        row_version=draft.row_version,
        saved_at=draft.saved_at,
        saved_by_name=act.session.get_one(Person, draft.saved_by).name,
    )


@query(Action.DRAFT_EDIT)
def preview(act: Act, agreement_id: str, typed: Mapping[str, str], lang: str) -> DraftNow:
    """What the form comes to as it is typed now; nothing is stored. Raises FormUnreadable and AgreementTooLong."""
    agreement = rows.agreement(act, agreement_id)
    draft = act.session.get_one(Draft, agreement_id)
    return _now(act, template_of(act, agreement), draft, typed, lang)


def _now(act: Act, template: Template, draft: Draft, typed: Mapping[str, str] | None, lang: str) -> DraftNow:
    raw = draft.raw if typed is None else rules.parse_form(template, typed)
    choices = clause_choices.from_plain(draft.clauses)
    pairs = translations.from_plain(draft.translations)
    if typed is not None:
        pairs = _followed(act, draft, template, raw, choices)
    return DraftNow(
        template.languages,
        rules.form(template, raw, lang),
        compose_preview(template, raw, choices),
        completeness(template, raw, choices, pairs, today=act.now.date(), lang=lang),
        spelled_out(template, raw),
    )


@query(Action.DRAFT_EDIT)
def differences(act: Act, agreement_id: str, typed: Mapping[str, str], lang: str) -> tuple[Difference, ...]:
    """Where what this person typed differs from what somebody else saved meanwhile, in the order of the form."""
    agreement = rows.agreement(act, agreement_id)
    template = template_of(act, agreement)
    theirs = rules.flat(act.session.get_one(Draft, agreement_id).raw)
    yours = rules.flat(rules.parse_form(template, typed))
    order = {one.name: place for place, one in enumerate(template.variables)}
    paths = sorted({*theirs, *yours}, key=lambda path: (order.get(path.split(".")[0], 0), path))
    return tuple(
        Difference(path, full_label(template.variables, path, (lang,))[lang], theirs.get(path, ""), yours.get(path, ""))
        for path in paths
        if theirs.get(path, "") != yours.get(path, "")
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
    template = template_of(act, agreement)
    if agreement.template_sha256 is None:  # from before packages were kept: from now on it stays with this one
        packages.keep(act, template.package)
        agreement.template_sha256, agreement.template_version = template.sha256, template.version
    raw = rules.parse_form(template, typed)
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
    kept = clause_choices.from_plain(draft.clauses) if choices is None else choices
    pairs = _followed(act, draft, template_of(act, agreement), raw, kept)
    draft.raw, draft.clauses, draft.translations = raw, clause_choices.plain(kept), translations.plain(pairs)
    draft.row_version += 1
    draft.saved_at, draft.saved_by = act.now, act.actor.id
    if changed:
        agreement.last_editor_id = act.actor.id
        rows.touch(act, agreement)
    saved = DraftSaved(draft.row_version, sha256_of(canonical_bytes(raw)), changed)
    act.record(Recorded.DRAFT_SAVED, saved, agreement=agreement.id)


def _followed(
    act: Act, draft: Draft, template: Template, raw: dict[str, Any], choices: tuple[ClauseChoice, ...]
) -> dict[str, translations.Pair]:
    """The pairs of languages brought up to what is typed or being saved; called before it is stored."""
    chosen = clause_choices.from_plain(draft.clauses)
    wordings = translations.wordings_before(template, chosen, choices)
    before = translations.texts_of(template, draft.raw, wordings)
    after = translations.texts_of(template, raw, choices)
    same_edit = draft.saved_by == act.actor.id and act.now - draft.saved_at < PAUSE
    return translations.follow(translations.from_plain(draft.translations), before, after, same_edit=same_edit)


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
