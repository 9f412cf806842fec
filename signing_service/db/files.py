"""Immutable bytes addressed by their SHA-256, kept as rows of the database.

Putting the same bytes twice keeps one row, also when two do so at once; nothing is ever changed in place. Bytes that
continue others are kept as what comes after them, so that a long document is not written again for each signature.
Another home for the bytes (a folder, an object store) would offer the same functions.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from signing_service.db import statements
from signing_service.db.inserts import insert_new
from signing_service.db.models.files import StoredFile
from signing_service.db.types import as_bytes


class FileMissing(Exception):
    """A row names bytes that are not there: the database was damaged or restored in part."""


def has(session: Session, sha256: str) -> bool:
    """Whether the bytes of that digest are kept."""
    return session.scalar(select(StoredFile.size).where(StoredFile.sha256 == sha256)) is not None


def put(session: Session, data: bytes, media_type: str) -> str:
    """Keep `data`; returns its SHA-256 in lower-case hex."""
    sha256 = hashlib.sha256(data).hexdigest()
    if session.get(StoredFile, sha256) is None:
        put_all(session, [data], media_type)
    return sha256


def put_after(connection: Connection, base_sha256: str, tail: bytes, sha256: str, size: int, media_type: str) -> None:
    """Keep bytes that continue others: only `tail` is written. `sha256` and `size` are those of the whole, which the
    caller has computed over base and tail; `get` computes the digest again."""
    values = (sha256, size, media_type, tail, base_sha256)
    statements.execute(connection, _PUT_AFTER, values)


_PUT_AFTER = (
    "INSERT INTO stored_file (sha256, size, media_type, data, base_sha256) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (sha256) DO NOTHING"
)


def put_all(session: Session, several: Iterable[bytes], media_type: str) -> None:
    """Keep each of them."""
    by_hash = {hashlib.sha256(data).hexdigest(): data for data in several}
    values = [
        {"sha256": sha256, "size": len(data), "media_type": media_type, "data": data, "base_sha256": None}
        for sha256, data in sorted(
            by_hash.items()
        )  # in one order, so that two writers wait and do not lock each other out
    ]
    insert_new(session, StoredFile, values)


def get(session: Session, sha256: str) -> bytes:
    """The bytes of that digest; raises `FileMissing`."""
    parts: list[bytes] = []
    wanted: str | None = sha256
    while wanted is not None:
        whole = _JOINED.get(wanted)
        if whole is not None:
            parts.append(whole)
            break
        row = session.get(StoredFile, wanted)
        if row is None:
            raise FileMissing(wanted)
        parts.append(row.data)
        wanted = row.base_sha256
    return parts[0] if len(parts) == 1 else _joined(sha256, parts)


def get_after(connection: Connection, sha256: str, position: int) -> bytes:
    """The bytes of that digest from `position` on; raises `FileMissing`.

    Only the tails that hold them are read, so the digest of the whole is not computed here: whoever has the beginning
    computes it over both parts.
    """
    parts = statements.rows(connection, _PARTS_AFTER, sha256, position)
    if not parts:
        raise FileMissing(sha256)
    joined = b"".join(as_bytes(data) for data, _ in reversed(parts))
    beginning = int(parts[0][1]) - len(joined)
    if beginning > max(position, 0):
        raise FileMissing(sha256)
    return joined[max(position - beginning, 0) :]


# The newest part first, then the one before each part that begins behind the position.
_PARTS_AFTER = """
WITH RECURSIVE part (place, base_sha256, data, size) AS (
  SELECT 0, base_sha256, data, size FROM stored_file WHERE sha256 = ?
  UNION ALL
  SELECT part.place + 1, f.base_sha256, f.data, f.size
  FROM part JOIN stored_file f ON f.sha256 = part.base_sha256 WHERE part.size - length(part.data) > ?
)
SELECT data, size FROM part ORDER BY place
"""


def _joined(sha256: str, parts: list[bytes]) -> bytes:
    """The whole out of its parts, the last one first; remembered once its digest was seen to be right."""
    whole = b"".join(reversed(parts))
    if hashlib.sha256(whole).hexdigest() != sha256:
        raise FileMissing(sha256)
    _JOINED.keep(sha256, whole)
    return whole


class _Joined:
    """Files put together lately: some megabytes per process, safe to share between threads."""

    LIMIT = 64 << 20

    def __init__(self) -> None:
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, sha256: str) -> bytes | None:
        """The bytes, if they were put together before."""
        return self._files.get(sha256)

    def keep(self, sha256: str, whole: bytes) -> None:
        """Remember bytes whose digest was checked; the oldest make room."""
        with self._lock:
            if sha256 in self._files or len(whole) > self.LIMIT:
                return
            self._files[sha256] = whole
            self._size += len(whole)
            while self._size > self.LIMIT:
                self._size -= len(self._files.popitem(last=False)[1])


_JOINED = _Joined()


def get_all(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each of those digests; raises `FileMissing`."""
    wanted = set(digests)
    columns = select(StoredFile.sha256, StoredFile.data, StoredFile.base_sha256)
    rows = session.execute(columns.where(StoredFile.sha256.in_(wanted))).all()
    found = {sha256: get(session, sha256) if base else data for sha256, data, base in rows}
    if wanted - found.keys():
        raise FileMissing(min(wanted - found.keys()))
    return found
