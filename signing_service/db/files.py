"""Immutable bytes addressed by their SHA-256, kept as rows of the database.

Putting the same bytes twice keeps one row; nothing is ever changed in place. Another home for the bytes (a folder,
an object store) would offer the same two functions.
"""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from signing_service.db.models.files import StoredFile


class FileMissing(Exception):
    """A row names bytes that are not there: the database was damaged or restored in part."""


def put(session: Session, data: bytes, media_type: str) -> str:
    """Keep `data`; returns its SHA-256 in lower-case hex."""
    sha256 = hashlib.sha256(data).hexdigest()
    if session.get(StoredFile, sha256) is None:
        session.add(StoredFile(sha256=sha256, size=len(data), media_type=media_type, data=data))
        session.flush()
    return sha256


def get(session: Session, sha256: str) -> bytes:
    """The bytes of that digest; raises `FileMissing`."""
    row = session.get(StoredFile, sha256)
    if row is None:
        raise FileMissing(sha256)
    return row.data
