"""Agreements, their one mutable draft, and their immutable versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Agreement(Base):
    """One agreement on its way from draft to completion."""

    __tablename__ = "agreement"

    #: Opaque id, `agr_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: The number people use, e.g. SCA-2020-017; empty until a version has one.
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    #: Title per language, as of the newest version (or the template's).
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Template package and its semantic version.
    template_id: Mapped[str] = mapped_column(String(80))
    template_version: Mapped[str] = mapped_column(String(20))
    #: SHA-256 of the very package it was begun with, kept as stored files; empty in rows older than this column.
    template_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"))
    #: Languages it is written in; empty where it has all of the template's.
    languages: Mapped[list[str] | None] = mapped_column(JSON)
    #: State of `agreements.lifecycle`.
    state: Mapped[str] = mapped_column(String(30))
    #: Counts every change of this row; a stale writer loses.
    row_version: Mapped[int] = mapped_column(default=1)
    #: Who started it.
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    #: Who changed the draft last.
    last_editor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    #: Newest version number, 0 before the first.
    newest_version: Mapped[int] = mapped_column(default=0)
    #: Number of the version that was frozen.
    frozen_version: Mapped[int | None] = mapped_column()
    #: The first moment too late to sign, and the zone whose day ended then; empty when there is no deadline.
    sign_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sign_until_zone: Mapped[str | None] = mapped_column(String(60))
    #: When it was started and last moved.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Draft(Base):
    """The working copy that legal staff fill in."""

    __tablename__ = "draft"

    #: Its agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    #: The form as typed (nested, not yet validated).
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Clauses that are not the template's standard, by id, see `agreements.clause_choices`.
    clauses: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Which translation was written for which text, see `agreements.translations`.
    translations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Counts saves; the form carries it back.
    row_version: Mapped[int] = mapped_column(default=1)
    #: Last save.
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime())
    saved_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class AgreementVersion(Base):
    """An immutable version; its identity is the SHA-256 of its canonical JSON."""

    __tablename__ = "agreement_version"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    #: Opaque id, `ver_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Its agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: 1, 2, 3 … within the agreement.
    number: Mapped[int] = mapped_column()
    #: SHA-256 of the canonical JSON, which is kept as a stored file.
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    #: Whose hand was the last in the draft it was made of; empty in rows older than this column.
    edited_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    #: Which translation of it was written for which text; not content, so a confirmation leaves the hash as it is.
    translations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    #: Who saved it, and when.
    saved_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime())
