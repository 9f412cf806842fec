"""Counters of requests in the memory of one process, for the limits in `security`.

The library starts a timer to forget old counts whenever it finds it at rest. Two requests at the same moment may both
find it so, and the second start of one timer is an error: a page would fail now and then.
"""

from threading import Lock

from limits.storage import MemoryStorage


class Counters(MemoryStorage):
    """As of the library, the timer started by one at a time; `counters://` where a storage is named."""

    STORAGE_SCHEME = ["counters"]  # noqa: RUF012  # of its form

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        self._starting = Lock()
        super().__init__(uri, wrap_exceptions, **options)

    def _MemoryStorage__schedule_expiry(self) -> None:  # the library's own name for it
        with self._starting:
            super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]  # private there
