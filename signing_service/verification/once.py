"""Answers that stay the same within one report, worked out once: facts of a certificate, what a list says of it.

Nothing outlives its report, so nothing that one file says is remembered when the next one is judged. What the bytes
of a certificate or a list alone decide may be taken on to the next report by a caller who brings the same ones again.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")

Facts = Mapping[Any, Mapping[Any, Any]]
"""Answers by function and key."""

_lasting: set[Any] = set()
_known: ContextVar[dict[Any, Any] | None] = ContextVar("known within this report", default=None)


@contextmanager
def one_report(before: Facts = MappingProxyType({})) -> Iterator[None]:
    """Within this block `once` remembers, beside what it was told `before`; afterwards everything is forgotten."""
    token = _known.set({function: dict(answers) for function, answers in before.items()})
    try:
        yield
    finally:
        _known.reset(token)


def facts_about(items: Set[bytes]) -> Facts:
    """What was worked out so far within this report about these bytes alone, by functions that are `lasting`."""
    known = _known.get() or {}
    return {
        function: {key: held for key, held in answers.items() if _is_about(key, items)}
        for function, answers in known.items()
        if function in _lasting
    }


def _is_about(key: object, items: Set[bytes]) -> bool:
    return all(one in items for one in key) if isinstance(key, tuple) else key in items


def lasting(function: Callable[P, T]) -> Callable[P, T]:
    """Marks a function under `once`: its keys are bytes, or tuples of them, which alone decide its answers, and these
    are never changed."""
    _lasting.add(function)
    return function


def once(key: Callable[..., object]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A pure function asked once per `key` of its arguments, given by place; an error is raised anew each time.

    The arguments are kept as long as the answer, so a key may be their `id`.
    """

    def wrap(function: Callable[..., T]) -> Callable[..., T]:
        if key is id:
            return _once_by_id(function)

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


def _once_by_id(function: Callable[[K], T]) -> Callable[[K], T]:
    """The same for a function of one thing that is known by its id, as most are: half as long."""

    @wraps(function)
    def asked(thing: K) -> T:
        known = _known.get()
        if known is None:
            return function(thing)
        answers = known.get(function)
        if answers is None:
            answers = known[function] = {}
        held = answers.get(id(thing))
        if held is None:
            held = answers[id(thing)] = (function(thing), thing)
        found: T = held[0]
        return found

    return asked


def once_each(function: Callable[[K], T]) -> Callable[[K], T]:
    """The same for a function of one value, which is its own key."""

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
