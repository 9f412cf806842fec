"""Plain words back into a clause text: values that still stand stay bound to the form, blocks keep their conditions.

A clause as people read it has no references, conditions or repetitions any more. When somebody rewrites it, each
proposed paragraph is aligned with the one it came from; a reference whose written value survived stays a reference, a
paragraph stays in its block, and what stands only under other values is left where it was. What lost its binding is
told. A repetition stays one while every row was changed alike, otherwise its rows become paragraphs of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from agreements.clause_sources import source_of
from agreements.clause_texts import (
    ClauseText,
    EachBlock,
    Paragraph,
    Reference,
    Scope,
    TextNode,
    WhenBlock,
    Written,
    part_text,
    refuse_markup,
)
from agreements.expression_values import holds, look_up
from agreements.languages import Lang, Texts
from agreements.redline_runs import kept, tokens
from agreements.variables import find

SHORTEST_MOVED = 4  # a shorter value found elsewhere ("two", "6") is more likely another thing than the same moved

Pairs = Sequence[tuple[int | None, int | None]]
"""Which old paragraph became which new one, both in their order; None for one that came or went."""


@dataclass(frozen=True, slots=True)
class Unbound:
    """A value that no longer follows the form: `text` as it was written. `gone`: it left with its passage."""

    path: str
    text: str
    lang: Lang
    gone: bool
    label: Texts = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Rebound:
    """A clause text with the proposed words, and the values in it that lost their binding."""

    source: str
    unbound: tuple[Unbound, ...]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One written paragraph: its node, its parts as they were written, and the blocks around it."""

    node: Paragraph
    spans: tuple[tuple[str, Reference | None], ...]
    conditions: tuple[WhenBlock, ...]
    loops: frozenset[str]
    scope: Scope

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.spans)

    def ranges(self) -> Iterator[tuple[int, int, int]]:
        """Number, begin and end of every reference in the text."""
        at = 0
        for number, (text, reference) in enumerate(self.spans):
            if reference is not None:
                yield number, at, at + len(text)
            at += len(text)


@dataclass(frozen=True, slots=True)
class _Tree:
    """A node with what was written for it: the leaves from `start` to `end`, in `rows` of inner trees (one for a
    condition). No rows: a paragraph when `end > start`, else a block that does not stand."""

    node: TextNode
    start: int
    end: int
    rows: tuple[tuple[_Tree, ...], ...] = ()


@dataclass(slots=True)
class _New:
    """One proposed paragraph: which stretches are references (begin, end, leaf, number), and which words are new."""

    written: Written
    bound: list[tuple[int, int, int, int]] = field(default_factory=list)
    fresh: list[tuple[int, int]] = field(default_factory=list)
    leaf: int | None = None

    def bind(self, value: str, leaf: int, number: int, within: tuple[int, int]) -> bool:
        """Make the first free place of the value inside the stretch a reference, if it stands there in whole tokens."""
        text, (begin, end) = self.written.text, within
        edges = _edges(text)
        at = text.find(value, begin, end) if value else -1
        while at >= 0:
            taken = any(at < b[1] and b[0] < at + len(value) for b in self.bound)
            if not taken and at in edges and at + len(value) in edges:
                self.bound.append((at, at + len(value), leaf, number))
                return True
            at = text.find(value, at + 1, end)
        return False


def rebind(
    text: ClauseText, scope: Scope, lang: Lang, clause: str, title: str, proposed: Sequence[Written], pairs: Pairs
) -> Rebound:
    """The clause text that says what was proposed.

    Raises ValueMissing like writing it does, and ClauseTextInvalid for a mark in the proposed words: a reference or a
    condition that somebody typed would be read as one.
    """
    refuse_markup(title, 1)
    return _Rebinding(text, scope, lang, clause, proposed, pairs).result(title)


