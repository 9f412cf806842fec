"""Answers about certificates signed ahead, levels of closed documents, and closings that wait for a time stamp."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class OcspAnswer(Base):
    """The newest answer about one certificate, signed by the worker before anybody asks."""

    __tablename__ = "ocsp_answer"

    #: Serial number (lower-case hex) and the digest by which a request names the issuer: sha1 or sha256.
    serial: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: The generation of the issuing authority, and the responder's certificate.
    issuer: Mapped[str] = mapped_column(String(20))
    responder_sha256: Mapped[str] = mapped_column(String(64), index=True)
    #: The signed answer (DER) and the span in which it may be believed.
    der: Mapped[bytes] = mapped_column(LargeBinary)
    this_update: Mapped[datetime] = mapped_column(UtcDateTime())
    next_update: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


class DocumentLevel(Base):
    """What a closed revision was meant to reach, and what was read back from the file."""

    __tablename__ = "document_level"

    #: The closed (or renewed) revision.
    revision_id: Mapped[str] = mapped_column(ForeignKey("document_revision.id"), primary_key=True)
    #: B-B, B-T, B-LT or B-LTA: asked for, and the lowest of those that were reached.
    requested: Mapped[str] = mapped_column(String(10))
    achieved: Mapped[str] = mapped_column(String(10))
    #: Field → level, read from the file.
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Who made the last document time stamp, and when its certificate ends: it is renewed before.
    authority: Mapped[str] = mapped_column(Text)
    stamp_ends_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)


class PendingClosing(Base):
    """A signed document that could not be closed yet; it is tried again, less and less often."""

    __tablename__ = "pending_closing"

    #: Which agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    #: Since when, how often it was tried, and when it is tried next.
    since: Mapped[datetime] = mapped_column(UtcDateTime())
    tries: Mapped[int] = mapped_column()
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Code of the last error.
    reason: Mapped[str] = mapped_column(String(80))
