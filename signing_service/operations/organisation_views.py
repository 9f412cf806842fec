"""One organisation whole: its values, what each number and each person's authority rests on, agreements, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from agreements.identifier_pairs import mismatches
from agreements.identifiers import SCHEMES, doubts
from agreements.parties import joint_partners
from agreements.party_evidence import Evidence, about_number, about_person, verified
from signing_service.db.models.organisations import Organisation, OrganisationEvidence, OrganisationMark
from signing_service.db.models.people import Person
from signing_service.operations import organisation_history, organisation_links
from signing_service.operations.operation import Act, query
from signing_service.operations.organisation_history import HistoryRow
from signing_service.operations.organisation_links import AgreementLine
from signing_service.operations.organisations import OrganisationRow, entry, row_of
from signing_service.permissions import Action


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A document of evidence."""

    id: str
    subject: str
    about: str
    label: str
    file_name: str
    sha256: str
    dated: date
    added_by_name: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is worth a second look: an English msgid to be formatted with `params`."""

    message: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number: the kind by its name per language, doubts about it, its documents, who else has it.

    Unverified means that no extract of a register is there; nobody here ever asks one.
    """

    about: str
    kind: Mapping[str, str]
    value: str
    doubts: tuple[Doubt, ...]
    verified_on: date | None
    documents: tuple[EvidenceRow, ...]
    shared_with: tuple[OrganisationRow, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A representative; `together_with` are those without whom the person cannot bind the organisation."""

    about: str
    name: str
    name_latin: str | None
    title: Mapping[str, str]
    email: str
    authority: str
    authority_document: str | None
    together_with: tuple[str, ...]
    documents: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """Everything of one entry. `leftover` are documents about what is no longer in it."""

    row: OrganisationRow
    row_version: int
    changed_at: datetime
    changed_by_name: str
    values: Mapping[str, Any]
    numbers: tuple[NumberRow, ...]
    people: tuple[PersonRow, ...]
    leftover: tuple[EvidenceRow, ...]
    agreements: tuple[AgreementLine, ...]
    history: tuple[HistoryRow, ...]


@query(Action.ORGANISATION_READ)
def read(act: Act, organisation_id: str) -> OrganisationView:
    """One entry; raises `NotFound`."""
    row = entry(act, organisation_id)
    documents = _documents(act, organisation_id)
    identifiers = row.values.get("identifiers", ())
    numbers = tuple(_number(act, row, index, documents) for index in range(len(identifiers)))
    people = _people(row, documents)
    there = {one.about for one in numbers} | {one.about for one in people}
    return OrganisationView(
        row=row_of(row),
        row_version=row.row_version,
        changed_at=row.changed_at,
        changed_by_name=act.session.get_one(Person, row.changed_by).name,
        values=row.values,
        numbers=numbers,
        people=people,
        leftover=tuple(one for one in documents if one.about not in there),
        agreements=organisation_links.agreements_of(act, organisation_id),
        history=organisation_history.history(act, organisation_id),
    )


def _documents(act: Act, organisation_id: str) -> tuple[EvidenceRow, ...]:
    """The documents that count, newest first."""
    found = act.session.execute(
        select(OrganisationEvidence, Person.name)
        .join(Person, Person.id == OrganisationEvidence.added_by)
        .where(OrganisationEvidence.organisation_id == organisation_id, OrganisationEvidence.withdrawn_at.is_(None))
        .order_by(OrganisationEvidence.dated.desc(), OrganisationEvidence.added_at.desc())
    )
    return tuple(
        EvidenceRow(d.id, d.subject, d.about, d.label, d.file_name, d.sha256, d.dated, name, d.added_at)
        for d, name in found
    )


def _number(act: Act, row: Organisation, index: int, documents: tuple[EvidenceRow, ...]) -> NumberRow:
    identifiers = row.values["identifiers"]
    one = identifiers[index]
    extract = verified(one, [Evidence(d.subject, d.about, d.sha256, d.dated) for d in documents])
    others = act.session.scalars(
        select(Organisation)
        .join(OrganisationMark, OrganisationMark.organisation_id == Organisation.id)
        .where(
            OrganisationMark.kind == one["scheme"],
            OrganisationMark.value == one["value"],
            Organisation.id != row.id,
        )
    )
    about = about_number(one)
    return NumberRow(
        about=about,
        kind=SCHEMES[one["scheme"]],
        value=one["value"],
        doubts=(
            *(Doubt(message, {}) for message in doubts(one["scheme"], one["value"])),
            *(Doubt(found.message, found.params) for found in mismatches(identifiers) if found.index == index),
        ),
        verified_on=extract.dated if extract is not None else None,
        documents=tuple(d for d in documents if d.about == about),
        shared_with=tuple(row_of(other) for other in others),
    )


def _people(row: Organisation, documents: tuple[EvidenceRow, ...]) -> tuple[PersonRow, ...]:
    given = row.values.get("representatives", ())
    found = []
    for index, one in enumerate(given):
        about = about_person(one["name"], one["email"])
        partners = joint_partners([other.get("joint_group") for other in given], index)
        found.append(
            PersonRow(
                about=about,
                name=one["name"],
                name_latin=one.get("name_latin"),
                title=one["title"],
                email=one["email"],
                authority=one["authority"],
                authority_document=one.get("authority_document"),
                together_with=tuple(given[other]["name"] for other in partners),
                documents=tuple(d for d in documents if d.about == about),
            )
        )
    return tuple(found)
