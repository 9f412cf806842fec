"""Rehearsals: their own rows from beginning to end, deleted when their time is over. Only fingerprints of keys stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Rehearsal(Base):
    """One rehearsal of a ceremony, with the copy that is practised on; at most one of a ceremony is running."""

    __tablename__ = "rehearsal"
    __table_args__ = (
        Index(
            "ix_rehearsal_running",
            "ceremony_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    #: Opaque id, `reh_…`; it stands in the copy.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: What is rehearsed.
    ceremony_id: Mapped[str] = mapped_column(ForeignKey("ceremony.id"), index=True)
    #: The marked copy (not among the documents of the agreement), its SHA-256 and number of pages.
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int] = mapped_column()
    #: When it began, until when it may run, and when it ended.
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class RehearsalSeat(Base):
    """How far one signatory has practised, and what was prepared for their practice signature."""

    __tablename__ = "rehearsal_seat"
    __table_args__ = (
        CheckConstraint("signed_at IS NULL OR certificate_der IS NOT NULL", name="signed_with_a_certificate"),
    )

    #: Which rehearsal, and who.
    rehearsal_id: Mapped[str] = mapped_column(ForeignKey("rehearsal.id", ondelete="CASCADE"), primary_key=True)
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), primary_key=True)
    #: Random challenge (base64) for the key test.
    challenge: Mapped[str] = mapped_column(String(60))
    #: When the page was opened, and the last sign of life.
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Page numbers (from 1) that were displayed.
    pages_read: Mapped[list[int]] = mapped_column(JSON)
    #: The certificate of the practice key (DER), from the authority of rehearsals.
    certificate_der: Mapped[bytes | None] = mapped_column(LargeBinary)
    spki_sha256: Mapped[str | None] = mapped_column(ForeignKey("rehearsal_key.spki_sha256"))
    #: The press: named by the client; what is appended to the copy; the gap; what is signed.
    command_key: Mapped[str | None] = mapped_column(String(80))
    tail: Mapped[bytes | None] = mapped_column(LargeBinary)
    reserved_start: Mapped[int | None] = mapped_column(BigInteger)
    reserved_end: Mapped[int | None] = mapped_column(BigInteger)
    document_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_attributes: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The finished copy, when, and the log's entry about it.
    signed_sha256: Mapped[str | None] = mapped_column(String(64))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    log_index: Mapped[int | None] = mapped_column(BigInteger)


class RehearsalKey(Base):
    """The fingerprint of a key that was certified for a rehearsal. Never deleted: such a key gets no real certificate,
    and a key with a real certificate does not come in here. Triggers of the database hold to both."""

    __tablename__ = "rehearsal_key"

    #: SHA-256 of its SubjectPublicKeyInfo, lower-case hex.
    spki_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
