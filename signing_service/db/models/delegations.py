"""Delegations of approval, from one person to another for a span of days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Delegation(Base):
    """`delegate_id` may decide in the place of `person_id`. Kept for ever: decisions given by it rest on it."""

    __tablename__ = "delegation"

    #: Opaque id, `del_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Who asks another to decide, and whom.
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    delegate_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    #: First and last day, both whole, in the zone that the person chose.
    begins_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    zone: Mapped[str] = mapped_column(String(60))
    #: The same as moments: from, and until before.
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When it was given, and when it was taken back.
    given_at: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
