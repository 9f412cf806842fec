"""Immutable bytes."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base


class StoredFile(Base):
    """Bytes addressed by their SHA-256; never updated."""

    __tablename__ = "stored_file"

    #: SHA-256 of `data`, lower-case hex.
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Length of `data` in bytes.
    size: Mapped[int] = mapped_column(BigInteger)
    #: Internet media type, e.g. application/pdf.
    media_type: Mapped[str] = mapped_column(String(100))
    #: The bytes themselves.
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=False)
