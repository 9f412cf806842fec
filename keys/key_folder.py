"""A folder that appears whole or not at all: files are written beside it, flushed, and renamed into place at once.

A kill in the middle leaves a hidden half-made folder that is never opened and is swept by the next attempt. Needs a
POSIX file system; the folder itself must not be a mount point.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from keys.errors import KeyringExists, KeyringUnwritable
from keys.software import write_file


def create_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Create `folder` (mode 700) with these files (mode 600).

    Raises `KeyringExists` when it holds anything already, `KeyringUnwritable` when the system refuses.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(folder.parent):
            if folder.exists() and any(folder.iterdir()):
                raise KeyringExists
            _sweep(folder)
            _make(folder, files)
    except OSError as error:
        raise KeyringUnwritable(reason=error.strerror) from error


def _make(folder: Path, files: Mapping[str, bytes]) -> None:
    making = folder.parent / f"{_prefix(folder)}{secrets.token_hex(8)}"
    try:
        making.mkdir(mode=0o700)
        for name, content in files.items():
            write_file(making / name, content)
        sync_folder(making)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def replace_file(folder: Path, name: str, content: bytes) -> None:
    """Exchange one file of the folder atomically; raises `KeyringUnwritable`."""
    making = folder / f".{name}.{secrets.token_hex(8)}"
    try:
        with _only_one(folder):
            write_file(making, content)
            making.replace(folder / name)
            sync_folder(folder)
    except OSError as error:
        raise KeyringUnwritable(reason=error.strerror) from error
    finally:
        making.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it falls with the process, so a kill never leaves it behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what killed attempts left; the lock is held, so nobody is still writing there."""
    for left in folder.parent.glob(f"{_prefix(folder)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(folder: Path) -> str:
    return f".{folder.name}.making-"
