"""Frozen dataclasses to JSON values and back, by their type annotations alone.

Used for the report, which crosses a process boundary as JSON. It knows no names: keys are the field names.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """A JSON value: dataclasses become objects, tuples lists, aware datetimes ISO 8601 with a final Z."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    return value


def from_plain(wanted: type[T], value: object) -> T:
    """The reverse of `to_plain`; raises ValueError when the value does not have the shape of `wanted`."""
    try:
        result: T = _read(wanted, value)
    except (KeyError, TypeError, AttributeError) as cause:
        raise ValueError(f"not a {wanted.__name__}") from cause
    return result


def format_time(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second unless there are microseconds, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """An aware UTC datetime out of ISO 8601; a time without a zone is taken as UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read(wanted: Any, value: Any) -> Any:
    origin = typing.get_origin(wanted)
    if origin in (types.UnionType, typing.Union):
        return _read_union(typing.get_args(wanted), value)
    if origin is tuple:
        return tuple(_read(typing.get_args(wanted)[0], item) for item in value)
    if origin is not None:
        _, inner = typing.get_args(wanted) or (str, Any)
        return {key: _read(inner, item) for key, item in dict(value).items()}
    if wanted is Any:
        return value
    if wanted is datetime:
        return parse_time(value)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = typing.get_type_hints(wanted)
        names = {field.name for field in fields(wanted)}
        return wanted(**{name: _read(hints[name], item) for name, item in value.items() if name in names})
    if wanted in (str, int, bool) and not isinstance(value, wanted):
        raise TypeError(f"{value!r} is not {wanted}")
    return value


def _read_union(choices: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    chosen = next(choice for choice in choices if choice is not type(None))
    return _read(chosen, value)
