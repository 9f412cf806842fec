"""When a checkpoint is given an RFC 3161 time stamp, and keeping the token.

Due are checkpoints that cover a signature or a conclusion, and once an hour when anything changed. Asking the authority
is the caller's affair and happens outside any transaction; a token is stored as received and checked by `verify`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from signing_service.audit.actions import Action
from signing_service.audit.checkpoint import SignedCheckpoint, parse_signed
from signing_service.audit.entries import parse_time
from signing_service.audit.note import VerifierKey
from signing_service.db.models.audit import LogCheckpoint, LogEntry, LogTimestamp

EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = (Action.SIGNATURE_APPLIED, Action.AGREEMENT_COMPLETED, Action.DOCUMENT_CLOSED)


def due(session: Session, known: Sequence[VerifierKey], now: datetime) -> SignedCheckpoint | None:
    """Return the newest checkpoint if it should be stamped now, else None.

    What is stamped is `bytes.fromhex(checkpoint.imprint_sha256())`.
    """
    newest = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    if newest is None:
        return None
    stamped = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.at)
        .join(LogTimestamp, LogTimestamp.size == LogCheckpoint.size)
        .order_by(LogCheckpoint.size.desc())
        .limit(1)
    ).one_or_none()
    if stamped is not None:
        waits = now - parse_time(stamped.at) < EVERY
        if stamped.size == newest.size or (waits and not _covers(session, stamped.size, newest.size)):
            return None
    return parse_signed(newest.note, known)


def keep(session: Session, size: int, authority: str, token: bytes) -> bool:
    """Add a token to a stored checkpoint, inside a write transaction; False when this authority's is there already."""
    if session.get(LogTimestamp, (size, authority)) is not None:
        return False
    session.execute(insert(LogTimestamp).values(size=size, authority=authority, token=token))
    return True


def _covers(session: Session, after: int, size: int) -> bool:
    """Return whether the entries [after, size) hold one that is stamped at once."""
    types = [action.value for action in AT_ONCE]
    query = select(LogEntry.idx).where(LogEntry.type.in_(types), LogEntry.idx >= after, LogEntry.idx < size)
    return session.execute(query.limit(1)).one_or_none() is not None
