"""What signatories drew for their stamps, until they have signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class SeatDrawing(Base):
    """A drawn signature, an ornament. Personal data: the row goes when the signature is stored or will not come."""

    __tablename__ = "seat_drawing"

    #: Whose; the newest replaces the one before.
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), primary_key=True)
    #: The byte form of `pades.drawing`, and its SHA-256.
    strokes: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    #: When.
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime())
