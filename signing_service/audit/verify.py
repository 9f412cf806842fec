"""Checking the whole log in a database: every entry, hash, chain, disclosure, checkpoint and mark.

Only reads, in one read transaction; the log may grow meanwhile. Returns findings that name the entry, and never stops
at the first one. What is checked, in this order:
  (1) every entry: its bytes, its columns, the chain of its agreement, its disclosures;
  (2) every stored tree hash against the entries;
  (3) nothing lies beyond the head;
  (4) every checkpoint: signature, root against the entries, consistency with the one before, cosignatures, stamps;
  (5) the high-water mark outside the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from signing_service.audit import merkle, statements
from signing_service.audit.actions import Action
from signing_service.audit.checkpoint import SignedCheckpoint
from signing_service.audit.entries import Entry, format_time, parse
from signing_service.audit.errors import MalformedEntry
from signing_service.audit.merkle import Node
from signing_service.audit.note import VerifierKey
from signing_service.audit.problems import Problem, ProblemKind
from signing_service.audit.proofs import log_size
from signing_service.audit.replay import Erasures, Place, Replay, erasures_of
from signing_service.audit.verify_checkpoints import StampCheck, check_checkpoints, check_mark, stored_checkpoints
from signing_service.db.models.audit import HEAD, LogDisclosure, LogEntry, LogHead, LogNode

CHUNK: Final = 2048
"""Entries read at a time."""

MAX_LEVEL: Final = 63

Progress = Callable[[int, int], None]
"""Called with the number of entries done and of all entries."""


_NODES_BEYOND_HEAD: Final = text(
    "SELECT level, idx FROM log_node WHERE level < 0 OR level >= 63 OR idx < 0 "
    "OR idx >= COALESCE((SELECT size FROM log_head WHERE one = 1), 0) >> level"
)


def verify_log(
    session: Session,
    known: Sequence[VerifierKey],
    progress: Progress | None = None,
    *,
    mark: SignedCheckpoint | None = None,
    stamp_check: StampCheck | None = None,
) -> list[Problem]:
    """Return everything that is wrong with the log; an empty list means that all of it holds.

    `known` are the verifier keys of the log (and of earlier origins) and of witnesses, got from outside the database.
    Time and memory: one pass, a few kilobytes per agreement.
    """
    checkpoints = stored_checkpoints(session)
    size = log_size(session)
    sizes = frozenset(row.size for row in checkpoints) | ({mark.size} if mark else frozenset())
    replay = Replay(
        sizes,
        _recorded_erasures(session),
        leaves_of_missing=lambda first, end: _stored_leaves(session, first, end),
    )
    while replay.next_index < size:
        start = replay.next_index
        computed = _replay_chunk(session, replay, size)  # (1)
        replay.problems += _check_nodes(session, computed, start, replay.next_index)  # (2)
        if progress:
            progress(replay.next_index, size)
    problems = replay.problems
    problems += _beyond_head(session)  # (3)
    problems += check_checkpoints(session, checkpoints, replay.roots, size, known=known, stamp_check=stamp_check)  # (4)
    problems += check_mark(mark, replay.roots, size)  # (5)
    return problems


def _replay_chunk(session: Session, replay: Replay, size: int) -> dict[Node, bytes]:
    """Feed the next entries to the replay, compare their columns, and return the hashes they complete."""
    start = replay.next_index
    rows = session.execute(
        select(
            LogEntry.idx,
            LogEntry.agreement,
            LogEntry.seq,
            LogEntry.ceremony,
            LogEntry.type,
            LogEntry.actor,
            LogEntry.at,
            LogEntry.encoded,
            LogEntry.leaf_hash,
        )
        .where(LogEntry.idx >= start, LogEntry.idx < size)
        .order_by(LogEntry.idx)
        .limit(CHUNK)
    ).all()
    beside = _disclosures_beside(session, start, rows[-1].idx + 1) if rows else {}
    computed: dict[Node, bytes] = {}
    for row in rows:
        place = Place(row.idx, row.agreement, row.seq, row.type)
        step = replay.add(row.idx, row.encoded, beside.get(row.idx, {}), place)
        computed.update(step.nodes)
        if step.leaf != row.leaf_hash:
            replay.problems.append(place.problem(ProblemKind.ENTRY_CHANGED))
        if step.entry is not None:
            columns = (row.agreement, row.seq, row.ceremony, row.type, row.actor, row.at)
            replay.problems += _check_columns(place, step.entry, columns)
    if len(rows) < CHUNK and replay.next_index < size:
        replay.skip_to(size)
    return computed


def _check_columns(place: Place, entry: Entry, columns: tuple[object, ...]) -> list[Problem]:
    """Compare what the row repeats with what the entry says."""
    said = (entry.agreement, entry.seq, entry.ceremony, entry.type, entry.actor, format_time(entry.at))
    names = ("agreement", "seq", "ceremony", "type", "actor", "at")
    return [
        place.problem(ProblemKind.COLUMN_DIFFERS, f"{name} is {column!r}, the entry says {value!r}")
        for name, column, value in zip(names, columns, said, strict=True)
        if column != value
    ]


def _disclosures_beside(session: Session, start: int, end: int) -> dict[int, dict[str, str]]:
    beside: dict[int, dict[str, str]] = defaultdict(dict)
    rows = session.execute(
        select(LogDisclosure.idx, LogDisclosure.digest, LogDisclosure.text).where(
            LogDisclosure.idx >= start, LogDisclosure.idx < end
        )
    )
    for row in rows:
        beside[row.idx][row.digest] = row.text
    return beside


def _recorded_erasures(session: Session) -> Erasures:
    erased: set[tuple[int, str]] = set()
    encoded_entries = session.scalars(select(LogEntry.encoded).where(LogEntry.type == Action.DISCLOSURE_ERASED.value))
    for encoded in encoded_entries:
        try:
            erased |= erasures_of(parse(encoded))
        except MalformedEntry:
            continue  # named when its turn comes
    return frozenset(erased)


def _stored_leaves(session: Session, first: int, end: int) -> dict[int, bytes]:
    rows = session.execute(
        select(LogNode.idx, LogNode.hash).where(LogNode.level == 0, LogNode.idx >= first, LogNode.idx < end)
    )
    return {row.idx: row.hash for row in rows}


def _check_nodes(session: Session, computed: dict[Node, bytes], start: int, end: int) -> Iterator[Problem]:
    """Compare the stored hashes that the entries [start, end) complete with the computed ones."""
    spans = [(level, start >> level, end >> level) for level in range(MAX_LEVEL)]
    within = [
        and_(LogNode.level == level, LogNode.idx >= first, LogNode.idx < last)
        for level, first, last in spans
        if first < last
    ]
    stored = {
        (row.level, row.idx): row.hash
        for row in session.execute(select(LogNode.level, LogNode.idx, LogNode.hash).where(or_(*within)))
    }
    for node, digest in computed.items():
        if node not in stored:
            yield _node_problem(ProblemKind.NODE_MISSING, node)
        elif stored[node] != digest and not _follows_from_stored(session, node, stored[node]):
            yield _node_problem(ProblemKind.NODE_WRONG, node)


def _follows_from_stored(session: Session, node: Node, digest: bytes) -> bool:
    """Return whether a differing hash follows from the stored hashes below it: then only those are to be named."""
    level, position = node
    if level == 0:
        return False
    below = [(level - 1, 2 * position), (level - 1, 2 * position + 1)]
    stored = statements.nodes(session.connection(), below)
    return len(stored) == 2 and merkle.node_hash(stored[below[0]], stored[below[1]]) == digest


def _node_problem(kind: ProblemKind, node: Node) -> Problem:
    level, position = node
    if not 0 <= level < MAX_LEVEL:
        return Problem(kind, f"level {level}, no. {position}")
    first = position << level
    return Problem(kind, f"level {level}, no. {position}", first, first + (1 << level) - 1)


def _beyond_head(session: Session) -> Iterable[Problem]:
    """Find entries and hashes that the head does not count; each question is one statement, so writers don't matter."""
    head = select(LogHead.size).where(LogHead.one == HEAD).scalar_subquery()
    strays = session.execute(
        select(LogEntry.idx, LogEntry.agreement, LogEntry.seq, LogEntry.type)
        .where(or_(LogEntry.idx >= func.coalesce(head, 0), LogEntry.idx < 0))
        .order_by(LogEntry.idx)
    )
    for row in strays:
        yield Place(row.idx, row.agreement, row.seq, row.type).problem(ProblemKind.ENTRY_BEYOND_HEAD)
    for node in session.execute(_NODES_BEYOND_HEAD):
        yield _node_problem(ProblemKind.NODE_EXTRA, (node.level, node.idx))
