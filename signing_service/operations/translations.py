"""Translations of a draft that fell behind: listed, confirmed by a person, checked before freezing.

The rules are in `agreements.translations`. A confirmation changes no content: it is kept beside the draft and, where
the newest version says the very same, beside that version. Saving a draft keeps them in step (drafts.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from agreements import clause_choices
from agreements import translations as rules
from agreements.clause_errors import TranslationsStale
from agreements.field_labels import full_label
from agreements.languages import Texts
from agreements.templates import Template
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import TranslationConfirmed
from signing_service.db.models.agreements import Agreement, AgreementVersion, Draft
from signing_service.errors import N_, ChangedMeanwhile
from signing_service.operations import rows
from signing_service.operations.operation import Act, command
from signing_service.operations.packages import template_of
from signing_service.permissions import Action


@dataclass(frozen=True, slots=True)
class StaleText:
    """A translation of the newest version that fell behind.

    `texts`: what stands in `lang` and in `lead`. `places`: the clauses in which it is read. `confirmable`: whether the
    draft still says the same, so that a person who read it can say that it still is right.
    """

    path: str
    lang: str
    lead: str
    label: Texts
    texts: Texts
    places: tuple[str, ...]
    confirmable: bool


def of_newest(act: Act, agreement: Agreement) -> tuple[StaleText, ...]:
    """The translations that stop the newest version from being frozen."""
    newest = _newest(act, agreement)
    if newest is None:
        return ()
    template = template_of(act, agreement)
    content = rows.version(act, agreement.id, newest.number)
    choices = tuple(one.choice() for one in content.deviations)
    texts = rules.texts_of(template, content.values, choices)
    draft = act.session.get_one(Draft, agreement.id)
    drafted = rules.texts_of(template, draft.raw, clause_choices.from_plain(draft.clauses))
    behind = stale(draft, template)
    titles = {rules.path_of(one.id): one.title for one in content.clauses}
    return tuple(
        StaleText(
            one.path,
            one.lang,
            one.lead,
            titles.get(one.path) or full_label(template.variables, one.path, template.languages),
            {code: texts[one.path][code] for code in (one.lead, one.lang)},
            rules.places(template, one.path),
            one in behind and drafted.get(one.path) == texts[one.path],
        )
        for one in rules.stale(rules.from_plain(newest.translations), texts)
    )


def stale(draft: Draft, template: Template) -> tuple[rules.Stale, ...]:
    """The translations of the draft that fell behind."""
    texts = rules.texts_of(template, draft.raw, clause_choices.from_plain(draft.clauses))
    return rules.stale(rules.from_plain(draft.translations), texts)


@command(Action.DRAFT_EDIT)
def confirm(act: Act, agreement_id: str, path: str, lang: str, row_version: int) -> None:
    """Say that the translation at `path` in `lang` still is right.

    Raises `ChangedMeanwhile` when somebody saved since the page was drawn, and NothingStale.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    draft = act.session.get_one(Draft, agreement_id, with_for_update=True)
    if draft.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The draft"))
    template = template_of(act, agreement)
    texts = rules.texts_of(template, draft.raw, clause_choices.from_plain(draft.clauses))
    pairs = rules.confirm(rules.from_plain(draft.translations), texts, path, lang)
    draft.translations = rules.plain(pairs)
    draft.row_version += 1
    newest = _newest(act, agreement)
    if newest is not None and _texts_of_version(act, agreement, template, newest).get(path) == texts[path]:
        newest.translations = {**newest.translations, path: draft.translations[path]}
    confirmed = TranslationConfirmed(path, lang, draft.row_version)
    act.record(Recorded.TRANSLATION_CONFIRMED, confirmed, agreement=agreement_id)


def require_fresh(act: Act, agreement: Agreement) -> None:
    """Raise TranslationsStale unless every language of the newest version says what the others say."""
    newest = _newest(act, agreement)
    if newest is None:
        return
    texts = _texts_of_version(act, agreement, template_of(act, agreement), newest)
    found = rules.stale(rules.from_plain(newest.translations), texts)
    if found:
        raise TranslationsStale(count=len(found))


def _texts_of_version(
    act: Act, agreement: Agreement, template: Template, version: AgreementVersion
) -> dict[str, Texts]:
    content = rows.version(act, agreement.id, version.number)
    return rules.texts_of(template, content.values, tuple(one.choice() for one in content.deviations))


def _newest(act: Act, agreement: Agreement) -> AgreementVersion | None:
    if agreement.newest_version == 0:
        return None
    return rows.version_row(act, agreement.id, agreement.newest_version)
