"""Going through a log from its first entry again: hashes, tree, chains of the agreements, disclosures.

Pure: whoever has the entries (a database in `verify`, files in `export`) feeds them in order. Nothing that is found
stops the run; findings are collected in `problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from signing_service.audit import disclosures, entries, merkle
from signing_service.audit.entries import Entry
from signing_service.audit.errors import MalformedEntry
from signing_service.audit.merkle import GrowingTree, Node
from signing_service.audit.problems import Problem, ProblemKind

MAX_GAP: Final = 10_000
"""Missing entries in a row that are bridged, to go on checking what comes after; beyond, the tree is given up."""

UNKNOWN_LEAF: Final = bytes(merkle.HASH_SIZE)
"""Stands for a missing entry whose hash is not known either: every root from there on differs, as it should."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, as far as it can be told: for naming it in a problem."""

    index: int
    agreement: str | None = None
    seq: int | None = None
    type: str | None = None

    def problem(self, kind: ProblemKind, detail: str = "") -> Problem:
        """Return a problem at this place."""
        return Problem(kind, detail, self.index, agreement=self.agreement, seq=self.seq, type=self.type)


Erasures = frozenset[tuple[int, str]]
"""Disclosures that are recorded as erased: (index of the entry, digest)."""


def erasures_of(recorded: Entry) -> Erasures:
    """Return what an entry of the type `disclosure.erased` records as erased; nothing for other entries."""
    index, digests = recorded.data.get("index"), recorded.data.get("digests")
    if recorded.type != "disclosure.erased" or not isinstance(index, int) or not isinstance(digests, list):
        return frozenset()
    return frozenset((index, digest) for digest in digests if isinstance(digest, str))


class Step(NamedTuple):
    """What became of one entry: its hash, the entry unless its bytes are malformed, and the nodes it completes."""

    leaf: bytes
    entry: Entry | None
    nodes: list[tuple[Node, bytes]]


@dataclass
class Replay:
    """The state of a run.

    `sizes` are the tree sizes whose `roots` are wanted. `erased` are the recorded erasures of the whole log.
    `leaves_of_missing` may know the stored hashes of entries [first, end) that are gone. With
    `disclosures_complete`, a disclosure that is neither there nor erased is a problem; an export may hold back as many
    as it likes.
    """

    sizes: frozenset[int] = frozenset()
    erased: Erasures = frozenset()
    disclosures_complete: bool = True
    leaves_of_missing: Callable[[int, int], Mapping[int, bytes]] = lambda first, end: {}
    problems: list[Problem] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    next_index: int = 0
    _tree: GrowingTree | None = field(default_factory=GrowingTree)
    _last: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if 0 in self.sizes:
            self.roots[0] = merkle.EMPTY_ROOT

    def add(self, index: int, encoded: bytes, beside: Mapping[str, str], named: Place | None = None) -> Step:
        """Take the next entry with the disclosures beside it (digest → text).

        `named` is what the store says of the entry, for naming it when its bytes cannot be read.
        """
        if index < self.next_index:
            self.problems.append((named or Place(index)).problem(ProblemKind.ENTRY_OUT_OF_ORDER))
            return Step(merkle.leaf_hash(encoded), None, [])
        if index > self.next_index:
            self.skip_to(index)
        leaf = merkle.leaf_hash(encoded)
        complete = self._grow(leaf)
        try:
            entry = entries.parse(encoded)
        except MalformedEntry as error:
            place = named or Place(index)
            self.problems.append(place.problem(ProblemKind.ENTRY_MALFORMED, str(error.params["reason"])))
            return Step(leaf, None, complete)
        place = Place(index, entry.agreement, entry.seq, entry.type)
        self._check_chain(place, entry, leaf)
        self._check_disclosures(place, entry, beside)
        return Step(leaf, entry, complete)

    def skip_to(self, index: int) -> None:
        """Report the entries up to `index` as missing and go on behind them."""
        first, last = self.next_index, index - 1
        self.problems.append(Problem(ProblemKind.ENTRY_MISSING, index=first, last_index=last))
        if index - first > MAX_GAP:
            self._tree, self.next_index = None, index
            return
        leaves = self.leaves_of_missing(first, index)
        for missing in range(first, index):
            self._grow(leaves.get(missing, UNKNOWN_LEAF))

    def _grow(self, leaf: bytes) -> list[tuple[Node, bytes]]:
        self.next_index += 1
        if self._tree is None:
            return []
        complete = self._tree.append(leaf)
        if self.next_index in self.sizes:
            self.roots[self.next_index] = self._tree.root()
        return complete

    def _check_chain(self, place: Place, entry: Entry, leaf: bytes) -> None:
        """Compare seq and prev with the agreement's entry before; afterwards go on from this one."""
        if entry.agreement is None or entry.seq is None:
            return
        before, hash_before = self._last.get(entry.agreement, (-1, None))
        if entry.seq != before + 1:
            self.problems.append(place.problem(ProblemKind.SEQ_BROKEN, f"no. {before + 1} was expected"))
        elif entry.prev != hash_before:
            self.problems.append(place.problem(ProblemKind.PREV_BROKEN, f"no. {before} has another hash"))
        self._last[entry.agreement] = (entry.seq, leaf)

    def _check_disclosures(self, place: Place, entry: Entry, beside: Mapping[str, str]) -> None:
        named = set(entry.sd)
        for digest, text in beside.items():
            if digest not in named or disclosures.digest_of(text) != digest:
                self.problems.append(place.problem(ProblemKind.DISCLOSURE_WRONG, digest))
        for digest in entry.sd:
            recorded = (place.index, digest) in self.erased
            if digest in beside and recorded:
                self.problems.append(place.problem(ProblemKind.DISCLOSURE_KEPT, digest))
            elif digest not in beside and not recorded and self.disclosures_complete:
                self.problems.append(place.problem(ProblemKind.DISCLOSURE_GONE, digest))
