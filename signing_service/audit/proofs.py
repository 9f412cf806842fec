"""Roots and proofs out of the stored nodes: O(log n) rows each, read with one query.

Only reads. Nothing is believed: `publish` and `verify` check the proofs that come from here before anybody relies on
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from signing_service.audit import merkle, statements
from signing_service.audit.errors import EntryNotFound, NodesMissing
from signing_service.audit.merkle import Node, Range
from signing_service.audit.tlog_proof import TlogProof
from signing_service.db.models.audit import HEAD, LogCheckpoint, LogCosignature, LogHead

_ROWS_PER_QUERY = 400


def log_size(session: Session) -> int:
    """Return the number of entries, 0 for a log that was never set up."""
    return session.scalar(select(LogHead.size).where(LogHead.one == HEAD)) or 0


def read_nodes(session: Session, wanted: Iterable[Node]) -> Mapping[Node, bytes]:
    """Return the stored hashes of these perfect subtrees. Raises `NodesMissing` when one is not there."""
    asked = sorted(set(wanted))
    found: dict[Node, bytes] = {}
    for start in range(0, len(asked), _ROWS_PER_QUERY):
        batch = asked[start : start + _ROWS_PER_QUERY]
        found |= statements.nodes(session.connection(), batch)
    if len(found) != len(asked):
        raise NodesMissing(count=len(asked) - len(found))
    return found


def root_at(session: Session, size: int) -> bytes:
    """Return the root of the tree of the first `size` entries."""
    return merkle.root_hash(size, read_nodes(session, merkle.perfect_subtrees(0, size)))


def inclusion_proof(session: Session, index: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that entry `index` stands in the tree of `size`. Raises `EntryNotFound` when it does not."""
    try:
        ranges = merkle.inclusion_ranges(index, size)
    except ValueError as error:
        raise EntryNotFound(index=index) from error
    return _hashes(session, ranges)


def consistency_proof(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` entries continues the tree of `old`; `ValueError` unless old <= new."""
    return _hashes(session, merkle.consistency_ranges(old, new))


def latest_checkpoint(session: Session) -> str | None:
    """Return the newest stored checkpoint with its cosignatures, or None before the first."""
    row = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.note).order_by(LogCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    return None if row is None else row.note + _cosignatures(session, row.size)


def checkpoint_covering(session: Session, index: int) -> tuple[int, str] | None:
    """Return size and text of the first stored checkpoint that covers entry `index`, or None when none does yet."""
    row = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.note)
        .where(LogCheckpoint.size > index)
        .order_by(LogCheckpoint.size)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.size, row.note + _cosignatures(session, row.size))


def tlog_proof(session: Session, index: int) -> TlogProof | None:
    """Return the offline proof of one entry under the first checkpoint that covers it, or None before there is one.

    Raises `EntryNotFound` when the log has no such entry.
    """
    if not 0 <= index < log_size(session):
        raise EntryNotFound(index=index)
    covering = checkpoint_covering(session, index)
    if covering is None:
        return None
    size, note = covering
    return TlogProof(index, inclusion_proof(session, index, size), note)


def _cosignatures(session: Session, size: int) -> str:
    lines = session.scalars(
        select(LogCosignature.line).where(LogCosignature.size == size).order_by(LogCosignature.name)
    )
    return "".join(lines)


def _hashes(session: Session, ranges: list[Range]) -> tuple[bytes, ...]:
    nodes = read_nodes(session, merkle.nodes_of(ranges))
    return tuple(merkle.range_hash(leaves, nodes) for leaves in ranges)
