"""The directory of parties: finding, entering, changing and archiving organisations, and their rows in a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

import agreements.drafts as forms
import agreements.organisations as rules
from agreements.canonical import canonical_bytes, sha256_of
from agreements.languages import choose
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.organisations import OrganisationAdded, OrganisationChanged, OrganisationMoved
from signing_service.db.models.organisations import Organisation, OrganisationMark
from signing_service.errors import N_, ChangedMeanwhile, NotFound, NumberTaken
from signing_service.ids import new_id
from signing_service.operations import organisation_history, rows
from signing_service.operations.operation import Act, command, query
from signing_service.operations.packages import template_of
from signing_service.permissions import Action

PAGE = 200
MOST_CHOICES = 1000


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the directory."""

    id: str
    name: Mapping[str, str]
    country: str
    numbers: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `more` when the list was cut off."""

    rows: tuple[OrganisationRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class FormView:
    """The form of an entry; `name` is what is saved, {} for a new one."""

    groups: tuple[forms.FormGroup, ...]
    row_version: int
    name: Mapping[str, str]


@query(Action.ORGANISATION_READ)
def find(act: Act, words: str = "", archived: bool = False) -> Found:
    """The organisations whose name (any script) or number holds `words`; every one when there are none."""
    wanted = select(Organisation).order_by(Organisation.found_by).limit(PAGE + 1)
    put_away = Organisation.archived_at.is_not(None)
    wanted = wanted.where(put_away if archived else ~put_away)
    forms_of = {rules.folded(words.strip()[:200]), rules.squeezed(words[:200])} - {""}
    if forms_of:
        wanted = wanted.where(or_(*(Organisation.found_by.contains(text, autoescape=True) for text in forms_of)))
    found = list(act.session.scalars(wanted))
    return Found(tuple(row_of(one) for one in found[:PAGE]), len(found) > PAGE)


@query(Action.ORGANISATION_READ)
def choices(act: Act) -> tuple[OrganisationRow, ...]:
    """What a draft may take a party from."""
    wanted = select(Organisation).where(Organisation.archived_at.is_(None)).order_by(Organisation.found_by)
    return tuple(row_of(one) for one in act.session.scalars(wanted.limit(MOST_CHOICES)))


@query(Action.ORGANISATION_EDIT)
def form(act: Act, organisation_id: str | None, lang: str, typed: Mapping[str, str] | None = None) -> FormView:
    """The form with what was typed, else what is saved, else nothing."""
    row = entry(act, organisation_id) if organisation_id is not None else None
    saved = row.values if row is not None else {}
    raw = saved if typed is None else forms.parse_form(rules.ENTRY, typed)
    return FormView(
        groups=forms.form(rules.ENTRY, raw, lang),
        row_version=row.row_version if row is not None else 0,
        name=saved.get("legal_name", {}),
    )


@command(Action.ORGANISATION_EDIT)
def add(act: Act, typed: Mapping[str, str]) -> str:
    """Enter an organisation; returns its id. Raises `InvalidFields` with every problem, or `NumberTaken`."""
    return _added(act, typed, "form")


@command(Action.ORGANISATION_EDIT)
def add_party(act: Act, typed: Mapping[str, str], path: str) -> str:
    """Enter the party at `path` of a draft's form as typed; returns the entry's id. Raises as `add` does."""
    below = {name.removeprefix(f"{path}."): value for name, value in typed.items() if name.startswith(f"{path}.")}
    return _added(act, below, "draft")


@command(Action.ORGANISATION_EDIT)
def change(act: Act, organisation_id: str, typed: Mapping[str, str], row_version: int) -> None:
    """Save an entry. Raises `ChangedMeanwhile`, `InvalidFields` or `NumberTaken`."""
    row = _current(act, organisation_id, row_version)
    values = rules.checked(forms.parse_form(rules.ENTRY, typed), act.now.date())
    _require_free_numbers(act, values, row.id)
    before = row.values
    changed = tuple(sorted(name for name in {*values, *before} if values.get(name) != before.get(name)))
    row.values, row.found_by = values, rules.found_by(values)
    _touch(act, row)
    _mark(act, row)
    details = OrganisationChanged(row.id, _sha256(values), _sha256(before), changed, legal_name=_name(values))
    act.record(Recorded.ORGANISATION_CHANGED, details, then=organisation_history.kept(act, row.id))


@command(Action.ORGANISATION_EDIT)
def archive(act: Act, organisation_id: str, row_version: int, *, back: bool = False) -> None:
    """Put an entry away, or take it `back`. Raises `ChangedMeanwhile`."""
    row = _current(act, organisation_id, row_version)
    if (row.archived_at is None) is back:
        raise ChangedMeanwhile(what=N_("The entry"))
    row.archived_at = None if back else act.now
    _touch(act, row)
    action = Recorded.ORGANISATION_RESTORED if back else Recorded.ORGANISATION_ARCHIVED
    act.record(
        action, OrganisationMoved(row.id, legal_name=_name(row.values)), then=organisation_history.kept(act, row.id)
    )


@query(Action.DRAFT_EDIT)
def party_fields(act: Act, agreement_id: str, path: str, organisation_id: str) -> dict[str, str]:
    """The fields of the party at `path` of a draft, filled from an entry in the languages of the agreement.

    Raises `NotFound`, also for an entry that was archived meanwhile.
    """
    agreement = rows.agreement(act, agreement_id)
    row = entry(act, organisation_id)
    if row.archived_at is not None:
        raise NotFound(what=ORGANISATION)
    return forms.flat(rules.as_party(row.values, template_of(act, agreement).languages), path)


ORGANISATION = N_("organisation")


def entry(act: Act, organisation_id: str) -> Organisation:
    """One entry; raises `NotFound`."""
    row = act.session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound(what=ORGANISATION)
    return row


def row_of(row: Organisation) -> OrganisationRow:
    """One line of the directory."""
    values = row.values
    numbers = tuple(one["value"] for one in values.get("identifiers", ()))
    return OrganisationRow(
        row.id, values["legal_name"], values["address"]["country"], numbers, row.archived_at is not None
    )


def stored(act: Act, values: dict[str, Any]) -> Organisation:
    """A new entry of checked values, inside the caller's transaction; the caller records it. Raises `NumberTaken`."""
    _require_free_numbers(act, values, None)
    row = Organisation(
        id=new_id("org"),
        values=values,
        found_by=rules.found_by(values),
        row_version=1,
        changed_at=act.now,
        changed_by=act.actor.id,
    )
    act.session.add(row)
    act.session.flush()
    _mark(act, row)
    return row


