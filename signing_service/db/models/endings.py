"""Why an agreement ended without being concluded: who asked, in which words, and who confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Ending(Base):
    """A withdrawal, or a declaration of void that waits for its second person, was confirmed, or was dropped."""

    __tablename__ = "ending"

    #: Opaque id, `end_…`; the form of the second person names it.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: The agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: Command of `agreements.lifecycle`: withdraw or void.
    command: Mapped[str] = mapped_column(String(20))
    #: The words of whoever asked; the parties read them in their mail.
    reason: Mapped[str] = mapped_column(Text)
    #: Who asked, and when.
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: The second person of a declaration of void.
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    #: When it took effect, or when it was dropped; both empty while it waits.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
