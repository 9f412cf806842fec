"""The document revisions that signatures may continue: skeleton and running digest, kept by the process.

A base is found by the digest at which its running state stands, so it can never be that of other bytes. `read` makes
one from a whole file; `grown` from the base before and what was appended, without touching the file again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from signing_service.pades import skeleton
from signing_service.pades.document import Document
from signing_service.pades.errors import BaseChanged
from signing_service.pades.running import Running, over
from signing_service.pades.skeleton import Layout, Skeleton

KEPT = 1024
"""Bases kept in a process: a few hundred bytes each, their layouts shared."""


@dataclass(frozen=True, slots=True)
class Base:
    """One revision. The running digest is copied before it goes on, never updated."""

    skeleton: Skeleton
    running: Running

    @property
    def sha256(self) -> str:
        """Of the whole file."""
        return self.running.hexdigest()

    def grown(self, tail: bytes, field: str) -> Base:
        """The base after `tail` was appended, which fills `field`. Raises `UnreadableDocument`."""
        running = self.running.copy()
        running.update(tail)
        return Base(self.skeleton.grown(tail, field), running)


def read(pdf: bytes) -> Base:
    """The base of a whole file, read strictly. Raises `UnreadableDocument` or `TrailingBytes`."""
    return Base(skeleton.read(Document(pdf)), over(pdf))


def restored(pdf: bytes, kept: Mapping[str, Any], layout: Layout) -> Base:
    """The base of a file from the skeleton that was kept for it: hashed, not parsed.

    Raises `BaseChanged` unless the file ends where and as its skeleton says.
    """
    bones = skeleton.of_plain(kept, layout)
    end = b"startxref\n%d\n%%%%EOF\n" % bones.startxref
    if len(pdf) != bones.length or not pdf.endswith(end) or not pdf.startswith(b"xref\n", bones.startxref):
        raise BaseChanged()
    return Base(bones, over(pdf))


class Bases:
    """What this process knows. Safe to share between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._bases: OrderedDict[str, Base] = OrderedDict()
        self._lock = Lock()

    def at(self, sha256: str) -> Base | None:
        """The base of that digest, if it is known here."""
        with self._lock:
            found = self._bases.get(sha256)
            if found is not None:
                self._bases.move_to_end(sha256)
            return found

    def keep(self, base: Base) -> None:
        """Remember a base; the oldest make room."""
        with self._lock:
            self._bases[base.sha256] = base
            while len(self._bases) > self._kept:
                self._bases.popitem(last=False)

    def forget(self) -> None:
        """Know nothing any more, as after a start."""
        with self._lock:
            self._bases.clear()
