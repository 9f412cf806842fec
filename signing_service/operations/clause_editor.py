"""What could stand in the place of a clause: the wordings of the library that fit, and the clause as one edits it.

Only looks; taking one of them is in clauses.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agreements import clause_changes as rules
from agreements import clause_choices, clause_library, translations
from agreements.clause_choices import CUSTOM, ClauseChoice
from agreements.clause_library import Offer
from agreements.clauses import ResolvedClause
from agreements.errors import AgreementError
from agreements.languages import Texts
from agreements.outlines import OutlinedClause
from agreements.problems import TemplateProblem
from agreements.redlines import ClauseChange
from agreements.usable_values import ValueGroup, usable
from signing_service.db.models.people import Person
from signing_service.operations import translations as stale_translations
from signing_service.operations.agreements import AgreementRow, row_of
from signing_service.operations.clauses import Place, whose
from signing_service.operations.draft_readings import DraftReading, change_between, composed_with, read_draft
from signing_service.operations.library_wordings import in_force
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action


@dataclass(frozen=True, slots=True)
class OfferView:
    """A wording that fits, with what it would change. `mark`: chosen (it stands already) or ""."""

    offer: Offer
    under_title: Texts
    change: ClauseChange | None
    problem: AgreementError | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class OffersView:
    """The wordings of the library for one place of a draft.

    `unwritten`: the names of those that would fit if they were written in every language of the agreement.
    """

    agreement: AgreementRow
    languages: tuple[str, ...]
    place: Place
    title: Texts
    number: int | None
    standing: ClauseChoice | None
    offers: tuple[OfferView, ...]
    unwritten: tuple[Texts, ...]
    row_version: int


@dataclass(frozen=True, slots=True)
class EditorView:
    """A clause to be written: its texts, what they may speak of, and how it would read.

    `mistakes` are those of the texts as typed; while there are any, `preview` is None.
    """

    agreement: AgreementRow
    languages: tuple[str, ...]
    place: Place
    title: Texts
    number: int | None
    sources: Texts
    reason: str
    values: tuple[ValueGroup, ...]
    preview: ResolvedClause | None
    change: ClauseChange | None
    problem: AgreementError | None
    mistakes: tuple[TemplateProblem, ...]
    stale: tuple[translations.Stale, ...]
    row_version: int
    saved_by_name: str


@query(Action.DRAFT_EDIT)
def offers(act: Act, agreement_id: str, place: Place) -> OffersView:
    """The wordings that fit a clause, or that can be added after one. Raises ClauseUnknown, ClauseLocked."""
    found = read_draft(act, agreement_id)
    here = _place(act, found, place)
    standing = found.find(place.clause_id) if place.after is None else None
    added = place.after is not None or (standing is not None and standing.added)
    library, wanted = in_force(act), None if added else place.clause_id
    fitting = clause_library.offers(library, found.template, wanted)
    unwritten = [one.clause for one in library if clause_library.lacking(one.clause, found.template, wanted)]
    if standing is not None and standing.added:  # one that was added is exchanged for one of the same topic
        fitting = tuple(one for one in fitting if place.clause_id in one.approved.clause.topics)
    titles = {one.approved.clause.id: one.approved.clause.title for one in fitting}
    return OffersView(
        agreement=row_of(found.agreement),
        languages=found.template.languages,
        place=place,
        title=here.clause.title() if here else {},
        number=here.text.number if here and here.text and here.standing else None,
        standing=standing,
        offers=tuple(_offer(found, place, one, here, standing, titles) for one in fitting),
        unwritten=tuple(one.title for one in unwritten),
        row_version=found.draft.row_version,
    )


@query(Action.DRAFT_EDIT)
def editor(
    act: Act,
    agreement_id: str,
    place: Place,
    lang: str,
    articles: str,
    typed: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> EditorView:
    """A clause as one edits it; with `typed` what was just typed instead of what stands. `articles`: a heading."""
    found = read_draft(act, agreement_id)
    here = _place(act, found, place)
    choice = found.find(place.clause_id)
    standing = {code: text.source.strip() for code, text in here.clause.texts.items()} if here else {}
    sources = clause_choices.tidied(standing if typed is None else typed, found.template.languages)
    clause_id = place.clause_id or rules.free_id(found.template, found.choices)
    shown, mistakes, problem = (here, (), None) if typed is None else _tried(found, place, clause_id, sources)
    against = found.standard.find(clause_id)
    text = shown.text if shown else None
    return EditorView(
        agreement=row_of(found.agreement),
        languages=found.template.languages,
        place=place,
        title=here.clause.title() if here else {},
        number=here.text.number if here and here.text and here.standing else None,
        sources=sources,
        reason=reason if reason is not None else choice.reason if choice is not None and choice.kind == CUSTOM else "",
        values=usable(clause_choices.with_choices(found.template, found.choices), found.now.scope, lang, articles),
        preview=text,
        change=change_between(against, shown, found.template, clause_id) if text and against else None,
        problem=problem or (shown.problem if shown else None),
        mistakes=mistakes,
        stale=tuple(
            one
            for one in stale_translations.stale(found.draft, found.template)
            if one.path == translations.path_of(clause_id)
        ),
        row_version=found.draft.row_version,
        saved_by_name=act.session.get_one(Person, found.draft.saved_by).name,
    )


def _place(act: Act, found: DraftReading, place: Place) -> OutlinedClause | None:
    """The clause that is to be changed, when there is one; None for a new one. Raises when it cannot be."""
    if place.after is not None:
        if place.after:
            rules.find(clause_choices.with_choices(found.template, found.choices), place.after)
        return None
    rules.require_change(found.template, found.choices, place.clause_id, whose(act.actor))
    return found.now.find(place.clause_id)


def _offer(
    found: DraftReading,
    place: Place,
    offer: Offer,
    here: OutlinedClause | None,
    standing: ClauseChoice | None,
    titles: Mapping[str, Texts],
) -> OfferView:
    clause_id = place.clause_id or rules.free_id(found.template, found.choices, offer.approved.clause.topics[0])
    after = place.after if place.after is not None else standing.after if standing is not None else None
    choice = clause_library.variant(offer.approved, found.template, clause_id, after=after)
    shown, _, problem = composed_with(found, choice)
    change = change_between(here, shown, found.template, clause_id) if shown and shown.text else None
    chosen = standing is not None and standing.origin == offer.approved.origin
    return OfferView(offer, titles.get(offer.under, {}), change, problem or (shown.problem if shown else None), chosen)


def _tried(
    found: DraftReading, place: Place, clause_id: str, sources: Texts
) -> tuple[OutlinedClause | None, tuple[TemplateProblem, ...], AgreementError | None]:
    """What was typed, as it would read; or what is wrong with it."""
    before = found.find(place.clause_id)
    after = place.after if place.after is not None else before.after if before is not None else None
    return composed_with(found, ClauseChoice(clause_id, CUSTOM, sources, after=after))
