"""Erasing personal data beside an entry: recorded first, then dropped; the entry and its proofs stay as they are.

Whether data may be erased at all (legal hold, retention, two admins) is decided by the caller; this does what was
decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from signing_service.audit.actions import Action
from signing_service.audit.details.log import DisclosureErased
from signing_service.audit.errors import DisclosureNotFound, EntryNotRecordable
from signing_service.audit.journal import Receipt, record
from signing_service.db.models.audit import LogDisclosure, LogEntry


def erase(
    session: Session,
    *,
    index: int,
    digests: Sequence[str],
    actor: str,
    second_person: str,
    legal_basis: str,
    words: str,
    at: datetime,
) -> Receipt:
    """Record the erasure of these disclosures of entry `index` and drop them, inside a write transaction.

    Raises `DisclosureNotFound` when one is not there (any more), `EntryNotRecordable` unless two different people
    decide.
    """
    if not digests or actor == second_person:
        raise EntryNotRecordable(reason="two different people decide on the erasure of something")
    there = set(session.scalars(select(LogDisclosure.digest).where(LogDisclosure.idx == index)))
    gone = sorted(set(digests) - there)
    if gone:
        raise DisclosureNotFound(index=index, digest=gone[0])
    receipt = record(
        session,
        action=Action.DISCLOSURE_ERASED,
        actor=actor,
        details=DisclosureErased(
            index=index,
            digests=tuple(sorted(set(digests))),
            second_person=second_person,
            legal_basis=legal_basis,
            words=words,
        ),
        at=at,
        agreement=session.scalar(select(LogEntry.agreement).where(LogEntry.idx == index)),
    )
    session.execute(
        delete(LogDisclosure).where(LogDisclosure.idx == index, LogDisclosure.digest.in_(sorted(set(digests))))
    )
    return receipt
