"""Immutable bytes."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base


class StoredFile(Base):
    """Bytes addressed by their SHA-256; never updated.

    What continues other bytes keeps only the part after them: a document of 64 signatures is one file and 64 tails.
    """

    __tablename__ = "stored_file"

    #: SHA-256 of the whole, lower-case hex.
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Length of the whole in bytes.
    size: Mapped[int] = mapped_column(BigInteger)
    #: Internet media type, e.g. application/pdf.
    media_type: Mapped[str] = mapped_column(String(100))
    #: The bytes themselves, or those after the bytes of `base_sha256`.
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=False)
    #: The bytes that come before; empty when `data` is the whole.
    base_sha256: Mapped[str | None] = mapped_column(String(64))