class _Rebinding:
    def __init__(
        self, text: ClauseText, scope: Scope, lang: Lang, clause: str, proposed: Sequence[Written], pairs: Pairs
    ) -> None:
        self.lang, self.clause = lang, clause
        self.leaves: list[_Leaf] = []
        self.trees = tuple(self._grown(text.body, scope, (), frozenset()))
        self.new = [_New(one) for one in proposed]
        self.new_of: dict[int, int] = {}
        self.inserted: dict[int, list[int]] = {}
        self.dissolved: set[tuple[int, int]] = set()
        self.lost: list[tuple[int, int, bool]] = []
        self._pair(pairs)
        self._bind()

    # 1. What was written for each node.
    def _grown(
        self, body: tuple[TextNode, ...], scope: Scope, conditions: tuple[WhenBlock, ...], loops: frozenset[str]
    ) -> Iterator[_Tree]:
        for node in body:
            start = len(self.leaves)
            rows: list[tuple[_Tree, ...]] = []
            if isinstance(node, Paragraph):
                spans = tuple(
                    (part_text(part, scope, self.lang, self.clause), part if isinstance(part, Reference) else None)
                    for part in node.parts
                )
                self.leaves.append(_Leaf(node, spans, conditions, loops, scope))
            elif isinstance(node, WhenBlock):
                if holds(node.condition, scope.values):
                    rows.append(tuple(self._grown(node.body, scope, (*conditions, node), loops)))
            else:
                variable, found = find(scope.variables, node.path), look_up(scope.values, node.path)
                if isinstance(found, list) and variable is not None and variable.item is not None:
                    for row in found:
                        inner = scope.row(node.name, row, variable.item)
                        rows.append(tuple(self._grown(node.body, inner, conditions, loops | {node.name})))
            yield _Tree(node, start, len(self.leaves), tuple(rows))

    # 2. Which proposed paragraph came from which.
    def _pair(self, pairs: Pairs) -> None:
        gap = 0
        for old, new in pairs:
            if old is None and new is not None:
                self.inserted.setdefault(gap, []).append(new)
            elif old is not None:
                gap = old + 1
                if new is not None:
                    self.new_of[old] = new
        left = [i for i in range(len(self.leaves)) if i not in self.new_of]
        for new in (one for group in self.inserted.values() for one in group):
            written = self.new[new].written
            same = next((i for i in left if self.leaves[i].text == written.text), None)
            if same is not None:  # moved as it was
                left.remove(same)
                self.new[new].leaf = same

    # 3. Which references still have their value.
    def _bind(self) -> None:
        for old, number in self.new_of.items():
            self.new[number].leaf = old
        for one in self.new:
            if one.leaf is None:
                one.fresh.append((0, len(one.written.text)))
            else:
                self._bind_aligned(one, self.leaves[one.leaf], one.leaf)
        missing = {one.leaf for one in self.new}
        for index, leaf in enumerate(self.leaves):
            if index not in missing:
                self.lost += [(index, number, True) for number, _, _ in leaf.ranges()]
        self.lost = [one for one in self.lost if not self._bind_elsewhere(*one[:2])]

    def _bind_aligned(self, one: _New, leaf: _Leaf, index: int) -> None:
        blocks = kept(leaf.text, one.written.text)
        waiting: list[tuple[int, int, int]] = []
        for number, begin, end in leaf.ranges():
            block = next((b for b in blocks if b[0] <= begin and end <= b[0] + b[2]), None)
            if block is None:
                waiting.append((number, begin, end))
            else:
                shift = block[1] - block[0]
                one.bound.append((begin + shift, end + shift, index, number))
        ends = [(0, 0), *((b[0] + b[2], b[1] + b[2]) for b in blocks)]
        begins = [*((b[0], b[1]) for b in blocks), (len(leaf.text), len(one.written.text))]
        between = [(was[0], now[0], was[1], now[1]) for was, now in zip(ends, begins, strict=True)]
        one.fresh = [(a, b) for _, _, a, b in between if b > a]
        for number, begin, end in waiting:
            here = [(a, b) for was, now, a, b in between if was < end and begin < now]
            if not any(one.bind(leaf.spans[number][0], index, number, stretch) for stretch in here):
                self.lost.append((index, number, all(a == b for a, b in here)))

    def _bind_elsewhere(self, index: int, number: int) -> bool:
        """A value that left its place may stand in words that were put in elsewhere."""
        value = self.leaves[index].spans[number][0]
        if len(value) < SHORTEST_MOVED or self.leaves[index].loops:
            return False
        return any(one.bind(value, index, number, stretch) for one in self.new for stretch in one.fresh)

    # 4. The nodes again.
    def result(self, title: str) -> Rebound:
        body = (*self._came(0, frozenset()), *self._nodes(self.trees, 0, len(self.leaves), frozenset(), whole=True))
        lost = [*self.lost, *((i, number, False) for i, number in sorted(self.dissolved))]
        unbound = dict.fromkeys(self._told(*one) for one in sorted(lost))
        return Rebound(source_of(title, body), tuple(unbound))

    def _nodes(
        self, trees: Sequence[_Tree], start: int, end: int, loose: frozenset[str], *, whole: bool = False
    ) -> Iterator[TextNode]:
        """The nodes of a container; paragraphs put in at its edges belong to what is around it, unless it is all."""
        for tree in trees:
            yield from self._node(tree, loose)
            if tree.end > tree.start and (whole or start < tree.end < end):
                yield from self._came(tree.end, loose)

    def _node(self, tree: _Tree, loose: frozenset[str]) -> Iterator[TextNode]:
        node = tree.node
        if isinstance(node, Paragraph):
            new = self.new_of.get(tree.start)
            if new is not None:
                yield self._paragraph(self.new[new], loose)
        elif not tree.rows:  # stands under other values only; what speaks of a row cannot stand outside its repetition
            if not _speaks_of((node,), loose):
                yield node
        elif isinstance(node, WhenBlock):
            body = tuple(self._nodes(tree.rows[0], tree.start, tree.end, loose))
            if any(path[0] in loose for path in node.condition.names()):
                yield from body
            elif body:
                yield replace(node, body=body)
        else:
            yield from self._repetition(tree, node, loose)

    def _repetition(self, tree: _Tree, node: EachBlock, loose: frozenset[str]) -> Iterator[TextNode]:
        bounds = [(row[0].start, row[-1].end) for row in tree.rows]
        between = any(self.inserted.get(end) for _, end in bounds[:-1])
        if not between and node.path[0] not in loose and not self._rewrote_a_row(tree, node):
            bodies = [tuple(self._nodes(row, *bound, loose)) for row, bound in zip(tree.rows, bounds, strict=True)]
            if all(one == bodies[0] for one in bodies):
                if bodies[0]:
                    yield replace(node, body=bodies[0])
                return
        for row, (start, end) in zip(tree.rows, bounds, strict=True):
            yield from self._nodes(row, start, end, loose | {node.name})
            if start < end < tree.end:
                yield from self._came(end, loose)

    def _rewrote_a_row(self, tree: _Tree, node: EachBlock) -> bool:
        """Whether a value of one row became fixed words, which must not be said of every row."""
        return any(
            tree.start <= index < tree.end and not gone and _path(self.leaves[index], number)[0] == node.name
            for index, number, gone in self.lost
        )

    def _came(self, gap: int, loose: frozenset[str]) -> Iterator[TextNode]:
        """The paragraphs put in at this place; one that was moved keeps its conditions."""
        for number in self.inserted.get(gap, ()):
            one = self.new[number]
            leaf = self.leaves[one.leaf] if one.leaf is not None else None
            node: TextNode = self._paragraph(one, loose | leaf.loops if leaf is not None else loose)
            for when in reversed(leaf.conditions if leaf is not None else ()):
                if leaf is not None and not any(path[0] in leaf.loops for path in when.condition.names()):
                    node = replace(when, body=(node,))
            yield node

    def _paragraph(self, one: _New, loose: frozenset[str]) -> Paragraph:
        parts: list[str | Reference] = []
        text, at = one.written.text, 0
        for begin, end, leaf, number in sorted(one.bound):
            reference = self.leaves[leaf].spans[number][1]
            if reference is None or reference.path[0] in loose:
                self.dissolved.add((leaf, number))  # the row it speaks of cannot be named here
                continue
            parts += [text[at:begin], reference]
            at = end
        parts.append(text[at:])
        for part in parts:
            if isinstance(part, str):
                refuse_markup(part, 0)
        line = self.leaves[one.leaf].node.line if one.leaf is not None else 0
        return Paragraph(tuple(part for part in parts if part != ""), one.written.item, line)

    def _told(self, leaf: int, number: int, gone: bool) -> Unbound:
        found, path = self.leaves[leaf], _path(self.leaves[leaf], number)
        variable = find(found.scope.variables, path)
        label = variable.label if variable is not None else {}
        return Unbound(".".join(path), found.spans[number][0], self.lang, gone, label)


def _path(leaf: _Leaf, number: int) -> tuple[str, ...]:
    reference = leaf.spans[number][1]
    return reference.path if reference is not None else ("",)


def _edges(text: str) -> set[int]:
    """Where a token begins or ends."""
    found, at = {0}, 0
    for token in tokens(text):
        at += len(token)
        found.add(at)
    return found


def _speaks_of(body: Sequence[TextNode], names: frozenset[str]) -> bool:
    for node in body:
        if isinstance(node, Paragraph):
            if any(isinstance(part, Reference) and part.path[0] in names for part in node.parts):
                return True
        elif isinstance(node, WhenBlock):
            if any(path[0] in names for path in node.condition.names()) or _speaks_of(node.body, names):
                return True
        elif node.path[0] in names or _speaks_of(node.body, names - {node.name}):
            return True
    return False
