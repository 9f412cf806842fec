"""The closed language of `when` and `require`: and/or/not, comparison, in, count, date arithmetic. Nothing else.

A text is parsed into our own small tree; no Python is ever compiled or evaluated. Reading the tree with values is
expression_values.py.

    effective.mode == "fixed_date" and effective.date + term <= date("2040-01-01")
    count(areas) >= 1 and not ("CN" in parties.country)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.errors import N_, ExpressionInvalid

MAX_LENGTH = 500
MAX_DEPTH = 16
FUNCTIONS = ("count", "given", "days", "months", "years", "date", "year", "distinct")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in")
_KEYWORDS = ("and", "or", "not", "in", "true", "false", "none")

_TOKEN = re.compile(
    r"""(?:(?P<number>\d{1,15}(?:\.\d{1,6})?)|(?P<string>"[^"\n]*"|'[^'\n]*')"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>==|!=|<=|>=|[<>+\-()\[\],.]))"""
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a string, a date, true, false or none."""

    value: Decimal | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Name:
    """A value by its dotted path. Through a list it stands for that part of every row."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """[a, b, c]"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One of FUNCTIONS with its one argument."""

    function: str
    argument: Node


@dataclass(frozen=True, slots=True)
class Not:
    """not a"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """a and b, a or b"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """a < b and the other COMPARISONS; they do not chain."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """a + b, a - b over numbers, or a date and a duration."""

    operator: str
    left: Node
    right: Node


Node = Literal | Name | Listing | Call | Not | Logic | Compare | Arithmetic


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression with the text it came from."""

    text: str
    node: Node

    def names(self) -> frozenset[tuple[str, ...]]:
        """Every dotted path the expression speaks of."""
        return frozenset(node.path for node in _walk(self.node) if isinstance(node, Name))


def parse(text: str) -> Expression:
    """Read an expression; raises ExpressionInvalid with the position of the first thing outside the language."""
    if len(text) > MAX_LENGTH:
        raise ExpressionInvalid(
            expression=text[:40] + "…", at=MAX_LENGTH, reason=f"longer than {MAX_LENGTH} characters"
        )
    return Expression(text, _Parser(text).whole())


def _walk(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Logic | Compare | Arithmetic):
        yield from _walk(node.left)
        yield from _walk(node.right)
    elif isinstance(node, Not):
        yield from _walk(node.operand)
    elif isinstance(node, Call):
        yield from _walk(node.argument)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _walk(item)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


class _Parser:
    """Recursive descent, one method per level of binding; `depth` stops hostile nesting."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.index = 0
        self.depth = 0

    def _fail(self, reason: str, at: int | None = None) -> ExpressionInvalid:
        position = self._peek().at if at is None else at
        return ExpressionInvalid(expression=self.text, at=position + 1, reason=reason)

    def _tokens(self) -> list[_Token]:
        found: list[_Token] = []
        position = 0
        end = len(self.text.rstrip())
        while position < end:
            if self.text[position].isspace():
                position += 1
                continue
            match = _TOKEN.match(self.text, position)
            if match is None or match.lastgroup is None:
                raise ExpressionInvalid(expression=self.text, at=position + 1, reason=N_("not part of the language"))
            kind, word = match.lastgroup, match.group(match.lastgroup)
            if kind == "name" and word in _KEYWORDS:
                kind = "mark"
            found.append(_Token(kind, word, match.start(match.lastgroup)))
            position = match.end()
        return [*found, _Token("end", "", end)]

    def _peek(self) -> _Token:
        return self.tokens[self.index]

    def _take(self) -> _Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def _accept(self, *marks: str) -> str | None:
        token = self._peek()
        if token.kind == "mark" and token.text in marks:
            self.index += 1
            return token.text
        return None

    def _expect(self, mark: str) -> None:
        if self._accept(mark) is None:
            raise self._fail(f"“{mark}” expected")

    def whole(self) -> Node:
        node = self._either()
        if self._peek().kind != "end":
            raise self._fail(N_("nothing more expected here"))
        return node

    def _either(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._fail(f"nested deeper than {MAX_DEPTH}")
        node = self._both()
        while self._accept("or"):
            node = Logic("or", node, self._both())
        self.depth -= 1
        return node

    def _both(self) -> Node:
        node = self._negation()
        while self._accept("and"):
            node = Logic("and", node, self._negation())
        return node

    def _negation(self) -> Node:
        negations = 0
        while self._accept("not"):
            negations += 1
            if negations > MAX_DEPTH:
                raise self._fail(f"nested deeper than {MAX_DEPTH}")
        node = self._comparison()
        for _ in range(negations):
            node = Not(node)
        return node

    def _comparison(self) -> Node:
        left = self._sum()
        operator = self._accept("==", "!=", "<=", ">=", "<", ">", "in", "not")
        if operator is None:
            return left
        if operator == "not":
            self._expect("in")
            operator = "not in"
        return Compare(operator, left, self._sum())

    def _sum(self) -> Node:
        node = self._atom()
        while operator := self._accept("+", "-"):
            node = Arithmetic(operator, node, self._atom())
        return node

    def _atom(self) -> Node:
        if self._accept("("):
            node = self._either()
            self._expect(")")
            return node
        if self._accept("["):
            return self._listing()
        token = self._take()
        if token.kind == "number":
            return Literal(Decimal(token.text))
        if token.kind == "string":
            return Literal(token.text[1:-1])
        if token.kind == "mark" and token.text in ("true", "false", "none"):
            return Literal({"true": True, "false": False, "none": None}[token.text])
        if token.kind == "name":
            return self._call(token) if self._accept("(") else self._name(token)
        raise self._fail(N_("a value expected"), token.at)

    def _listing(self) -> Node:
        items: list[Node] = []
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._fail(f"nested deeper than {MAX_DEPTH}")
        while not self._accept("]"):
            if items:
                self._expect(",")
            items.append(self._sum())
        self.depth -= 1
        return Listing(tuple(items))

    def _name(self, first: _Token) -> Node:
        path = [first.text]
        while self._accept("."):
            part = self._take()
            if part.kind != "name":
                raise self._fail(N_("a name expected after the point"), part.at)
            path.append(part.text)
        return Name(tuple(path))

    def _call(self, function: _Token) -> Node:
        if function.text not in FUNCTIONS:
            raise self._fail(f"no such function; there are {', '.join(FUNCTIONS)}", function.at)
        argument = self._either()
        self._expect(")")
        if function.text == "date":
            return Literal(self._date(argument, function.at))
        return Call(function.text, argument)

    def _date(self, argument: Node, at: int) -> date:
        try:
            return date.fromisoformat(str(argument.value) if isinstance(argument, Literal) else "")
        except ValueError as error:
            raise self._fail('a date is written date("2026-11-22")', at) from error


ALWAYS = Expression("true", Literal(True))
