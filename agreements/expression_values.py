"""The value of a parsed expression over typed values. Total on absent values; it never guesses.

An absent value equals only none, is in nothing, and is neither smaller nor greater than anything; count of it is 0.
Comparing things of different kinds is a mistake of the template and raises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from agreements.amounts import Money
from agreements.durations import Duration, after
from agreements.errors import ExpressionInvalid
from agreements.expressions import (
    Arithmetic,
    Call,
    Compare,
    Expression,
    Listing,
    Literal,
    Logic,
    Name,
    Node,
    Not,
)

Typed = object


def holds(expression: Expression, scope: Mapping[str, Typed]) -> bool:
    """Whether the expression is true. An absent yes/no counts as no. Raises ExpressionInvalid for anything else."""
    try:
        return _truth(_value(expression.node, scope))
    except (TypeError, OverflowError) as error:
        raise ExpressionInvalid(expression=expression.text, at=1, reason=str(error)) from error


def evaluate(expression: Expression, scope: Mapping[str, Typed]) -> Typed:
    """The value of the expression; None when something it needs is absent. Raises ExpressionInvalid."""
    try:
        return _value(expression.node, scope)
    except (TypeError, OverflowError) as error:
        raise ExpressionInvalid(expression=expression.text, at=1, reason=str(error)) from error


def look_up(scope: Typed, path: Sequence[str]) -> Typed:
    """The value at a dotted path; None when absent. Through a list: the list of what its rows have there."""
    value = scope
    for position, part in enumerate(path):
        if isinstance(value, list):
            found = [look_up(row, path[position:]) for row in value]
            return [one for one in found if one is not None]
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Money | Duration):
            value = getattr(value, part) if part in type(value).__dataclass_fields__ else None
        else:
            return None
    return value


def _truth(value: Typed) -> bool:
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    raise TypeError("yes or no expected here")


def _value(node: Node, scope: Mapping[str, Typed]) -> Typed:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        return look_up(scope, node.path)
    if isinstance(node, Listing):
        return [_value(item, scope) for item in node.items]
    if isinstance(node, Not):
        return not _truth(_value(node.operand, scope))
    if isinstance(node, Logic):
        first = _truth(_value(node.left, scope))
        if first is (node.operator == "or"):
            return first
        return _truth(_value(node.right, scope))
    if isinstance(node, Call):
        return _call(node.function, _value(node.argument, scope))
    left, right = _value(node.left, scope), _value(node.right, scope)
    return _compared(node, left, right) if isinstance(node, Compare) else _summed(node, left, right)


def _call(function: str, argument: Typed) -> Typed:
    if function == "given":
        return argument is not None and argument != []
    if function == "distinct":
        if argument is None or isinstance(argument, list):
            found: dict[object, Typed] = {}
            for one in argument or []:
                found.setdefault(_fixed(one), one)
            return list(found.values())
        raise TypeError("distinct() takes a list")
    if function == "count":
        if isinstance(argument, list):
            return Decimal(len(argument))
        if argument is None:
            return Decimal(0)
        raise TypeError("count() counts the rows of a list")
    if function == "year":
        if argument is None or isinstance(argument, date):
            return None if argument is None else Decimal(argument.year)
        raise TypeError("year() is asked of a date")
    if isinstance(argument, int | Decimal) and argument == int(argument):
        return Duration(int(argument), function)
    raise TypeError(f"{function}() takes a whole number")


def _fixed(value: Typed) -> object:
    """The value in a form that can be looked up, so that a long list is not compared with itself."""
    if isinstance(value, Mapping):
        return frozenset((key, _fixed(inner)) for key, inner in value.items())
    return tuple(map(_fixed, value)) if isinstance(value, list) else value


def _compared(node: Compare, left: Typed, right: Typed) -> bool:
    if node.operator in ("in", "not in"):
        if not isinstance(right, list):
            if right is not None:
                raise TypeError("“in” looks into a list")
            right = []
        inside = left is not None and left in right
        return inside if node.operator == "in" else not inside
    if node.operator in ("==", "!="):
        return (left == right) is (node.operator == "==")
    if left is None or right is None:
        return False
    low, high = _orderable(left, right)
    return {"<": low < high, "<=": low <= high, ">": low > high, ">=": low >= high}[node.operator]


def _orderable(left: Typed, right: Typed) -> tuple[Decimal, Decimal]:
    if isinstance(left, date) and isinstance(right, date):
        return Decimal(left.toordinal()), Decimal(right.toordinal())
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Decimal(left.rough_days()), Decimal(right.rough_days())
    if _is_number(left) and _is_number(right):
        return Decimal(str(left)), Decimal(str(right))
    if isinstance(left, Money) and isinstance(right, Money) and left.currency == right.currency:
        return left.amount, right.amount
    raise TypeError("these two cannot be put in order")


def _is_number(value: Typed) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _summed(node: Arithmetic, left: Typed, right: Typed) -> Typed:
    if left is None or right is None:
        return None
    sign = 1 if node.operator == "+" else -1
    if isinstance(left, date) and isinstance(right, Duration):
        return after(left, right, sign=sign)
    if _is_number(left) and _is_number(right):
        return Decimal(str(left)) + sign * Decimal(str(right))
    raise TypeError("only numbers, or a date and a length of time, can be added")
