"""PDFs that were sealed on another platform and are kept beside an agreement as evidence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class ExternalSeal(Base):
    """One file, byte for byte as it came. It never counts as a signature that was verified here."""

    __tablename__ = "external_seal"

    #: Opaque id, `xse_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: The agreement, and the signatory for whom it was sealed, if for one.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    signatory_id: Mapped[str | None] = mapped_column(ForeignKey("signatory.id"))
    #: File name as uploaded, without its folder, and what staff wrote about it.
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)
    #: How the seal is packed, as far as it can be told: see `signing_service.external.seals`.
    format: Mapped[str] = mapped_column(String(40))
    #: The file.
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"))
    size: Mapped[int] = mapped_column(BigInteger)
    #: By whom, when.
    added_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Withdrawn: it stays, but no longer counts.
    withdrawn_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawal_words: Mapped[str | None] = mapped_column(Text)
