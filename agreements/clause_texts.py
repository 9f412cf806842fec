"""The restricted Markdown of a clause: a title, paragraphs, items, conditions, repetitions and references. No markup.

    # Areas of cooperation

    The Parties cooperate in the following areas:

    [each area in areas]
    - {{area.name}}: {{area.description}}
    [end]

    [when exclusive]
    This cooperation is exclusive until {{end_date|long}}.
    [end]

What comes out is plain text per paragraph, so a value can never become markup. Numbers of clauses and paragraphs are
not written here; they come from the tree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Protocol

from agreements.errors import N_, AgreementTooLong, ClauseTextInvalid, ExpressionInvalid, ValueMissing
from agreements.expression_values import holds, look_up
from agreements.expressions import Expression, parse
from agreements.formats import write
from agreements.languages import CHINESE, Lang
from agreements.problems import words_of
from agreements.variables import Variable, find

MAX_NESTING = 3
MAX_TITLE = 200
MAX_PARAGRAPH = 10_000
MAX_WRITTEN = 100_000
_REFERENCE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*(?:\|\s*([a-z]+)\s*)?\}\}")
_EACH = re.compile(r"([a-z][a-z0-9_]*) in ([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)")
_MARKUP = re.compile(r"[*`<>\[\]\\{}]|^(?:#|\||>|\d+\.\s)")


@dataclass(frozen=True, slots=True)
class Reference:
    """`{{path|format}}`"""

    path: tuple[str, ...]
    format: str | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph or one item of a list, as text and references."""

    parts: tuple[str | Reference, ...]
    item: bool
    line: int


@dataclass(frozen=True, slots=True)
class WhenBlock:
    """Paragraphs that stand only when the condition holds."""

    condition: Expression
    body: tuple[TextNode, ...]
    line: int


@dataclass(frozen=True, slots=True)
class EachBlock:
    """Paragraphs that stand once for each row of a list, which they call `name`."""

    name: str
    path: tuple[str, ...]
    body: tuple[TextNode, ...]
    line: int


