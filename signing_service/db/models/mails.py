"""The outbox: mails written in the act's own transaction, delivered after commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Mail(Base):
    """One mail to one address."""

    __tablename__ = "mail"

    #: Opaque id, `mai_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Kind of message, e.g. invitation, code, sign_in, completed.
    kind: Mapped[str] = mapped_column(String(40))
    #: The agreement it is about.
    agreement_id: Mapped[str | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: Where it goes.
    recipient: Mapped[str] = mapped_column(String(320))
    #: Language it is written in.
    language: Mapped[str] = mapped_column(String(10))
    #: What it says. Emptied of secrets (links, codes) once they have been used would lose evidence; they expire.
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    #: Times, and the last failure.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)
    failure: Mapped[str | None] = mapped_column(String(300))
