"""The running SHA-256 of a document revision.

A digest over a long file and a short tail needs only the state after the file. A state cannot be stored, so another
process, or this one after a restart, hashes the bytes once. Where states are kept is the business of `bases`.
"""

from __future__ import annotations

import hashlib
from typing import Protocol


class Running(Protocol):
    """A SHA-256 over what was read so far; nobody updates one that is shared, only a copy."""

    def copy(self) -> Running: ...

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...

    def hexdigest(self) -> str: ...


def over(data: bytes) -> Running:
    """The state after these bytes."""
    return hashlib.sha256(data)
