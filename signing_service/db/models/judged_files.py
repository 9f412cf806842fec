"""Files that strangers had judged, for as long as their report can be looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class JudgedFile(Base):
    """One file with its report, sealed with the token in its address; deleted when its time is over."""

    __tablename__ = "judged_file"

    #: SHA-256 of the 256-bit token in the address. The token itself is not stored.
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: When it was judged, and when it is deleted.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    #: Bytes of both envelopes together: there is a limit to what is kept of all.
    size: Mapped[int] = mapped_column(BigInteger)
    #: The PDF, sealed, see `accounts.envelopes`.
    sealed_pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: The report and what was taken out of the file, as JSON, sealed.
    sealed_report: Mapped[bytes] = mapped_column(LargeBinary)
