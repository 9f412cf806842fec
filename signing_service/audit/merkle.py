"""The Merkle tree of RFC 6962 section 2.1 (the same hashes as RFC 9162): leaves, nodes, roots, proofs.

Pure functions over hashes. A tree is known by its perfect subtrees: node (level, index) covers the leaves
[index·2^level, (index+1)·2^level). Proofs are planned as ranges first, so that a store can be asked once for all the
nodes a proof needs; nothing here reads a store, and nothing here knows what a leaf means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""Root of the tree with no leaves: the hash of the empty string."""

Node = tuple[int, int]
"""(level, index) of one perfect subtree; level 0 is a leaf."""

Range = tuple[int, int]
"""Leaves [begin, end): `begin` inclusive, `end` exclusive."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one leaf: SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def perfect_subtrees(begin: int, end: int) -> list[Node]:
    """Return the perfect subtrees that cover the leaves [begin, end), from left to right.

    `begin` must be a multiple of the largest power of two that fits, as it is for every range of a proof.
    """
    found: list[Node] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join the hashes of neighbouring perfect subtrees, largest first, into one hash, from the right."""
    if not hashes:
        return EMPTY_ROOT
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


def range_hash(leaves: Range, nodes: Mapping[Node, bytes]) -> bytes:
    """Return the Merkle tree hash of a range out of stored nodes. A missing node is a `KeyError`."""
    return fold([nodes[node] for node in perfect_subtrees(*leaves)])


def root_hash(size: int, nodes: Mapping[Node, bytes]) -> bytes:
    """Return the root of the tree of the first `size` leaves out of stored nodes."""
    return range_hash((0, size), nodes)


def appended_nodes(index: int, leaf: bytes, left: Mapping[Node, bytes]) -> list[tuple[Node, bytes]]:
    """Return every perfect subtree that becomes complete when leaf `index` is appended, leaf first.

    `left` holds at least the nodes of `left_siblings(index)`.
    """
    complete: list[tuple[Node, bytes]] = [((0, index), leaf)]
    level, position, digest = 0, index, leaf
    while position & 1:
        digest = node_hash(left[level, position - 1], digest)
        level, position = level + 1, position >> 1
        complete.append(((level, position), digest))
    return complete


def left_siblings(index: int) -> list[Node]:
    """Return the stored nodes that appending leaf `index` joins, lowest first."""
    siblings: list[Node] = []
    level, position = 0, index
    while position & 1:
        siblings.append((level, position - 1))
        level, position = level + 1, position >> 1
    return siblings


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove leaf `index` in a tree of `size`, sibling of the leaf first.

    RFC 6962 section 2.1.1. Raises `ValueError` when the leaf is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    ranges: list[Range] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    ranges.reverse()
    return ranges


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the ranges whose hashes prove that the tree of `new` leaves begins with the tree of `old`.

    RFC 6962 section 2.1.2, in its order. Raises `ValueError` unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot continue a tree of {old}")
    if old in (0, new):
        return []
    ranges: list[Range] = []
    begin, end = 0, new
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    if begin:
        ranges.append((begin, end))
    ranges.reverse()
    return ranges


def nodes_of(ranges: Iterable[Range]) -> list[Node]:
    """Return every stored node that the ranges are made of."""
    return [node for leaves in ranges for node in perfect_subtrees(*leaves)]


def is_included(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof shows `leaf` at `index` of the tree (`size`, `root`). RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size or len(leaf) != HASH_SIZE:
        return False
    first, second, running = index, size - 1, leaf
    for step in proof:
        if second == 0 or len(step) != HASH_SIZE:
            return False
        if first & 1 or first == second:
            running = node_hash(step, running)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            running = node_hash(running, step)
        first, second = first >> 1, second >> 1
    return second == 0 and running == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows that tree (`new`, `new_root`) only appended to (`old`, `old_root`).

    RFC 9162 section 2.1.4.2, and: every tree continues the empty one, with an empty proof (C2SP tlog-witness).
    """
    if not 0 <= old <= new or any(len(step) != HASH_SIZE for step in proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    first, second = old - 1, new - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    then = now = steps[0]
    for step in steps[1:]:
        if second == 0:
            return False
        if first & 1 or first == second:
            then, now = node_hash(step, then), node_hash(step, now)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            now = node_hash(now, step)
        first, second = first >> 1, second >> 1
    return second == 0 and then == old_root and now == new_root


Completed = dict[int, tuple[int, list[bytes]]]
"""Perfect subtrees that became complete: level → (index of the first, their hashes in order)."""


class GrowingTree:
    """A tree that is read from the left: keeps only the perfect subtrees of what it has seen (at most 63 hashes)."""

    def __init__(self) -> None:
        self.size = 0
        self._right_edge: dict[int, bytes] = {}  # level → hash, for the levels of the bits that are set in size

    def extend(self, leaves: list[bytes]) -> Completed:
        """Add leaf hashes and return the perfect subtrees they complete, leaves included."""
        complete: Completed = {}
        level, first, hashes = 0, self.size, leaves
        self.size += len(leaves)
        while hashes:
            complete[level] = (first, hashes)
            row = [self._right_edge.pop(level), *hashes] if first & 1 else hashes
            if len(row) & 1:
                self._right_edge[level] = row[-1]
            pairs = zip(row[0::2], row[1::2], strict=False)
            hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
            level, first = level + 1, first >> 1
        return complete

    def root(self) -> bytes:
        """Return the root of all leaves seen so far."""
        return fold([self._right_edge[level] for level in sorted(self._right_edge, reverse=True)])


def _split(count: int) -> int:
    """Return the largest power of two below `count` (RFC 6962: k < n <= 2k)."""
    return 1 << ((count - 1).bit_length() - 1)