def takers(act: Act, values: Mapping[str, Any], own_id: str | None) -> Iterator[tuple[int, Organisation]]:
    """(index of a number, the other entry that has it) for each number that can belong to one organisation only."""
    for index, one in enumerate(values.get("identifiers", ())):
        if one["scheme"] not in rules.SHARED_KINDS:
            other = act.session.scalar(
                select(Organisation)
                .join(OrganisationMark, OrganisationMark.organisation_id == Organisation.id)
                .where(OrganisationMark.kind == one["scheme"], OrganisationMark.value == one["value"])
            )
            if other is not None and other.id != own_id:
                yield index, other


def _added(act: Act, typed: Mapping[str, str], source: str) -> str:
    row = stored(act, rules.checked(forms.parse_form(rules.ENTRY, typed), act.now.date()))
    details = OrganisationAdded(row.id, _sha256(row.values), source, legal_name=_name(row.values))
    act.record(Recorded.ORGANISATION_ADDED, details, then=organisation_history.kept(act, row.id))
    return row.id


def _current(act: Act, organisation_id: str, row_version: int) -> Organisation:
    row = act.session.get(Organisation, organisation_id, with_for_update=True)
    if row is None:
        raise NotFound(what=ORGANISATION)
    if row.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The entry"))
    return row


def _touch(act: Act, row: Organisation) -> None:
    row.row_version += 1
    row.changed_at, row.changed_by = act.now, act.actor.id


def _require_free_numbers(act: Act, values: Mapping[str, Any], own_id: str | None) -> None:
    for index, other in takers(act, values, own_id):
        one = values["identifiers"][index]
        name = _name(other.values)
        raise NumberTaken(number=one["value"], scheme=one["scheme"], name=name, organisation_id=other.id, index=index)


def _mark(act: Act, row: Organisation) -> None:
    """Store what the entry is recognised by; the index on numbers stops two people who enter the same one at once."""
    act.session.execute(delete(OrganisationMark).where(OrganisationMark.organisation_id == row.id))
    marks: Sequence[rules.Mark] = rules.marks(row.values["legal_name"], row.values.get("identifiers", ()))
    act.session.add_all(OrganisationMark(organisation_id=row.id, kind=one.kind, value=one.value) for one in marks)
    try:
        act.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile(what=N_("The directory")) from error


def _name(values: Mapping[str, Any]) -> str:
    return choose(values["legal_name"], "zh-Hans")


def _sha256(values: Mapping[str, Any]) -> str:
    return sha256_of(canonical_bytes(values))
