"""Digests over many byte ranges of one file in one pass: all begin at its start, so each goes on where another was."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

SHAKE_BYTES = {"shake128": 32, "shake256": 64}  # RFC 8702 clause 3.1: how much of the output is the digest


def new_digest(algorithm: str) -> Any:
    """An empty digest; raises ValueError for an unknown algorithm."""
    return hashlib.new(algorithm.replace("ripemd_160", "ripemd160"), usedforsecurity=False)


def finished(state: Any, algorithm: str) -> bytes:
    """The digest that a state has come to."""
    length = SHAKE_BYTES.get(algorithm)
    digest: bytes = state.digest() if length is None else state.digest(length)
    return digest


class RunningDigest:
    """The states of digests over the beginnings of one file; a state is copied before it goes on."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = memoryview(pdf)
        self._states: dict[str, tuple[list[int], list[Any]]] = {}

    def goes_on(self, length: int, algorithm: str, state: Any) -> None:
        """`state` is that of the digest over exactly the first `length` bytes; it is not changed."""
        self._states[algorithm] = ([length], [state.copy()])

    def of_beginning(self, length: int) -> str:
        """The SHA-256 of the first `length` bytes, in hexadecimal."""
        return str(self._beginning(length, "sha256").hexdigest())

    def over(self, start: int, gap: tuple[int, int], end: int, algorithm: str) -> bytes:
        """Of what lies from `start` to `end` but for the gap. Raises ValueError for an unknown algorithm."""
        state = self._beginning(gap[0], algorithm) if start == 0 else new_digest(algorithm)
        if start:
            state.update(self._pdf[start : gap[0]])
        state.update(self._pdf[gap[1] : end])
        return finished(state, algorithm)

    def _beginning(self, length: int, algorithm: str) -> Any:
        """The state after the first `length` bytes, ready to go on."""
        lengths, states = self._states.setdefault(algorithm, ([], []))
        place = bisect_right(lengths, length)
        done = lengths[place - 1] if place else 0
        state = states[place - 1].copy() if place else new_digest(algorithm)
        if done < length:
            state.update(self._pdf[done:length])
            lengths.insert(place, length)
            states.insert(place, state.copy())
        return state


class SignedParts:
    """The two signed parts of a file; iterated they are bytes, their digest is taken from the running one."""

    def __init__(self, pdf: bytes, first: int, gap: tuple[int, int], end: int, running: RunningDigest) -> None:
        self._pdf, self._first, self._gap, self._end, self._running = pdf, first, gap, end, running

    def __iter__(self) -> Iterator[bytes]:
        yield self._pdf[self._first : self._gap[0]]
        yield self._pdf[self._gap[1] : self._end]

    def digest(self, algorithm: str) -> bytes:
        """Raises ValueError for an unknown algorithm."""
        return self._running.over(self._first, self._gap, self._end, algorithm)
