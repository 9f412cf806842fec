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

from keys.errors import KeyringExists
from keys.software import write_file


def create_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Create `folder` (mode 700) with these files (mode 600). Raises `KeyringExists` when it holds anything already."""
    parent = folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    with _only_one(parent):
        if folder.exists() and any(folder.iterdir()):
            raise KeyringExists
        _sweep(folder)
        making = parent / f"{_prefix(folder)}{secrets.token_hex(8)}"
        try:
            making.mkdir(mode=0o700)
            for name, content in files.items():
                write_file(making / name, content)
            sync_folder(making)
            making.rename(folder)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        sync_folder(parent)


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace single files of the folder, each atomically. The order given is the order in which they appear."""
    with _only_one(folder):
        for name, content in files.items():
            making = folder / f".{name}.{secrets.token_hex(8)}"
            try:
                write_file(making, content)
                making.replace(folder / name)
            except BaseException:
                making.unlink(missing_ok=True)
                raise
        sync_folder(folder)


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