TextNode = Paragraph | WhenBlock | EachBlock


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One clause in one language; `source` is what it was read from, for one who edits it."""

    title: str
    body: tuple[TextNode, ...]
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a text can speak of: typed values and, in parallel, the variables that say how to write them.

    `places`: for a name that stands for a row of a list, the path of that row ("areas.0").
    """

    values: Mapping[str, Any]
    variables: tuple[Variable, ...]
    places: Mapping[str, str] = field(default_factory=dict)

    def row(self, name: str, value: Any, variable: Variable, place: str = "") -> Scope:
        """The scope inside a repetition."""
        variables = (*self.variables, replace(variable, name=name))
        return Scope({**self.values, name: value}, variables, {**self.places, name: place})

    def place(self, path: tuple[str, ...]) -> str:
        """The dotted path of a value with row numbers, as a form calls its field."""
        return ".".join((self.places.get(path[0], path[0]), *path[1:]))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph: plain words, or the value at `place`; `gap` where it has no value yet."""

    text: str
    place: str = ""
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """One paragraph as it stands in the agreement; `runs`, where it was composed, tell its words and values apart."""

    text: str
    item: bool
    runs: tuple[Run, ...] = field(default=(), compare=False)


class Writer(Protocol):
    """What is written for a reference, and which rows a list has; the two ways are strict (below) and preview.py."""

    def value(self, reference: Reference, scope: Scope, lang: Lang) -> Run:
        """The value, in the form the reference asks for."""
        ...

    def rows(self, block: EachBlock, scope: Scope) -> Sequence[Any]:
        """The rows to go through."""
        ...

    def stands(self, block: WhenBlock, scope: Scope) -> bool:
        """Whether the paragraphs under a condition stand."""
        ...


def parse_clause(source: str) -> ClauseText:
    """Read a clause text. Raises ClauseTextInvalid with the line of the first mistake."""
    lines = [line.strip() for line in source.split("\n")]
    if not lines[0].startswith("# ") or not lines[0][2:].strip():
        raise ClauseTextInvalid(1, N_("The first line is the title: “# Title”."))
    title = lines[0][2:].strip()
    if len(title) > MAX_TITLE:
        raise ClauseTextInvalid(
            1, N_("Use at most {most} characters; there are {length}."), most=MAX_TITLE, length=len(title)
        )
    refuse_markup(title, 1)
    body, after = _read_block(lines, 1, depth=0, opened_at=None)
    if not any(True for _ in paragraphs(body)):
        raise ClauseTextInvalid(after, N_("The clause has no paragraph."))
    return ClauseText(title, body, source)


def _read_block(lines: list[str], index: int, *, depth: int, opened_at: int | None) -> tuple[tuple[TextNode, ...], int]:
    """Nodes from `index` up to the matching [end] (or the end of the file), and the index after it."""
    nodes: list[TextNode] = []
    while index < len(lines):
        line = lines[index]
        if not line:
            index += 1
        elif line == "[end]":
            if opened_at is None:
                raise ClauseTextInvalid(index + 1, N_("“[end]” closes nothing."))
            return tuple(nodes), index + 1
        elif line.startswith("["):
            node, index = _directive(lines, index, depth)
            nodes.append(node)
        else:
            node, index = _paragraph(lines, index)
            nodes.append(node)
    if opened_at is not None:
        raise ClauseTextInvalid(opened_at, N_("“[end]” is missing for this line."))
    return tuple(nodes), index


def _directive(lines: list[str], index: int, depth: int) -> tuple[TextNode, int]:
    line, number = lines[index], index + 1
    if depth >= MAX_NESTING:
        raise ClauseTextInvalid(number, N_("Blocks are nested deeper than {most}."), most=MAX_NESTING)
    if not line.endswith("]"):
        raise ClauseTextInvalid(number, N_("A line in square brackets ends with “]”."))
    word, _, rest = line[1:-1].strip().partition(" ")
    body, after = _read_block(lines, index + 1, depth=depth + 1, opened_at=number)
    if word == "when":
        try:
            return WhenBlock(parse(rest.strip()), body, number), after
        except ExpressionInvalid as error:
            raise ClauseTextInvalid(number, N_("{expression_error}"), expression_error=words_of(error)) from error
    match = _EACH.fullmatch(rest.strip()) if word == "each" else None
    if match is None:
        raise ClauseTextInvalid(number, N_("Write “[when condition]”, “[each name in list]” or “[end]”."))
    return EachBlock(match[1], tuple(match[2].split(".")), body, number), after


def _paragraph(lines: list[str], index: int) -> tuple[Paragraph, int]:
    start = index
    index += 1
    while index < len(lines) and lines[index] and not lines[index].startswith(("[", "- ")):
        index += 1
    text = joined(lines[start:index])
    item = text.startswith("- ")
    return Paragraph(_parts(text[2:].strip() if item else text, start + 1), item, start + 1), index


def joined(lines: Sequence[str]) -> str:
    """One paragraph out of the lines it was wrapped into."""
    pieces = list(lines[:1])
    for before, after in pairwise(lines):
        pieces += [_between(before, after), after]
    return "".join(pieces)


def _between(before: str, after: str) -> str:
    """What joins wrapped source lines: nothing between wide characters, a blank elsewhere."""
    wide = all(unicodedata.east_asian_width(character) in "WF" for character in (before[-1], after[0]))
    return "" if wide else " "


def _parts(text: str, line: int) -> tuple[str | Reference, ...]:
    parts: list[str | Reference] = []
    position = 0
    for match in _REFERENCE.finditer(text):
        parts += [text[position : match.start()], Reference(tuple(match[1].split(".")), match[2])]
        position = match.end()
    parts.append(text[position:])
    for part in parts:
        if isinstance(part, str):
            refuse_markup(part, line)
    return tuple(part for part in parts if part != "")


def refuse_markup(text: str, line: int) -> None:
    """Raise ClauseTextInvalid for a mark that plain text must not hold, because it could be read as more than text."""
    match = _MARKUP.search(text)
    if match:
        raise ClauseTextInvalid(line, N_("“{mark}” is not used in clause texts; they are plain."), mark=match[0])


def paragraphs(body: tuple[TextNode, ...]) -> Iterator[Paragraph]:
    """Every paragraph of a text, in order, whatever block it stands in."""
    for node in body:
        if isinstance(node, Paragraph):
            yield node
        else:
            yield from paragraphs(node.body)


def written(text: ClauseText, scope: Scope, lang: Lang, clause: str) -> tuple[Written, ...]:
    """The paragraphs that stand, with every value in place. Raises ValueMissing, naming clause and path.

    Raises AgreementTooLong: lists repeated inside lists must not let a small package become a huge text.
    """
    return written_by(_Strict(clause), text, scope, lang)


def written_by(writer: Writer, text: ClauseText, scope: Scope, lang: Lang) -> tuple[Written, ...]:
    """The paragraphs that stand, their values written by `writer`. Raises AgreementTooLong."""
    return tuple(_written(text.body, scope, lang, writer, _Room(MAX_WRITTEN)))


def in_place(reference: Reference, scope: Scope, lang: Lang) -> Run | None:
    """The value of a reference as it is written; None when there is none."""
    value = look_up(scope.values, reference.path)
    variable = find(scope.variables, reference.path)
    if value is None or value == [] or variable is None:
        return None
    words = write(value, variable, lang, reference.format)
    return Run(words.replace("\n", "" if lang == CHINESE else " "), scope.place(reference.path))


@dataclass(frozen=True, slots=True)
class _Strict:
    """Nothing is ever left blank: what has no value is refused."""

    clause: str

    def value(self, reference: Reference, scope: Scope, lang: Lang) -> Run:
        run = in_place(reference, scope, lang)
        if run is None:
            raise ValueMissing(clause=self.clause, path=".".join(reference.path))
        return run

    def rows(self, block: EachBlock, scope: Scope) -> Sequence[Any]:
        rows = look_up(scope.values, block.path)
        return rows if isinstance(rows, list) else ()

    def stands(self, block: WhenBlock, scope: Scope) -> bool:
        return holds(block.condition, scope.values)


class _Room:
    """How much may still be written."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def take(self, characters: int) -> None:
        """Use some of it; raises AgreementTooLong when there is not enough."""
        self.left -= characters
        if self.left < 0:
            raise AgreementTooLong(most=MAX_WRITTEN)


