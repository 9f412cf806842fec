"""The revisions of an agreement's PDF: frozen, sealed, one per signature, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class DocumentRevision(Base):
    """One revision; each contains the bytes of the one before as its beginning."""

    __tablename__ = "document_revision"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    #: Opaque id, `rev_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Its agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: 1 frozen, 2 sealed, then one per signature, last the closed one.
    number: Mapped[int] = mapped_column()
    #: frozen, sealed, signature or closed.
    kind: Mapped[str] = mapped_column(String(20))
    #: The whole PDF up to this revision.
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    #: Whose signature it added.
    signatory_id: Mapped[str | None] = mapped_column(ForeignKey("signatory.id"))
    #: Where the signature boxes stand (frozen revision only): name, page, rectangle in points.
    fields: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    #: What signing needs to know of it (`pades.skeleton`), as plain data; empty where nothing is signed over it.
    skeleton: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: When it was stored.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
