"""The clause library of the house: its clauses and their versions, each approved by a second person.

A clause that comes with the software has rows only from its first change on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class LibraryClause(Base):
    """One clause; what it says stands in its versions."""

    __tablename__ = "library_clause"

    #: The name others refer to, e.g. disputes_hkiac; chosen once.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: When it was taken out of use, by whom and why; empty while it is offered.
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    retired_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    retired_reason: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    #: When it came into the library.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())


class LibraryClauseVersion(Base):
    """One wording of a clause: proposed, then approved or declined by another person; the wording never changes."""

    __tablename__ = "library_clause_version"
    __table_args__ = (UniqueConstraint("clause_id", "number"),)

    #: Opaque id, `lcv_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Its clause.
    clause_id: Mapped[str] = mapped_column(ForeignKey("library_clause.id"), index=True)
    #: 1, 2, 3 … within the clause.
    number: Mapped[int] = mapped_column()
    #: SHA-256 of the canonical JSON, which is kept as a stored file.
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    #: proposed, approved or declined.
    state: Mapped[str] = mapped_column(String(20))
    #: Why this wording, in the words of who proposed it.
    reason: Mapped[str] = mapped_column(String(1000), default="")
    #: Who answers for it; empty for what came with the software.
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    #: Who proposed it, and when; nobody for what came with the software.
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Who approved or declined it, when, and what they said.
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    decision_words: Mapped[str] = mapped_column(String(1000), default="")
