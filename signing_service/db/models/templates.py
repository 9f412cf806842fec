"""Versions of templates that people uploaded. Those that came with the service have no row; both are stored files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class TemplateVersion(Base):
    """One uploaded package on its way from upload to publication and retirement; its content never changes."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("template_id", "version"),)

    #: SHA-256 of the package, which is that of its manifest: path → SHA-256 of the file.
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), primary_key=True)
    #: Id and semantic version as its template.yaml states them.
    template_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    #: Title per language, and the languages, as its template.yaml states them.
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    #: State of `agreements.template_versions`.
    state: Mapped[str] = mapped_column(String(20))
    #: How many of its samples were set as a PDF when it was examined.
    rendered: Mapped[int] = mapped_column()
    #: Who uploaded it, and when; its samples are filled in as of that day.
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Who published or rejected it, and when; never the one who published what they uploaded.
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Who retired it, and when; also when the publication of a later version did.
    retired_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Why it was rejected or retired, in that person's words.
    reason: Mapped[str] = mapped_column(String(2000), default="")
