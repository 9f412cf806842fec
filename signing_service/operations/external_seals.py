"""PDFs sealed on another platform, kept beside an agreement as evidence: byte for byte, by their SHA-256.

They never count as signatures that were verified here. The file is examined outside any transaction, in a process of
its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from agreements.evidence_files import safe_name
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.custodies import ExternalSealAdded, ExternalSealWithdrawn
from signing_service.db import files
from signing_service.db.models.external_seals import ExternalSeal
from signing_service.db.models.people import Person
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotFound, TooLarge
from signing_service.ids import new_id
from signing_service.operations import rows
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action, Actor
from signing_service.sealed_file_errors import (
    SealedFileActive,
    SealedFileEncrypted,
    SealedFileForm,
    SealedFileLayered,
    SealedFileOther,
    SealedFileRefused,
    SealedFileUnreadable,
    SealedFileUnsealed,
)
from signing_service.services import Services
from signing_service.verification.sealed_elsewhere import examine

PDF = "application/pdf"
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20
WORDS_MAX = 1000
FILE = N_("sealed file")

REFUSALS: Mapping[str, type[SealedFileRefused]] = {
    "unreadable": SealedFileUnreadable,
    "encrypted": SealedFileEncrypted,
    "active": SealedFileActive,
    "form": SealedFileForm,
    "optional_content": SealedFileLayered,
    "unsealed": SealedFileUnsealed,
}


@dataclass(frozen=True, slots=True)
class SealRow:
    """One kept file as pages show it. `format` is of `verification.sealed_elsewhere`."""

    id: str
    name: str
    note: str
    format: str
    sha256: str
    size: int
    signatory: str | None
    added_by: str
    added_at: datetime
    withdrawn_at: datetime | None
    withdrawal_words: str | None


@dataclass(frozen=True, slots=True)
class Offered:
    """What was uploaded. `stated_sha256`: what the other platform says of its file; empty when it says nothing."""

    data: bytes
    name: str
    note: str = ""
    signatory_id: str = ""
    stated_sha256: str = ""


def add(services: Services, actor: Actor, agreement_id: str, offered: Offered) -> str:
    """Keep a sealed file; returns its id. Raises `TooLarge`, `SealedFileOther` when the stated SHA-256 is not the
    file's, or the refusal that names what is in it."""
    if len(offered.data) > MOST_BYTES:
        raise TooLarge(limit_mb=MOST_BYTES // 1024 // 1024)
    sha256 = hashlib.sha256(offered.data).hexdigest()
    stated = "".join(offered.stated_sha256.split()).casefold()
    if stated and stated != sha256:
        raise SealedFileOther(stated=stated[:12], found=sha256[:12])
    found = examine(offered.data)
    if found.refused:
        raise REFUSALS[found.refused]()
    return _store(services, actor, agreement_id, offered, found.format)


@command(Action.EXTERNAL_SEAL_KEEP)
def _store(act: Act, agreement_id: str, offered: Offered, format_: str) -> str:
    agreement = rows.agreement_locked(act, agreement_id)
    signatory_id = offered.signatory_id or None
    if signatory_id is not None and rows.signatory(act, signatory_id).agreement_id != agreement.id:
        raise NotFound(what=N_("signatory"))
    kept = act.session.scalar(
        select(func.count()).select_from(ExternalSeal).where(ExternalSeal.agreement_id == agreement.id)
    )
    if (kept or 0) >= MOST_FILES:
        raise InvalidInput(field="file", problem=N_("there are twenty of them already"))
    row = ExternalSeal(
        id=new_id("xse"),
        agreement_id=agreement.id,
        signatory_id=signatory_id,
        name=safe_name(offered.name, PDF),
        note=_words(offered.note, "note"),
        format=format_,
        sha256=files.put(act.session, offered.data, PDF),
        size=len(offered.data),
        added_by=act.actor.id,
        added_at=act.now,
    )
    act.session.add(row)
    added = ExternalSealAdded(row.id, row.sha256, row.size, row.format, signatory_id, title=row.name, note=row.note)
    act.record(Recorded.EXTERNAL_SEAL_ADDED, added, agreement=agreement.id)
    return row.id


@command(Action.EXTERNAL_SEAL_KEEP)
def withdraw(act: Act, agreement_id: str, seal_id: str, words: str) -> None:
    """It no longer counts; the file stays. Raises `ChangedMeanwhile` when it was withdrawn before."""
    row = _row(act, agreement_id, seal_id)
    act.session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        raise ChangedMeanwhile(what=N_("The sealed file"))
    said = _words(words, "words")
    if not said:
        raise InvalidInput(field="words", problem=N_("say in a sentence why"))
    row.withdrawn_at, row.withdrawn_by, row.withdrawal_words = act.now, act.actor.id, said
    withdrawn = ExternalSealWithdrawn(row.id, row.sha256, words=said)
    act.record(Recorded.EXTERNAL_SEAL_WITHDRAWN, withdrawn, agreement=agreement_id)


@query(Action.AGREEMENT_READ)
def of_agreement(act: Act, agreement_id: str) -> tuple[SealRow, ...]:
    """Every kept file, the newest first."""
    rows.agreement(act, agreement_id)
    found = act.session.execute(
        select(ExternalSeal, Person.name, Signatory.name)
        .join(Person, Person.id == ExternalSeal.added_by)
        .outerjoin(Signatory, Signatory.id == ExternalSeal.signatory_id)
        .where(ExternalSeal.agreement_id == agreement_id)
        .order_by(ExternalSeal.added_at.desc())
    )
    return tuple(
        SealRow(
            id=row.id,
            name=row.name,
            note=row.note,
            format=row.format,
            sha256=row.sha256,
            size=row.size,
            signatory=signatory,
            added_by=person,
            added_at=row.added_at,
            withdrawn_at=row.withdrawn_at,
            withdrawal_words=row.withdrawal_words,
        )
        for row, person, signatory in found
    )


@dataclass(frozen=True, slots=True)
class Attached:
    """What a signatory is told of a kept file."""

    id: str
    name: str
    format: str
    sha256: str


@query(Action.SEAT_TAKE)
def attached(act: Act) -> tuple[Attached, ...]:
    """The files kept beside the asking signatory's agreement that still count, in the order they came."""
    agreement_id = rows.signatory(act, act.actor.signatory_id).agreement_id
    found = act.session.scalars(
        select(ExternalSeal)
        .where(ExternalSeal.agreement_id == agreement_id, ExternalSeal.withdrawn_at.is_(None))
        .order_by(ExternalSeal.added_at, ExternalSeal.id)
    )
    return tuple(Attached(row.id, row.name, row.format, row.sha256) for row in found)


@query(Action.AGREEMENT_READ)
def read(act: Act, agreement_id: str, seal_id: str) -> tuple[bytes, str]:
    """(bytes as they came, file name); hashed again on the way out."""
    row = _row(act, agreement_id, seal_id)
    return files.get(act.session, row.sha256), row.name


def _row(act: Act, agreement_id: str, seal_id: str) -> ExternalSeal:
    row = act.session.get(ExternalSeal, seal_id)
    if row is None or row.agreement_id != agreement_id:
        raise NotFound(what=FILE)
    return row


def _words(text: str, field: str) -> str:
    words = text.strip()
    if len(words) > WORDS_MAX:
        raise InvalidInput(field=field, problem=N_("at most 1000 characters"))
    return words
