"""The tree gives the published hashes, and proofs hold for every tree and for nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing_service.audit import merkle
from signing_service.audit.merkle import GrowingTree, Node
from tests.signing_service.audit import worked_example as example

# The eight leaves that RFC 6962 implementations share as test data, and the roots of their trees.
SHARED_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
SHARED_ROOTS = ["e3b0c442", "6e340b9c", "fac54203", "aeb6bcfe", "d37ee418", "4e3bbb1f", "76e67dad", "ddb89be4"]
SHARED_ROOT_OF_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"

sizes = st.integers(0, 200)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """RFC 6962 section 2.1.2, word for word."""
    if m == len(leaves):
        return [] if known else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], known), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def stored(leaves: list[bytes]) -> dict[Node, bytes]:
    """What a store holds after appending the leaves one by one."""
    nodes: dict[Node, bytes] = {}
    for index, leaf in enumerate(leaves):
        nodes.update(merkle.appended_nodes(index, leaf, {key: nodes[key] for key in merkle.left_siblings(index)}))
    return nodes


def test_hashes_of_the_published_vectors() -> None:
    assert merkle.leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert (
        merkle.node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )
    leaves = [merkle.leaf_hash(leaf) for leaf in SHARED_LEAVES]
    nodes = stored(leaves)
    for size, beginning in enumerate(SHARED_ROOTS):
        assert merkle.root_hash(size, nodes).hex().startswith(beginning)
    assert merkle.root_hash(8, nodes).hex() == SHARED_ROOT_OF_8


def test_worked_example() -> None:
    assert tuple(merkle.leaf_hash(entry.encode()) for entry in example.ENTRIES) == example.LEAVES
    nodes = stored(list(example.LEAVES))
    assert merkle.root_hash(2, nodes) == example.ROOT_2
    assert merkle.root_hash(3, nodes) == example.ROOT_3
    inclusion = [merkle.range_hash(each, nodes) for each in merkle.inclusion_ranges(2, 3)]
    consistency = [merkle.range_hash(each, nodes) for each in merkle.consistency_ranges(2, 3)]
    assert tuple(inclusion) == example.INCLUSION_2_3
    assert tuple(consistency) == example.CONSISTENCY_2_3
    assert merkle.is_included(2, 3, example.LEAVES[2], inclusion, example.ROOT_3)
    assert merkle.is_consistent(2, 3, example.ROOT_2, example.ROOT_3, consistency)


@given(sizes)
def test_roots_agree_with_the_definition(size: int) -> None:
    leaves = leaves_of(size)
    nodes, growing = stored(leaves), GrowingTree()
    for leaf in leaves:
        growing.extend([leaf])
    assert merkle.root_hash(size, nodes) == naive_root(leaves) == growing.root()
    assert len(nodes) == 2 * size - size.bit_count()


@given(st.integers(1, 200), st.data())
def test_inclusion_proofs_agree_with_the_definition_and_hold(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    nodes = stored(leaves)
    proof = [merkle.range_hash(each, nodes) for each in merkle.inclusion_ranges(index, size)]
    root = naive_root(leaves)
    assert proof == naive_path(index, leaves)
    assert merkle.is_included(index, size, leaves[index], proof, root)


@given(sizes, sizes)
def test_consistency_proofs_agree_with_the_definition_and_hold(one: int, other: int) -> None:
    old, new = sorted((one, other))
    leaves = leaves_of(new)
    nodes = stored(leaves)
    proof = [merkle.range_hash(each, nodes) for each in merkle.consistency_ranges(old, new)]
    if old:
        assert proof == naive_subproof(old, leaves, True)
    assert merkle.is_consistent(old, new, naive_root(leaves[:old]), naive_root(leaves), proof)


@given(st.integers(2, 100), st.data())
def test_a_bent_inclusion_proof_does_not_hold(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    nodes, root = stored(leaves), naive_root(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = [merkle.range_hash(each, nodes) for each in merkle.inclusion_ranges(index, size)]
    wrong_index = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
    assert not merkle.is_included(wrong_index, size, leaves[index], proof, root)
    assert not merkle.is_included(index, size, leaves[wrong_index], proof, root)
    assert not merkle.is_included(index, size, leaves[index], proof[:-1], root)
    assert not merkle.is_included(index, size, leaves[index], [*proof, root], root)
    assert not merkle.is_included(index, size, leaves[index], proof, leaves[index])
    place = data.draw(st.integers(0, len(proof) - 1))
    bent = [*proof[:place], bytes(byte ^ 1 for byte in proof[place]), *proof[place + 1 :]]
    assert not merkle.is_included(index, size, leaves[index], bent, root)
    if len(set(proof)) > 1:
        assert not merkle.is_included(index, size, leaves[index], proof[::-1], root)


@given(st.integers(1, 100), st.integers(1, 100), st.data())
def test_a_bent_consistency_proof_does_not_hold(old: int, more: int, data: st.DataObject) -> None:
    new = old + more
    leaves = leaves_of(new)
    nodes = stored(leaves)
    old_root, new_root = naive_root(leaves[:old]), naive_root(leaves)
    proof = [merkle.range_hash(each, nodes) for each in merkle.consistency_ranges(old, new)]
    assert not merkle.is_consistent(old, new, new_root, old_root, proof)
    assert not merkle.is_consistent(old, new, old_root, new_root, proof[:-1])
    assert not merkle.is_consistent(old, new, old_root, new_root, [*proof, new_root])
    assert not merkle.is_consistent(new, old, old_root, new_root, proof)
    place = data.draw(st.integers(0, len(proof) - 1))
    bent = [*proof[:place], bytes(byte ^ 1 for byte in proof[place]), *proof[place + 1 :]]
    assert not merkle.is_consistent(old, new, old_root, new_root, bent)
    rewritten = [merkle.leaf_hash(b"another"), *leaves[1:]]
    assert not merkle.is_consistent(old, new, naive_root(rewritten[:old]), new_root, proof)


def test_edges() -> None:
    leaf = merkle.leaf_hash(b"")
    assert merkle.is_included(0, 1, leaf, [], leaf)
    assert not merkle.is_included(0, 0, leaf, [], merkle.EMPTY_ROOT)
    assert not merkle.is_included(-1, 1, leaf, [], leaf)
    assert not merkle.is_included(0, 1, leaf[:31], [], leaf[:31])
    assert merkle.is_consistent(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
    assert merkle.is_consistent(0, 1, merkle.EMPTY_ROOT, leaf, [])
    assert not merkle.is_consistent(0, 1, leaf, leaf, [])
    assert not merkle.is_consistent(0, 1, merkle.EMPTY_ROOT, leaf, [leaf])
    assert not merkle.is_consistent(1, 1, leaf, leaf, [leaf])
    assert not merkle.is_consistent(1, 2, leaf, leaf, [])
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_ranges(3, 3)
    with pytest.raises(ValueError, match="cannot continue"):
        merkle.consistency_ranges(4, 3)
