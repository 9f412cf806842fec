"""The directory of parties: organisations, what they are recognised by, documents of evidence, their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime

_ITS_OWN = text("kind NOT IN ('name', 'vat')")  # agreements.organisations.SHARED_KINDS


class Organisation(Base):
    """One entry; versions keep the values of their parties themselves and do not look here."""

    __tablename__ = "organisation"

    #: Opaque id, `org_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: The checked values of `agreements.organisations`.
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Names and numbers, folded, for the search.
    found_by: Mapped[str] = mapped_column(Text)
    #: Counts every change; a stale writer loses.
    row_version: Mapped[int] = mapped_column(default=1)
    #: Set while the entry is put away: not offered to drafts any more.
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Last change, and by whom.
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class OrganisationMark(Base):
    """What an organisation is recognised by; a number of its own belongs to one entry only."""

    __tablename__ = "organisation_mark"
    __table_args__ = (
        Index(
            "uq_organisation_mark_own_number",
            "kind",
            "value",
            unique=True,
            sqlite_where=_ITS_OWN,
            postgresql_where=_ITS_OWN,
        ),
        Index("ix_organisation_mark_value_kind", "value", "kind"),
    )

    #: Whose.
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    #: Kind of number, or "name".
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: The normalised number or squeezed name.
    value: Mapped[str] = mapped_column(String(200), primary_key=True)


class PartyMark(Base):
    """What the parties of an agreement's newest version are recognised by, so that an entry finds its agreements."""

    __tablename__ = "party_mark"
    __table_args__ = (Index("ix_party_mark_value_kind", "value", "kind"),)

    #: The agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    #: Which of its parties, from 0.
    party_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: As in `OrganisationMark`.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)


class OrganisationEvidence(Base):
    """A document about one number or one person's authority; see `agreements.party_evidence`."""

    __tablename__ = "organisation_evidence"

    #: Opaque id, `evd_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Of which organisation.
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: register or authority.
    subject: Mapped[str] = mapped_column(String(20))
    #: The key of the number or person, and the words people read for it.
    about: Mapped[str] = mapped_column(String(400))
    label: Mapped[str] = mapped_column(String(400))
    #: The bytes, and the name to hand them out under.
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    file_name: Mapped[str] = mapped_column(String(120))
    #: The day the extract was fetched or the document was issued.
    dated: Mapped[date] = mapped_column(Date())
    #: Who added it, and when.
    added_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Set when it does not count any more; the bytes stay.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class OrganisationEntry(Base):
    """Which entries of the audit log are about an organisation."""

    __tablename__ = "organisation_entry"

    #: The organisation.
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    #: Index of the entry in the log.
    idx: Mapped[int] = mapped_column(BigInteger, ForeignKey("log_entry.idx"), primary_key=True, autoincrement=False)
