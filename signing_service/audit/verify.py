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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from signing_service.audit import merkle, statements
from signing_service.audit.actions import Action
from signing_service.audit.checkpoint import SignedCheckpoint
from signing_service.audit.entries import Entry, format_time, parse
from signing_service.audit.errors import MalformedEntry
from signing_service.audit.merkle import Node
from signing_service.audit.note import VerifierKey
from signing_service.audit.outline import Outline, outline
from signing_service.audit.problems import Problem, ProblemKind
from signing_service.audit.proofs import log_size
from signing_service.audit.replay import Erasures, Place, Replay, erasures_of
from signing_service.audit.verify_checkpoints import StampCheck, check_checkpoints, check_mark, stored_checkpoints
from signing_service.db.models.audit import HEAD, LogDisclosure, LogEntry, LogHead
from signing_service.db.statements import rows as rows_of
from signing_service.db.types import as_bytes

CHUNK: Final = 2048
"""Entries read at a time."""

MAX_LEVEL: Final = 63

Progress = Callable[[int, int], None]
"""Called with the number of entries done and of all entries."""


class Recorded(NamedTuple):
    """A row of entries: the columns in the order of `statements.ENTRIES`."""

    idx: int
    agreement: str | None
    seq: int | None
    ceremony: str | None
    type: str
    actor: str
    at: str
    encoded: bytes
    leaf_hash: bytes


_NODES_BEYOND_HEAD: Final = text(
    "SELECT level, idx FROM log_node WHERE level < 0 OR level >= 63 OR idx < 0 "
    "OR idx >= COALESCE((SELECT size FROM log_head WHERE one = 1), 0) >> level"
)
_DISCLOSURES_OF_NOTHING: Final = text(
    "SELECT DISTINCT idx FROM log_disclosure WHERE NOT EXISTS "
    "(SELECT 1 FROM log_entry WHERE log_entry.idx = log_disclosure.idx) ORDER BY idx"
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
        _verify_chunk(session, replay, size)  # (1) (2)
        if progress:
            progress(replay.next_index, size)
    problems = replay.problems
    problems += _beyond_head(session)  # (3)
    problems += check_checkpoints(session, checkpoints, replay.roots, size, known=known, stamp_check=stamp_check)  # (4)
    problems += check_mark(mark, replay.roots, size)  # (5)
    return problems


def _verify_chunk(session: Session, replay: Replay, size: int) -> None:
    """Check the next entries below `size` and the tree hashes they complete."""
    start = replay.next_index
    rows = list(map(_recorded, rows_of(session.connection(), statements.ENTRIES, start, size, CHUNK)))
    beside = _disclosures_beside(session, start, rows[-1].idx + 1) if rows else {}
    leaves: list[bytes] = []
    for row in rows:
        if row.idx != replay.next_index + len(leaves):
            _grow_and_compare(session, replay, leaves)
            leaves = replay.missing_until(row.idx)
        leaf = merkle.leaf_hash(row.encoded)
        leaves.append(leaf)
        _check_row(replay, row, leaf, beside.get(row.idx, {}))
    _grow_and_compare(session, replay, leaves)
    if len(rows) < CHUNK and replay.next_index < size:
        _grow_and_compare(session, replay, replay.missing_until(size))


def _recorded(row: Sequence[Any]) -> Recorded:
    recorded = Recorded._make(row)
    return recorded._replace(encoded=as_bytes(recorded.encoded), leaf_hash=as_bytes(recorded.leaf_hash))


def _check_row(replay: Replay, row: Recorded, leaf: bytes, beside: Mapping[str, str]) -> None:
    """Check one entry: quickly when all is plain and as it must be, in full otherwise."""
    if leaf == row.leaf_hash:
        plain = outline(row.encoded)
        if plain is not None and _agree(plain, row) and replay.follows(row.idx, plain, leaf, beside):
            return
    place = Place(row.idx, row.agreement, row.seq, row.type)
    if leaf != row.leaf_hash:
        replay.problems.append(place.problem(ProblemKind.ENTRY_CHANGED))
    entry = replay.check(row.idx, row.encoded, leaf, beside, place)
    if entry is not None:
        replay.problems += _check_columns(place, entry, row)


def _agree(plain: Outline, row: Recorded) -> bool:
    """Return whether the entry says what its columns say."""
    return (
        plain.type == row.type
        and plain.agreement == row.agreement
        and plain.seq == row.seq
        and plain.ceremony == row.ceremony
        and plain.actor == row.actor
        and plain.at == row.at
    )


def _check_columns(place: Place, entry: Entry, row: Recorded) -> list[Problem]:
    """Compare what the row repeats with what the entry says, and name the columns that differ."""
    said = {
        "agreement": entry.agreement,
        "seq": entry.seq,
        "ceremony": entry.ceremony,
        "type": entry.type,
        "actor": entry.actor,
        "at": format_time(entry.at),
    }
    return [
        place.problem(ProblemKind.COLUMN_DIFFERS, f"{name} is {getattr(row, name)!r}, the entry says {value!r}")
        for name, value in said.items()
        if getattr(row, name) != value
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
    rows = rows_of(session.connection(), statements.LEVEL, 0, first, end)
    return {row[0]: as_bytes(row[1]) for row in rows}


def _grow_and_compare(session: Session, replay: Replay, leaves: list[bytes]) -> None:
    """Grow the tree and compare the stored hashes of the subtrees this completes."""
    for level, (first, computed) in replay.grow(leaves).items():
        stored = rows_of(session.connection(), statements.LEVEL, level, first, first + len(computed))
        if [digest for _, digest in stored] != computed or len(stored) != len(computed):
            found = {row[0]: as_bytes(row[1]) for row in stored}
            replay.problems += _differences(session, level, first, computed, found)


def _differences(
    session: Session, level: int, first: int, computed: list[bytes], stored: Mapping[int, bytes]
) -> Iterator[Problem]:
    for position, digest in enumerate(computed, first):
        if position not in stored:
            yield _node_problem(ProblemKind.NODE_MISSING, (level, position))
        elif stored[position] != digest and not _follows_from_stored(session, (level, position), stored[position]):
            yield _node_problem(ProblemKind.NODE_WRONG, (level, position))


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
    for orphan in session.scalars(_DISCLOSURES_OF_NOTHING):
        yield Problem(ProblemKind.DISCLOSURE_WRONG, "there is no such entry", orphan)
    for node in session.execute(_NODES_BEYOND_HEAD):
        yield _node_problem(ProblemKind.NODE_EXTRA, (node.level, node.idx))
