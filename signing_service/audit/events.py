"""Reading entries for people and programs: one entry, one agreement's slice, the tail of a ceremony.

Only reads. Personal data is opened only by `personal_of`; who may call it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from signing_service.audit import disclosures
from signing_service.audit.actions import Audience
from signing_service.audit.catalogue import shown_to
from signing_service.audit.entries import Entry, parse
from signing_service.audit.errors import EntryNotFound
from signing_service.db.models.audit import LogDisclosure, LogEntry


@dataclass(frozen=True, slots=True)
class Event:
    """An entry with its place in the log; `encoded` are the bytes that the proofs are about."""

    index: int
    entry: Entry
    encoded: bytes


def event(session: Session, index: int) -> Event:
    """Return one entry. Raises `EntryNotFound`."""
    encoded = session.scalar(select(LogEntry.encoded).where(LogEntry.idx == index))
    if encoded is None:
        raise EntryNotFound(index=index)
    return Event(index, parse(encoded), encoded)


def of_agreement(session: Session, agreement: str) -> list[Event]:
    """Return the whole slice of one agreement, in order."""
    rows = session.execute(
        select(LogEntry.idx, LogEntry.encoded).where(LogEntry.agreement == agreement).order_by(LogEntry.seq)
    )
    return [Event(row.idx, parse(row.encoded), row.encoded) for row in rows]


def of_ceremony(
    session: Session, ceremony: str, audience: Audience, *, after: int = -1, limit: int = 500
) -> list[Event]:
    """Return what this audience sees of a ceremony behind entry `after`, in order: the tail that live views follow."""
    types = sorted(action.value for action in shown_to(audience))
    rows = session.execute(
        select(LogEntry.idx, LogEntry.encoded)
        .where(LogEntry.ceremony == ceremony, LogEntry.idx > after, LogEntry.type.in_(types))
        .order_by(LogEntry.idx)
        .limit(limit)
    )
    return [Event(row.idx, parse(row.encoded), row.encoded) for row in rows]


def latest(session: Session, *, before: int | None = None, limit: int = 100) -> list[Event]:
    """Return the newest entries, newest first; `before` pages backwards."""
    query = select(LogEntry.idx, LogEntry.encoded).order_by(LogEntry.idx.desc()).limit(limit)
    if before is not None:
        query = query.where(LogEntry.idx < before)
    return [Event(row.idx, parse(row.encoded), row.encoded) for row in session.execute(query)]


def personal_of(session: Session, index: int) -> Mapping[str, str]:
    """Return the personal data beside an entry by name, without what was erased."""
    texts = session.scalars(select(LogDisclosure.text).where(LogDisclosure.idx == index))
    opened = (disclosures.parse(text) for text in texts)
    return {disclosure.name: disclosure.value for disclosure in opened}


def disclosures_of(session: Session, index: int) -> tuple[str, ...]:
    """Return the disclosure texts beside an entry as they are handed on, in the order of their digests."""
    return tuple(
        session.scalars(select(LogDisclosure.text).where(LogDisclosure.idx == index).order_by(LogDisclosure.digest))
    )
