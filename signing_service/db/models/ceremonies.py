"""Ceremonies, their rounds and seats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Ceremony(Base):
    """A hosted signing of one agreement in front of an audience."""

    __tablename__ = "ceremony"

    #: Opaque id, `cer_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: What is signed. An aborted ceremony stays; the one planned last counts.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: Title per language.
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Who runs the show.
    host_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    #: When it was planned.
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When it begins, and the zone people think in.
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    zone: Mapped[str] = mapped_column(String(60))
    #: State of `signing_service.ceremonies.conduct`.
    state: Mapped[str] = mapped_column(String(20))
    #: Counts every change; commands carry it.
    row_version: Mapped[int] = mapped_column(default=1)
    #: State of the one round (waiting, open, signed) and its mode.
    round_state: Mapped[str] = mapped_column(String(20))
    round_mode: Mapped[str] = mapped_column(String(20))
    #: Whether signatories may draw a signature for their stamp.
    drawings: Mapped[bool] = mapped_column(default=True, server_default=false())


class Seat(Base):
    """A signatory's place in a ceremony."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("ceremony_id", "signatory_id"),)

    #: Opaque id, `sea_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Where and who.
    ceremony_id: Mapped[str] = mapped_column(ForeignKey("ceremony.id"), index=True)
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"))
    #: State of `signing_service.ceremonies.conduct`.
    state: Mapped[str] = mapped_column(String(20))
    #: Last heartbeat: information, never a condition.
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Page numbers (from 1) that were displayed.
    pages_read: Mapped[list[int]] = mapped_column(JSON)
    #: Random challenge (base64) for the key test.
    challenge: Mapped[str] = mapped_column(String(60))
    #: When the signature was stored.
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
