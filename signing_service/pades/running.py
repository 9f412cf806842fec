"""Running SHA-256 states of document revisions, kept by the process that made or hashed them.

A digest over a long file and a short tail needs only the state after the file. A state cannot be stored, so another
process, or this one after a restart, hashes the bytes once. A state is found by the digest it stands at: it can
never be that of other bytes.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Protocol

KEPT = 4096
"""States kept, about half a kilobyte each."""


class Running(Protocol):
    """A SHA-256 over what was read so far; nobody updates one that is shared, only a copy."""

    def copy(self) -> Running: ...

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...

    def hexdigest(self) -> str: ...


class RunningDigests:
    """States by the digest at which they stand. Safe to share between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._states: OrderedDict[str, Running] = OrderedDict()
        self._lock = Lock()

    def at(self, sha256: str) -> Running | None:
        """The state that stands at this digest, if it is known here; to be copied before it goes on."""
        with self._lock:
            found = self._states.get(sha256)
            if found is not None:
                self._states.move_to_end(sha256)
            return found

    def keep(self, state: Running) -> None:
        """Remember a state that nobody will update any more."""
        with self._lock:
            self._states[state.hexdigest()] = state
            while len(self._states) > self._kept:
                self._states.popitem(last=False)


def over(data: bytes) -> Running:
    """The state after these bytes."""
    return hashlib.sha256(data)
