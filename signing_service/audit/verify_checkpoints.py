"""Checking stored checkpoints, their stamps and cosignatures, and the high-water mark, against recomputed roots.

The second half of `verify`: it is handed the roots that the entries really have. A time stamp is checked by whoever
knows time stamps, through `StampCheck`; without one, stamps are passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

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
    cosigned = _cosignatures(session)
    before: Checkpoint | None = None
    before_agrees = True
    for row in rows:
        if row.size > size:
            problems.append(Problem(ProblemKind.CHECKPOINT_BEYOND_LOG, f"there are {size}", size=row.size))
        checkpoint, found = _check_one(row, known)
        problems += found
        if checkpoint is None or checkpoint.size > size:
            continue
        agrees = roots.get(checkpoint.size) == checkpoint.root
        if not agrees:
            changed = f"an entry from {before.size if before else 0} to {checkpoint.size - 1} was changed"
            problems.append(Problem(ProblemKind.CHECKPOINT_ROOT, changed, size=checkpoint.size))
        # Two roots of the same entries are consistent; only a wrong one needs the stored proof.
        if before is not None and not (agrees and before_agrees) and not _continues(session, before, checkpoint):
            detail = f"of {before.size} entries"
            problems.append(Problem(ProblemKind.CHECKPOINT_CONSISTENCY, detail, size=checkpoint.size))
        before, before_agrees = checkpoint, agrees
        problems += _check_cosignatures(checkpoint, cosigned.get(row.size, ()), known)
    if stamp_check is not None:
        problems += _check_stamps(session, rows, known, stamp_check)
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


def _cosignatures(session: Session) -> Mapping[int, Sequence[tuple[str, str]]]:
    """Return (witness, line) of every stored cosignature, by size of the checkpoint."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in session.execute(select(LogCosignature.size, LogCosignature.name, LogCosignature.line)):
        found[row.size].append((row.name, row.line))
    return found


def _check_cosignatures(
    checkpoint: Checkpoint, lines: Sequence[tuple[str, str]], known: Sequence[VerifierKey]
) -> Iterator[Problem]:
    for name, line in lines:
        try:
            check_cosignature(checkpoint, line, known)
        except AuditError as error:
            detail = f"{name}: {error.params.get('reason', '')}"
            yield Problem(ProblemKind.COSIGNATURE_WRONG, detail, size=checkpoint.size)


def _check_stamps(
    session: Session, rows: Sequence[CheckpointRow], known: Sequence[VerifierKey], stamp_check: StampCheck
) -> Iterator[Problem]:
    notes = {row.size: row.note for row in rows}
    stamps = session.execute(select(LogTimestamp.size, LogTimestamp.authority, LogTimestamp.token))
    for stamp in stamps:
        try:
            imprint = bytes.fromhex(parse_signed(notes.get(stamp.size, ""), known).imprint_sha256())
        except AuditError:
            continue  # the checkpoint itself was named by _check_one
        wrong = stamp_check(stamp.token, imprint)
        if wrong is not None:
            yield Problem(ProblemKind.TIMESTAMP_WRONG, f"{stamp.authority}: {wrong}", size=stamp.size)