def _written(body: tuple[TextNode, ...], scope: Scope, lang: Lang, writer: Writer, room: _Room) -> Iterator[Written]:
    for node in body:
        room.take(1)
        if isinstance(node, Paragraph):
            runs = tuple(_runs(node, scope, lang, writer, room))
            yield Written("".join(run.text for run in runs), node.item, runs)
        elif isinstance(node, WhenBlock):
            if writer.stands(node, scope):
                yield from _written(node.body, scope, lang, writer, room)
        else:
            variable = find(scope.variables, node.path)
            if variable is not None and variable.item is not None:
                place = scope.place(node.path)
                for index, row in enumerate(writer.rows(node, scope)):
                    room.take(1)
                    inner = scope.row(node.name, row, variable.item, f"{place}.{index}")
                    yield from _written(node.body, inner, lang, writer, room)


def _runs(node: Paragraph, scope: Scope, lang: Lang, writer: Writer, room: _Room) -> Iterator[Run]:
    """One paragraph with its values; one longer than any page is no paragraph."""
    length = 0
    for part in node.parts:
        run = Run(part) if isinstance(part, str) else writer.value(part, scope, lang)
        length += len(run.text)
        room.take(len(run.text) + 1)
        if length > MAX_PARAGRAPH:
            raise AgreementTooLong(most=MAX_PARAGRAPH)
        yield run


def part_text(part: str | Reference, scope: Scope, lang: Lang, clause: str) -> str:
    """A part of a paragraph as it stands in the agreement. Raises ValueMissing."""
    return part if isinstance(part, str) else _Strict(clause).value(part, scope, lang).text
