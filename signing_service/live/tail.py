"""One reader per process that notices when the log grows, and wakes every stream of that process.

The database is asked a few times a second by one thread, however many streams there are.
"""

from __future__ import annotations

import threading
from typing import ClassVar

import structlog

from signing_service.operations import events
from signing_service.permissions import SYSTEM
from signing_service.services import Services

POLL_SECONDS = 0.2
log = structlog.get_logger("live")


class Tail:
    """Counts the times the log grew; streams wait for the count to change."""

    _known: ClassVar[dict[threading.Event, Tail]] = {}
    _lock: ClassVar[threading.RLock] = threading.RLock()

    def __init__(self, services: Services) -> None:
        self.generation = 0
        self.stopping = False
        self._services = services
        self._changed = threading.Condition()
        threading.Thread(target=self._follow, name="log-tail", daemon=True).start()

    @classmethod
    def of(cls, services: Services) -> Tail:
        """The tail of these services, started on first use."""
        with cls._lock:
            if services.wake not in cls._known:
                cls._known[services.wake] = cls(services)
            return cls._known[services.wake]

    @classmethod
    def stop_all(cls) -> None:
        """Let every stream of this process end, so that the process can."""
        with cls._lock:
            for tail in list(cls._known.values()):
                tail.stopping = True
                tail._notify()
            cls._known.clear()

    def wait(self, seen: int, seconds: float) -> bool:
        """Wait until the log has grown past `seen`; False when `seconds` passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: self.generation != seen or self.stopping, seconds)

    def _follow(self) -> None:
        size = -1
        pause = threading.Event()
        while not self.stopping:
            try:
                now = events.log_size(self._services, SYSTEM)
            except Exception:  # a follower that died would silently leave every screen behind
                log.exception("the log could not be followed and is asked again")
                now = size
            if now != size:
                size = now
                self._notify()
            pause.wait(POLL_SECONDS)

    def _notify(self) -> None:
        with self._changed:
            self.generation += 1
            self._changed.notify_all()
