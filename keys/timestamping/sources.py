"""Where time stamp tokens come from: one contract, the in-process source, and several sources in order.

A source gives a token over a SHA-256 digest or raises from the `TimestampError` tree; it never waits without end.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol, runtime_checkable

from keys.errors import TimestampError, TimestampUnavailable
from keys.timestamping.authority import BuiltInAuthority

REST_SECONDS = 60.0
"""A source that failed is asked last for this long, so that one dead authority does not slow every signature."""


FOREIGN_TOKEN_BYTES = 7168
"""What is allowed for a token of another authority with its chain: public ones take 3 to 6.5 kB."""


@runtime_checkable
class TimestampSource(Protocol):
    """Gives time stamp tokens. `name` stands in logs and reports."""

    @property
    def name(self) -> str: ...

    def token(self, sha256_imprint: bytes) -> bytes:
        """A checked token (ContentInfo, DER) over a SHA-256 digest of 32 bytes; raises `TimestampError`."""
        ...


class InProcessAuthority:
    """The built-in authority without a network between: nothing can be exchanged on the way, so no nonce is needed."""

    def __init__(self, authority: BuiltInAuthority) -> None:
        self._authority = authority
        self.name = authority.name

    def token(self, sha256_imprint: bytes) -> bytes:
        return self._authority.token(sha256_imprint)

    @property
    def longest_token(self) -> int:
        """Bytes that no token exceeds."""
        return self._authority.longest_token


def longest_token(source: TimestampSource) -> int:
    """Bytes to set aside for a token: what our own authority writes is known, others may answer with more."""
    return source.longest_token if isinstance(source, InProcessAuthority) else FOREIGN_TOKEN_BYTES


class AuthoritiesInOrder:
    """Asks each source in the order of preference until one gives a token. Safe to share between threads."""

    name = "in order"

    def __init__(
        self,
        sources: Sequence[TimestampSource],
        *,
        rest_seconds: float = REST_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = tuple(sources)
        self._rest = rest_seconds
        self._seconds = seconds
        self._failed_at: dict[int, float] = {}
        self._lock = Lock()

    def token(self, sha256_imprint: bytes) -> bytes:
        """A token of the first source that has one; raises `TimestampUnavailable` naming why each had none."""
        reasons: list[str] = []
        last: TimestampError | None = None
        for number in self._order():
            source = self._sources[number]
            try:
                token = source.token(sha256_imprint)
            except TimestampError as error:
                last = error
                reasons.append(f"{source.name}: {error}")
                self._note(number, failed=True)
                continue
            self._note(number, failed=False)
            return token
        raise TimestampUnavailable(reasons="; ".join(reasons) or "none is set up") from last

    @property
    def sources(self) -> tuple[TimestampSource, ...]:
        """In the order of preference."""
        return self._sources

    def resting(self) -> tuple[str, ...]:
        """The names of the sources that failed lately, for a health page."""
        now = self._seconds()
        with self._lock:
            return tuple(
                self._sources[number].name
                for number, failed in sorted(self._failed_at.items())
                if now - failed < self._rest
            )

    def _order(self) -> list[int]:
        now = self._seconds()
        with self._lock:
            tired = {number for number, failed in self._failed_at.items() if now - failed < self._rest}
        return sorted(range(len(self._sources)), key=lambda number: (number in tired, number))

    def _note(self, number: int, *, failed: bool) -> None:
        with self._lock:
            if failed:
                self._failed_at[number] = self._seconds()
            else:
                self._failed_at.pop(number, None)
