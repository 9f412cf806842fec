"""DER read strictly and fast, for what is nearly always plain: definite lengths in the shortest form, tags of one byte.

Whatever is not exactly that raises NotPlain, and the caller asks the general reader instead (X.690 clause 10).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

SEQUENCE, SET, INTEGER, OCTETS, IDENTIFIER, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1
UTC_TIME, GENERAL_TIME = 0x17, 0x18


_new = tuple.__new__  # a named tuple's own is a function call more

P = ParamSpec("P")
T = TypeVar("T")


class NotPlain(Exception):
    """Not written in the one way that is read here; nothing is said about whether it is right."""


if_plain = suppress(NotPlain)
"""What is within is done if it can be read plainly; made once, because it stands around nearly everything."""

_nothing = ContextVar("nothing is plain", default=False)


@contextmanager
def nothing_is_plain() -> Iterator[None]:
    """Within this block everything is left to the general readers and rules."""
    token = _nothing.set(True)
    try:
        yield
    finally:
        _nothing.reset(token)


def plainly(function: Callable[P, T]) -> Callable[P, T]:
    """A reader of the form it expects: where a part is missing or has another shape, that is NotPlain too."""

    @wraps(function)
    def read_plainly(*args: P.args, **kwargs: P.kwargs) -> T:
        if _nothing.get():
            raise NotPlain("nothing is plain")
        try:
            return function(*args, **kwargs)
        except (IndexError, ValueError) as cause:
            raise NotPlain(type(cause).__name__) from cause

    return read_plainly


class Value(NamedTuple):
    """One value inside `data`: its tag, where it begins, where its content begins, where it ends."""

    data: bytes
    tag: int
    start: int
    inside: int
    end: int

    @property
    def content(self) -> bytes:
        data, _, _, inside, end = self
        return data[inside:end]

    @property
    def whole(self) -> bytes:
        data, _, start, _, end = self
        return data[start:end]

    def values(self) -> list["Value"]:
        """The values inside, which must fill it exactly."""
        data, _, _, start, end = self
        found: list[Value] = []
        while start < end:
            inside = start + 2
            if inside <= end and (length := data[start + 1]) < 0x80 and (tag := data[start]) & 0x1F != 0x1F:
                stop = inside + length  # as `one` reads it, which this loop would else call for every small value
                if stop > end:
                    raise NotPlain("cut off")
                found.append(_new(Value, (data, tag, start, inside, stop)))
            else:
                found.append(one(data, start, end))
                stop = found[-1].end
            start = stop
        return found

    def of(self, tag: int) -> "Value":
        """This value, if it has that tag."""
        if self.tag != tag:
            raise NotPlain(f"tag {self.tag:#x} instead of {tag:#x}")
        return self


def one(data: bytes, start: int, end: int) -> Value:
    """The value that begins at `start` and ends at or before `end`."""
    if end - start < 2:
        raise NotPlain("cut off")
    tag, length, inside = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F:
        raise NotPlain("long tag")
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or end - inside < count:
            raise NotPlain("length")
        length = int.from_bytes(data[inside : inside + count], "big")
        if length < 0x80 or (count > 1 and length >> (8 * (count - 1)) == 0):
            raise NotPlain("length not in the shortest form")
        inside += count
    if length > end - inside:
        raise NotPlain("cut off")
    return Value(data, tag, start, inside, inside + length)


def members(value: Value, *tags: int) -> list[Value]:
    """The values inside, whose tags must be exactly these."""
    found = value.values()
    if tuple([item[1] for item in found]) != tags:
        raise NotPlain("other members")
    return found


def moment(value: Value) -> datetime:
    """UTCTime and GeneralizedTime in the forms of RFC 5280 clause 4.1.2.5."""
    text = value.content
    if value.tag == UTC_TIME and len(text) == 13:
        text = (b"20" if text < b"50" else b"19") + text
    elif value.tag != GENERAL_TIME:
        raise NotPlain("time")
    if len(text) != 15 or text[-1:] != b"Z" or not text[:-1].isdigit():
        raise NotPlain("time")
    try:
        year, rest = int(text[:4]), [int(text[place : place + 2]) for place in range(4, 14, 2)]
        return datetime(year, rest[0], rest[1], rest[2], rest[3], rest[4], tzinfo=UTC)
    except ValueError as cause:
        raise NotPlain("time") from cause
