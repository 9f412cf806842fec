"""Turns, the queue for them, and signature attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class TurnRequest(Base):
    """A signatory waiting for (or holding) the turn to sign, in arrival order."""

    __tablename__ = "turn_request"
    __table_args__ = (UniqueConstraint("agreement_id", "signatory_id"),)

    #: Arrival order.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    #: Where and who.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"))
    #: Last time the browser asked; one that stopped asking is passed over.
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Until when the turn is theirs; empty while waiting.
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: The attempt the lease belongs to.
    attempt_id: Mapped[str | None] = mapped_column(String(40))


class SignatureAttempt(Base):
    """What was prepared for one signature, as plain data, so that another process can complete it."""

    __tablename__ = "signature_attempt"

    #: Opaque id, `att_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Where and who.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), index=True)
    #: Made by the client; the same key always means the same command.
    command_key: Mapped[str] = mapped_column(String(80), index=True)
    #: prepared, completed, failed or expired.
    state: Mapped[str] = mapped_column(String(20))
    #: The revision it continues.
    base_revision: Mapped[int] = mapped_column()
    base_sha256: Mapped[str] = mapped_column(String(64))
    base_length: Mapped[int] = mapped_column(BigInteger)
    #: Bytes to append to the base: the signature revision with an empty Contents.
    tail: Mapped[bytes] = mapped_column(LargeBinary)
    #: Offsets of the gap in the whole file.
    reserved_start: Mapped[int] = mapped_column(BigInteger)
    reserved_end: Mapped[int] = mapped_column(BigInteger)
    #: SHA-256 over both byte ranges, and the DER of the signed attributes.
    document_digest: Mapped[bytes] = mapped_column(LargeBinary)
    signed_attributes: Mapped[bytes] = mapped_column(LargeBinary)
    #: Certificate and consent it stands on.
    certificate_serial: Mapped[str] = mapped_column(ForeignKey("certificate.serial"))
    consent_id: Mapped[str] = mapped_column(ForeignKey("consent.id"))
    #: Times.
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: The revision that came of it, and the log entry.
    result_revision: Mapped[int | None] = mapped_column()
    log_index: Mapped[int | None] = mapped_column(BigInteger)
