"""Going through a log from its first entry again: hashes, tree, chains of the agreements, disclosures.

Pure: whoever has the entries (a database in `verify`, files in `export`) feeds them in order. Nothing that is found
stops the run; findings are collected in `problems`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from signing_service.audit import disclosures, entries, merkle
from signing_service.audit.entries import Entry
from signing_service.audit.errors import MalformedEntry
from signing_service.audit.merkle import Completed, GrowingTree
from signing_service.audit.outline import Outline
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


@dataclass
class Replay:
    """The state of a run.

    `sizes` are the tree sizes whose `roots` are wanted. `erased` are the recorded erasures of the whole log. With
    `disclosures_complete`, a disclosure that is neither there nor erased is a problem; an export may hold back as many
    as it likes. `leaves_of_missing` may know the stored hashes of entries [first, end) that are gone.
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
    _wanted: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._wanted = sorted(self.sizes, reverse=True)
        self._pass_wanted_sizes()

    def grow(self, leaves: list[bytes]) -> Completed:
        """Take the hashes of the next entries into the tree; return the perfect subtrees they complete."""
        end = self.next_index + len(leaves)
        if self._tree is None:
            self.next_index = end
            return {}
        complete: Completed = {}
        start = 0
        while start < len(leaves):
            stop = min(self._wanted[-1], end) if self._wanted else end
            piece = leaves[start : stop - self.next_index + start]
            _join(complete, self._tree.extend(piece))
            start, self.next_index = start + len(piece), self.next_index + len(piece)
            self._pass_wanted_sizes()
        return complete

    def missing_until(self, index: int) -> list[bytes]:
        """Report the entries from the next one up to `index` as missing; return what stands for their hashes.

        When there are too many, the tree is given up and the list is empty: go on at `index`.
        """
        first = self.next_index
        self.problems.append(Problem(ProblemKind.ENTRY_MISSING, index=first, last_index=index - 1))
        if index - first > MAX_GAP:
            self._tree, self.next_index = None, index
            return []
        leaves = self.leaves_of_missing(first, index)
        return [leaves.get(missing, UNKNOWN_LEAF) for missing in range(first, index)]

    def check(
        self, index: int, encoded: bytes, leaf: bytes, beside: Mapping[str, str], named: Place | None = None
    ) -> Entry | None:
        """Check one entry with its hash and the disclosures beside it (digest → text); None when it is malformed.

        `named` is what the store says of the entry, for naming it when its bytes cannot be read.
        """
        try:
            entry = entries.parse(encoded)
        except MalformedEntry as error:
            place = named or Place(index)
            self.problems.append(place.problem(ProblemKind.ENTRY_MALFORMED, str(error.params["reason"])))
            return None
        place = Place(index, entry.agreement, entry.seq, entry.type)
        self._check_chain(place, entry, leaf)
        self._check_disclosures(place, entry, beside)
        return entry

    def follows(self, index: int, outline: Outline, leaf: bytes, beside: Mapping[str, str]) -> bool:
        """Take an entry in whose outline everything is as it must be; False, with nothing done, to have it checked."""
        if outline.sd or beside:
            for digest in outline.sd:
                text = beside.get(digest)
                if text is None or disclosures.digest_of(text) != digest or (index, digest) in self.erased:
                    return False
            if len(beside) != len(outline.sd):
                return False
        if outline.agreement is None or outline.seq is None:
            return True
        before = self._last.get(outline.agreement)
        if before is None:
            if outline.seq != 0:
                return False
        elif outline.seq != before[0] + 1 or outline.prev != b64encode(before[1]):
            return False
        self._last[outline.agreement] = (outline.seq, leaf)
        return True

    def _pass_wanted_sizes(self) -> None:
        """Keep the root if the present size is one that was asked for."""
        while self._wanted and self._wanted[-1] <= self.next_index:
            size = self._wanted.pop()
            if size == self.next_index and self._tree is not None:
                self.roots[size] = self._tree.root()

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


def _join(complete: Completed, more: Completed) -> None:
    """Add subtrees that directly follow those already there."""
    for level, (first, hashes) in more.items():
        if level in complete:
            complete[level] = (complete[level][0], complete[level][1] + hashes)
        else:
            complete[level] = (first, hashes)
