"""Publishing a checkpoint in three steps, so that the private key is used outside any transaction.

`read_state` (a read transaction) → `sign_state` (no transaction: key and high-water mark) → `store` (a write
transaction). A log must never sign a checkpoint that is inconsistent with one it signed before (C2SP
tlog-checkpoint): every step refuses rather than guesses. Two publishers at once are harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from signing_service.audit import merkle, note
from signing_service.audit.actions import Action
from signing_service.audit.checkpoint import Checkpoint, SignedCheckpoint, parse_body, parse_signed, sign_checkpoint
from signing_service.audit.details.log import LogContinued
from signing_service.audit.entries import format_time, parse
from signing_service.audit.errors import DatabaseBehind, HighWaterMissing, LogForked, OriginChanged
from signing_service.audit.high_water import HighWaterMark
from signing_service.audit.note import Signer, VerifierKey
from signing_service.audit.proofs import consistency_proof, log_size, root_at
from signing_service.db.models.audit import HEAD, LogCheckpoint, LogEntry, LogHead

STORED: Final = "a checkpoint in the database"
MARK: Final = "the high-water mark"


@dataclass(frozen=True, slots=True)
class LogState:
    """The log as it stands, found consistent with everything that was signed before.

    `due` is False when this very state was signed and stored already, or when the log is empty.
    """

    size: int
    root: bytes
    due: bool


def read_state(
    session: Session, *, origin: str, known: Sequence[VerifierKey], mark: SignedCheckpoint | None
) -> LogState:
    """Read size and root and confirm that they continue the newest stored checkpoint and the high-water mark.

    `known` are the log's verifier keys, `mark` is `HighWaterMark.read(known)`, read before. Raises a `RefusesToSign`
    (`DatabaseBehind`, `LogForked`, `HighWaterMissing`, `OriginChanged`), or `UntrustedNote` for a stored checkpoint
    that is not ours.
    """
    size = log_size(session)
    root = root_at(session, size)
    if mark is not None:
        _check_continues(session, mark.checkpoint, size, root, MARK)
    row = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return LogState(size, root, due=size > 0)
    last = parse_body(note.parse(row.note).text)
    if last.origin == origin:
        parse_signed(row.note, known)
        if mark is None:
            raise HighWaterMissing(signed_size=last.size, where=MARK)
    elif last.origin not in earlier_origins(session):
        raise OriginChanged(old_origin=last.origin, origin=origin)
    _check_continues(session, last, size, root, STORED)
    return LogState(size, root, due=size > last.size)


def sign_state(state: LogState, signer: Signer, mark: HighWaterMark) -> SignedCheckpoint | None:
    """Sign the state and raise the high-water mark; call it outside any transaction.

    Returns None when there is nothing to sign or another process has published more meanwhile. The mark is raised
    before the checkpoint is returned, so nothing that anybody has seen is ever above it.
    """
    if not state.due:
        return None
    signed = sign_checkpoint(Checkpoint(signer.verifier.name, state.size, state.root), signer)
    return signed if mark.advance(signed) else None


def store(session: Session, signed: SignedCheckpoint, at: datetime) -> bool:
    """Add the checkpoint, inside a write transaction; returns False when another publisher added the same one.

    Raises `DatabaseBehind` or `LogForked` when the log is no longer the one that was signed.
    """
    size = session.scalar(select(LogHead.size).where(LogHead.one == HEAD).with_for_update()) or 0
    _check_continues(session, signed.checkpoint, size, root_at(session, size), MARK)
    stored = session.scalar(select(LogCheckpoint.note).where(LogCheckpoint.size == signed.size))
    if stored is not None:
        if parse_body(note.parse(stored).text).root != signed.root:
            raise LogForked(signed_size=signed.size, where=STORED)
        return False
    session.execute(
        insert(LogCheckpoint).values(
            size=signed.size, origin=signed.checkpoint.origin, note=signed.own_part(), at=format_time(at)
        )
    )
    return True


def adopt(session: Session, kept: str, known: Sequence[VerifierKey]) -> SignedCheckpoint:
    """Confirm that a checkpoint kept elsewhere is ours and that this database continues it.

    For the case `HighWaterMissing`: hand the result to `HighWaterMark.advance`. Raises as `read_state` does.
    """
    signed = parse_signed(kept, known)
    size = log_size(session)
    _check_continues(session, signed.checkpoint, size, root_at(session, size), "the checkpoint that was kept")
    return signed


def continuation(session: Session, lost: SignedCheckpoint, words: str = "") -> LogContinued:
    """Return the details of the first entry under a new origin, when entries that were signed are lost for good.

    `lost` is the newest checkpoint that is known of the old log. Record it, then set the new origin.
    """
    return LogContinued(
        previous_origin=lost.checkpoint.origin,
        previous_size=lost.size,
        previous_root_sha256=lost.root.hex(),
        kept=log_size(session),
        words=words,
    )


def earlier_origins(session: Session) -> tuple[str, ...]:
    """Return the names that the log had before, as its own entries say; its checkpoints of then carry them."""
    entries = session.scalars(select(LogEntry.encoded).where(LogEntry.type == Action.LOG_CONTINUED.value))
    return tuple(str(parse(entry).data.get("previous_origin")) for entry in entries)


def marked_size(session: Session, origin: str) -> int | None:
    """Return how many entries the mark of `origin` has to cover at least; None before the first checkpoint."""
    return session.scalar(select(func.max(LogCheckpoint.size)).where(LogCheckpoint.origin == origin))


def _check_continues(session: Session, signed: Checkpoint, size: int, root: bytes, where: str) -> None:
    """Confirm by a consistency proof that the log (`size`, `root`) only appended to what was signed."""
    if signed.size > size:
        raise DatabaseBehind(size=size, signed_size=signed.size, where=where)
    proof = consistency_proof(session, signed.size, size)
    if not merkle.is_consistent(signed.size, size, signed.root, root, proof):
        raise LogForked(signed_size=signed.size, where=where)
