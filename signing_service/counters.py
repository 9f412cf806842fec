"""Counters of requests in the memory of one process, for the limits in `security`.

The library starts a timer to forget old counts whenever it finds it at rest. Two requests at the same moment may both
find it so, and the second start of one timer is an error: a page would fail now and then.
"""

from threading import Lock

from limits.storage import MemoryStorage


class Counters(MemoryStorage):
    """As of the library, one count at a time; `counters://` where a storage is named."""

    STORAGE_SCHEME = ["counters"]  # noqa: RUF012  # the library wants a list

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        self._counting = Lock()
        super().__init__(uri, wrap_exceptions, **options)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """The count of `key` with `amount` more; it is forgotten after `expiry` seconds."""
        with self._counting:
            return super().incr(key, expiry, amount)
