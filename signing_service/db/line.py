"""A line of threads: whoever came first is served first, and nobody asks twice.

What a lock of Python does not promise: a thread that leaves hands over to the one that has waited longest, and cannot
come in again before it.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from types import TracebackType


class Line:
    """A lock with an order. Use it with `with`; a thread that is inside must not enter again."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: deque[Lock] = deque()
        self._guard = Lock()

    def __enter__(self) -> Line:
        with self._guard:
            if not self._taken:
                self._taken = True
                return self
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()  # until the one before hands over
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
