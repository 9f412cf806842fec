"""The high-water mark: the newest checkpoint that was signed, kept in a file outside the database.

It exists for one case: an old copy of the database is put back. Then the file says that more had been signed, and
`publish` refuses to sign again before anybody sees two histories. The file is written before a checkpoint is shown.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from signing_service.audit.checkpoint import SignedCheckpoint, parse_signed
from signing_service.audit.errors import AuditError, HighWaterUnreadable, LogForked
from signing_service.audit.note import VerifierKey


class HighWaterMark:
    """The mark of one log: one file per origin in a folder that no backup of the database touches.

    Several processes of one machine may share it; several machines share the folder or have one each.
    """

    def __init__(self, folder: Path, origin: str) -> None:
        self.path = folder / (re.sub(r"[^A-Za-z0-9.-]", "_", origin) + ".checkpoint")

    def read(self, known: Iterable[VerifierKey]) -> SignedCheckpoint | None:
        """Return the mark, or None when there is none. Raises `HighWaterUnreadable` when it is not to be believed."""
        try:
            note = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise HighWaterUnreadable(where=self.path, reason=error.strerror) from error
        try:
            return parse_signed(note, known)
        except AuditError as error:
            raise HighWaterUnreadable(where=self.path, reason=error) from error

    def advance(self, signed: SignedCheckpoint) -> bool:
        """Raise the mark to a checkpoint that was just signed; durable when this returns True.

        Returns False when another process has raised it further meanwhile. Raises `LogForked` when the mark names
        another root for the same size. In both cases the checkpoint must not be shown to anybody.
        """
        with self._alone():
            mark = self.read([signed.verifier])
            if mark is not None and mark.size > signed.size:
                return False
            if mark is not None and mark.size == signed.size and mark.root != signed.root:
                raise LogForked(signed_size=mark.size, where=self.path)
            if mark is None or mark.size < signed.size:
                self._write(signed.text().encode())
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise HighWaterUnreadable(where=self.path, reason=error.strerror) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _write(self, note: bytes) -> None:
        """Replace the file in one step: a power cut leaves the old mark or the new one."""
        fresh = self.path.with_suffix(".new")
        try:
            with fresh.open("wb") as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise HighWaterUnreadable(where=self.path, reason=error.strerror) from error
