"""Which parties of agreements are which entries of the directory, by number or by name; only ever read, never enforced.

A version keeps the values of its parties itself: what is found here is shown beside it and changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, delete, select

from agreements import party_evidence
from agreements.organisations import marks
from agreements.parties import PartyFacts
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.organisations import Organisation, OrganisationEvidence, OrganisationMark, PartyMark
from signing_service.operations.operation import Act

_SAME_MARK = and_(
    OrganisationMark.kind == PartyMark.kind,
    OrganisationMark.value == PartyMark.value,
    PartyMark.kind != "vat",  # the members of a VAT group share one
)


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement that an organisation is party to."""

    id: str
    number: str | None
    title: Mapping[str, str]
    state: str


@dataclass(frozen=True, slots=True)
class UnevidencedRow:
    """A representative without a document of authority; `organisation_id` is where one could be added, if anywhere."""

    name: str
    party: Mapping[str, str]
    organisation_id: str | None


def note_parties(act: Act, agreement_id: str, parties: Sequence[PartyFacts]) -> None:
    """Remember what the parties of the newest version are recognised by, inside the caller's transaction."""
    act.session.execute(delete(PartyMark).where(PartyMark.agreement_id == agreement_id))
    act.session.add_all(
        PartyMark(agreement_id=agreement_id, party_index=party.index, kind=mark.kind, value=mark.value)
        for party in parties
        for mark in marks(party.legal_name, party.identifiers)
    )


def agreements_of(act: Act, organisation_id: str) -> tuple[AgreementLine, ...]:
    """The agreements whose newest version names the organisation, the one changed last first."""
    named = (
        select(PartyMark.agreement_id)
        .join(OrganisationMark, _SAME_MARK)
        .where(OrganisationMark.organisation_id == organisation_id)
    )
    found = act.session.scalars(
        select(Agreement).where(Agreement.id.in_(named)).order_by(Agreement.changed_at.desc()).limit(200)
    )
    return tuple(AgreementLine(row.id, row.number, row.title, row.state) for row in found)


def unevidenced(act: Act, agreement_id: str, parties: Sequence[PartyFacts]) -> tuple[UnevidencedRow, ...]:
    """The representatives of a version whose authority no document of the directory shows; a warning, never a block."""
    entries: dict[int, str] = {}
    known: dict[int, set[str]] = {}
    for index, organisation_id, about in act.session.execute(_evidence_of(agreement_id)):
        entries.setdefault(index, organisation_id)
        if about is not None:
            known.setdefault(index, set()).add(about)
    names = {party.index: party.legal_name for party in parties}
    return tuple(
        UnevidencedRow(one.name, names[one.party_index], entries.get(one.party_index))
        for one in party_evidence.unevidenced(parties, known)
    )


def _evidence_of(agreement_id: str) -> Select[int, str, str]:
    """(party, entry of the directory, key of a person with evidence or nothing) for each party that is known."""
    counts = and_(
        OrganisationEvidence.organisation_id == OrganisationMark.organisation_id,
        OrganisationEvidence.subject == "authority",
        OrganisationEvidence.withdrawn_at.is_(None),
    )
    return (
        select(PartyMark.party_index, OrganisationMark.organisation_id, OrganisationEvidence.about)
        .join(OrganisationMark, _SAME_MARK)
        .join(Organisation, Organisation.id == OrganisationMark.organisation_id)
        .outerjoin(OrganisationEvidence, counts)
        .where(PartyMark.agreement_id == agreement_id, Organisation.archived_at.is_(None))
        .order_by(PartyMark.party_index, PartyMark.kind == "name", OrganisationMark.organisation_id)
    )
