"""Checking stored checkpoints, their stamps and cosignatures, and the high-water mark, against recomputed roots.

The second half of `verify`: it is handed the roots that the entries really have. A time stamp is checked by whoever
knows time stamps, through `StampCheck`; without one, stamps are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from signing_service.audit import merkle, note
from signing_service.audit.checkpoint import Checkpoint, SignedCheckpoint, parse_body, parse_signed
from signing_service.audit.errors import AuditError, MalformedCheckpoint, MalformedNote, NodesMissing, UntrustedNote
from signing_service.audit.note import VerifierKey
from signing_service.audit.problems import Problem, ProblemKind
from signing_service.audit.proofs import consistency_proof
from signing_service.audit.witness import check_cosignature
from signing_service.db.models.audit import LogCheckpoint, LogCosignature, LogTimestamp

StampCheck = Callable[[bytes, bytes], str | None]
"""Given a token and the SHA-256 it must cover; returns in words what is wrong, or None."""


CheckpointRow = Row[int, str, str]
"""size, origin and note as stored."""


def stored_checkpoints(session: Session) -> list[CheckpointRow]:
    """Return the stored checkpoints by size. Ask before the size of the log: another process may publish meanwhile."""
    rows = session.execute(select(LogCheckpoint.size, LogCheckpoint.origin, LogCheckpoint.note))
    return sorted(rows, key=lambda row: row.size)


def check_checkpoints(
    session: Session,
    rows: Sequence[CheckpointRow],
    roots: Mapping[int, bytes],
    size: int,
    *,
    known: Sequence[VerifierKey],
    stamp_check: StampCheck | None,
) -> list[Problem]:
    """Return what is wrong with the stored checkpoints of a log that really has `size` entries and these roots."""
    problems: list[Problem] = []
    before: Checkpoint | None = None
    for row in rows:
        if row.size > size:
            problems.append(Problem(ProblemKind.CHECKPOINT_BEYOND_LOG, f"there are {size}", size=row.size))
        checkpoint, found = _check_one(row, known)
        problems += found
        if checkpoint is None or checkpoint.size > size:
            continue
        if roots.get(checkpoint.size) != checkpoint.root:
            changed = f"an entry from {before.size if before else 0} to {checkpoint.size - 1} was changed"
            problems.append(Problem(ProblemKind.CHECKPOINT_ROOT, changed, size=checkpoint.size))
        if before is not None and not _continues(session, before, checkpoint):
            problems.append(
                Problem(ProblemKind.CHECKPOINT_CONSISTENCY, f"of {before.size} entries", size=checkpoint.size)
            )
        before = checkpoint
        problems += _check_cosignatures(session, checkpoint, known)
        problems += _check_stamps(session, row, known, stamp_check)
    return problems


def check_mark(mark: SignedCheckpoint | None, roots: Mapping[int, bytes], size: int) -> list[Problem]:
    """Return what the high-water mark says against a log of `size` entries with these roots."""
    if mark is None:
        return []
    if mark.size > size:
        return [Problem(ProblemKind.HIGH_WATER_BEHIND, f"there are {size}", size=mark.size)]
    if roots.get(mark.size) != mark.root:
        return [Problem(ProblemKind.HIGH_WATER_ROOT, size=mark.size)]
    return []


def _check_one(row: CheckpointRow, known: Sequence[VerifierKey]) -> tuple[Checkpoint | None, list[Problem]]:
    """Read one stored checkpoint: its form, its own place, its signature."""
    problems: list[Problem] = []
    try:
        checkpoint = parse_body(note.parse(row.note).text)
    except (MalformedNote, MalformedCheckpoint) as error:
        return None, [Problem(ProblemKind.CHECKPOINT_MALFORMED, str(error.params["reason"]), size=row.size)]
    if (checkpoint.size, checkpoint.origin) != (row.size, row.origin):
        said = f"it says {checkpoint.size} of {checkpoint.origin}"
        problems.append(Problem(ProblemKind.CHECKPOINT_MISFILED, said, size=row.size))
    try:
        parse_signed(row.note, known)
    except UntrustedNote as error:
        problems.append(Problem(ProblemKind.CHECKPOINT_UNTRUSTED, str(error.params["reason"]), size=row.size))
    return checkpoint, problems


def _continues(session: Session, old: Checkpoint, new: Checkpoint) -> bool:
    """Return whether the stored hashes prove that one checkpoint continues the other."""
    if old.size > new.size:
        return False
    try:
        proof = consistency_proof(session, old.size, new.size)
    except NodesMissing:
        return False
    return merkle.is_consistent(old.size, new.size, old.root, new.root, proof)


def _check_cosignatures(session: Session, checkpoint: Checkpoint, known: Sequence[VerifierKey]) -> list[Problem]:
    rows = session.execute(
        select(LogCosignature.name, LogCosignature.line).where(LogCosignature.size == checkpoint.size)
    )
    problems = []
    for row in rows:
        try:
            check_cosignature(checkpoint, row.line, known)
        except AuditError as error:
            detail = f"{row.name}: {error.params.get('reason', '')}"
            problems.append(Problem(ProblemKind.COSIGNATURE_WRONG, detail, size=checkpoint.size))
    return problems


def _check_stamps(
    session: Session, row: CheckpointRow, known: Sequence[VerifierKey], stamp_check: StampCheck | None
) -> list[Problem]:
    if stamp_check is None:
        return []
    try:
        imprint = bytes.fromhex(parse_signed(row.note, known).imprint_sha256())
    except AuditError:
        return []  # said already by _check_one
    problems = []
    stamps = session.execute(select(LogTimestamp.authority, LogTimestamp.token).where(LogTimestamp.size == row.size))
    for stamp in stamps:
        wrong = stamp_check(stamp.token, imprint)
        if wrong is not None:
            problems.append(Problem(ProblemKind.TIMESTAMP_WRONG, f"{stamp.authority}: {wrong}", size=row.size))
    return problems
