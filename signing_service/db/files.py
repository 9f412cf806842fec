"""Immutable bytes addressed by their SHA-256, kept as rows of the database.

Putting the same bytes twice keeps one row, also when two do so at once; nothing is ever changed in place. Another home
for the bytes (a folder, an object store) would offer the same functions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from signing_service.db.inserts import insert_new
from signing_service.db.models.files import StoredFile


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


def put_all(session: Session, several: Iterable[bytes], media_type: str) -> None:
    """Keep each of them."""
    by_hash = {hashlib.sha256(data).hexdigest(): data for data in several}
    values = [
        {"sha256": sha256, "size": len(data), "media_type": media_type, "data": data}
        for sha256, data in sorted(
            by_hash.items()
        )  # in one order, so that two writers wait and do not lock each other out
    ]
    insert_new(session, StoredFile, values)


def get(session: Session, sha256: str) -> bytes:
    """The bytes of that digest; raises `FileMissing`."""
    row = session.get(StoredFile, sha256)
    if row is None:
        raise FileMissing(sha256)
    return row.data


def get_all(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """The bytes of each of those digests; raises `FileMissing`."""
    wanted = set(digests)
    rows = session.execute(select(StoredFile.sha256, StoredFile.data).where(StoredFile.sha256.in_(wanted)))
    found = dict(rows.all())
    if wanted - found.keys():
        raise FileMissing(min(wanted - found.keys()))
    return found
