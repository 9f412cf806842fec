"""Which approvers were reminded of which deadline, so that nobody is told twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Reminder(Base):
    """One person was told once; written in the transaction that puts the mail into the outbox."""

    __tablename__ = "reminder"

    #: What it was about, and whom it told; together they occur once.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    stage_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: due_soon, overdue or escalated, see `agreements.reminders`.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The deadline: content that is submitted again after a detour has a new one.
    due_at: Mapped[datetime] = mapped_column(UtcDateTime(), primary_key=True)
    #: When the mail was put into the outbox.
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime())
