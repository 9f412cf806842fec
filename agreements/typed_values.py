"""Values as expressions and texts see them: dates, decimals, money and durations instead of their JSON form.

Works on checked values (fields.py), and on the sound part of values that still have problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.amounts import Money
from agreements.durations import Duration
from agreements.variables import Variable

_FROM_JSON: Mapping[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "number": lambda value: value if isinstance(value, int) else Decimal(value),
    "money": lambda value: Money(Decimal(value["amount"]), value["currency"]),
    "duration": lambda value: Duration(value["count"], value["unit"]),
}


def typed(variable: Variable, value: Any) -> Any:
    """The typed form of one JSON value. Lists and records are converted all the way down; absent parts stay absent."""
    if variable.type == "list" and variable.item is not None:
        return [typed(variable.item, row) for row in value]
    if variable.composite:
        return typed_record(variable.fields, value)
    convert = _FROM_JSON.get(variable.type)
    return convert(value) if convert else value


def typed_record(variables: Sequence[Variable], values: Mapping[str, Any]) -> dict[str, Any]:
    """The typed form of a record, keyed by name."""
    return {one.name: typed(one, values[one.name]) for one in variables if values.get(one.name) is not None}
