"""Changed clauses that reviewers proposed, and what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Proposal(Base):
    """One clause in other words; it changes nothing until legal staff take it over."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("reviewer_id", "form_key"),)

    #: Opaque id, `prp_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Agreement, and the version and clause it was made for.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    version_number: Mapped[int] = mapped_column()
    version_sha256: Mapped[str] = mapped_column(String(64))
    clause_id: Mapped[str] = mapped_column(String(80))
    #: Who proposed it, and the form it came from: the same form sent twice is one proposal.
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewer.id"), index=True)
    form_key: Mapped[str] = mapped_column(String(64))
    #: Title and paragraphs as plain text, in the languages that were changed.
    titles: Mapped[dict[str, str]] = mapped_column(JSON)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Why, in the reviewer's words.
    explanation: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Whether reviewers of the other parties see it too.
    shared: Mapped[bool] = mapped_column()
    #: open, accepted or rejected; `amended` when it was taken over with changes; by whom, when, with which words.
    state: Mapped[str] = mapped_column(String(20))
    amended: Mapped[bool] = mapped_column()
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decision_words: Mapped[str] = mapped_column(Text)
