"""Documents about an organisation: extracts of registers about its numbers, authority of its representatives.

The bytes are kept by their hash and handed out as they came; nothing here opens them.
"""

from __future__ import annotations

from datetime import date

from agreements.evidence_files import MAX_BYTES, media_type_of, safe_name
from agreements.party_evidence import about_number, about_person
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.organisations import EvidenceAdded, EvidenceWithdrawn
from signing_service.db import files
from signing_service.db.models.files import StoredFile
from signing_service.db.models.organisations import Organisation, OrganisationEvidence
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotEvidence, NotFound, TooLarge
from signing_service.ids import new_id
from signing_service.operations import organisation_history
from signing_service.operations.operation import Act, command, query
from signing_service.operations.organisations import entry
from signing_service.permissions import Action

DOCUMENT = N_("document of evidence")
EARLIEST_YEAR = 1900


@command(Action.ORGANISATION_EDIT)
def add(act: Act, organisation_id: str, about: str, dated: str, data: bytes, given_name: str) -> str:
    """Add a document about a number or a person of the entry (`about`: their key); returns its id.

    Raises `InvalidInput` for a day that is none or lies ahead, `TooLarge`, `NotEvidence`, and `NotFound` when the entry
    has nothing with that key (any more).
    """
    row = entry(act, organisation_id)
    if len(data) > MAX_BYTES:
        raise TooLarge(limit_mb=MAX_BYTES // 1024 // 1024)
    media_type = media_type_of(data)
    if media_type is None:
        raise NotEvidence(name=_shown(given_name))
    subject, label = _subject(row, about)
    document = OrganisationEvidence(
        id=new_id("evd"),
        organisation_id=row.id,
        subject=subject,
        about=about,
        label=label,
        sha256=files.put(act.session, data, media_type),
        file_name=safe_name(given_name, media_type),
        dated=_day(dated, act.now.date()),
        added_by=act.actor.id,
        added_at=act.now,
    )
    act.session.add(document)
    added = EvidenceAdded(row.id, document.id, subject, document.sha256, document.dated, about=label)
    act.record(Recorded.ORGANISATION_EVIDENCE_ADDED, added, then=organisation_history.kept(act, row.id))
    return document.id


@command(Action.ORGANISATION_EDIT)
def withdraw(act: Act, organisation_id: str, evidence_id: str) -> None:
    """A document counts no longer; raises `ChangedMeanwhile` when it was withdrawn before."""
    document = _document(act, organisation_id, evidence_id)
    act.session.refresh(document, with_for_update=True)
    if document.withdrawn_at is not None:
        raise ChangedMeanwhile(what=N_("The document of evidence"))
    document.withdrawn_at = act.now
    withdrawn = EvidenceWithdrawn(organisation_id, document.id)
    act.record(
        Recorded.ORGANISATION_EVIDENCE_WITHDRAWN, withdrawn, then=organisation_history.kept(act, organisation_id)
    )


@query(Action.ORGANISATION_READ)
def read(act: Act, organisation_id: str, evidence_id: str) -> tuple[bytes, str, str]:
    """(bytes, media type, file name) of a document of that organisation."""
    document = _document(act, organisation_id, evidence_id)
    kept = act.session.get(StoredFile, document.sha256)
    if kept is None:
        raise files.FileMissing(document.sha256)
    media_type = media_type_of(kept.data) or "application/octet-stream"  # a row for the same bytes may name another
    return kept.data, media_type, document.file_name


def _document(act: Act, organisation_id: str, evidence_id: str) -> OrganisationEvidence:
    document = act.session.get(OrganisationEvidence, evidence_id)
    if document is None or document.organisation_id != organisation_id:
        raise NotFound(what=DOCUMENT)
    return document


def _subject(row: Organisation, about: str) -> tuple[str, str]:
    """(subject, words people read) of the number or person with that key."""
    for number in row.values.get("identifiers", ()):
        if about_number(number) == about:
            return "register", number["value"]
    for person in row.values.get("representatives", ()):
        if about_person(person["name"], person["email"]) == about:
            return "authority", person["name"]
    raise NotFound(what=N_("number or person of that entry"))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or day.year < EARLIEST_YEAR:
        raise InvalidInput(field="dated", problem=N_("write the day as year-month-day, for example 2026-11-22"))
    if day > today:
        raise InvalidInput(field="dated", problem=N_("this day has not come yet"))
    return day


def _shown(name: str) -> str:
    return "".join(one for one in name.replace("\\", "/").rsplit("/", 1)[-1] if one.isprintable())[:80]
