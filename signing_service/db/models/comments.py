"""Comments on the clauses of versions, and their replies. What was written is never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Comment(Base):
    """One comment or one reply, of one of the staff or of a reviewer."""

    __tablename__ = "comment"

    #: Opaque id, `com_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Agreement, version and clause it speaks of.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    version_number: Mapped[int] = mapped_column()
    version_sha256: Mapped[str] = mapped_column(String(64))
    clause_id: Mapped[str] = mapped_column(String(80))
    #: The comment it answers; replies have no replies.
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("comment.id"), index=True)
    #: Quoted words, their language and their place in the clause; empty when the whole clause is meant.
    quote: Mapped[str] = mapped_column(Text)
    quote_language: Mapped[str] = mapped_column(String(10))
    quote_start: Mapped[int] = mapped_column()
    #: What was said.
    words: Mapped[str] = mapped_column(Text)
    #: Whether it stops freezing while it is open.
    blocking: Mapped[bool] = mapped_column()
    #: Whether reviewers of the parties see it, since when and by whom; never taken back.
    shared: Mapped[bool] = mapped_column()
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    shared_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    #: Who said it: one of the staff, or a reviewer.
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("reviewer.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: open, resolved or wont_do; who settled it, when and with which words.
    state: Mapped[str] = mapped_column(String(20))
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closing_words: Mapped[str] = mapped_column(Text)
