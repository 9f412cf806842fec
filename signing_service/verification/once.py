"""Answers that stay the same within one report, worked out once: facts of a certificate, what a list says of it.

Nothing outlives its report, so nothing that one file says is remembered when the next one is judged.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("known within this report", default=None)


@contextmanager
def one_report() -> Iterator[None]:
    """Within this block `once` remembers; afterwards everything is forgotten."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(key: Callable[..., object]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A pure function asked once per `key` of its arguments, given by place; an error is raised anew each time.

    The arguments are kept as long as the answer, so a key may be their `id`.
    """

    def wrap(function: Callable[..., T]) -> Callable[..., T]:
        @wraps(function)
        def asked(*args: Any) -> T:
            known = _known.get()
            if known is None:
                return function(*args)
            answers = known.get(function)
            if answers is None:
                answers = known[function] = {}
            wanted = key(*args)
            held = answers.get(wanted)
            if held is None:
                held = answers[wanted] = (function(*args), args)
            found: T = held[0]
            return found

        return asked

    return wrap


def once_each(function: Callable[[K], T]) -> Callable[[K], T]:
    """The same for a function of one value, which is its own key; most are, and this is half as long."""

    @wraps(function)
    def asked(value: K) -> T:
        known = _known.get()
        if known is None:
            return function(value)
        answers = known.get(function)
        if answers is None:
            answers = known[function] = {}
        held = answers.get(value)
        if held is None:
            held = answers[value] = (function(value),)
        found: T = held[0]
        return found

    return asked
