"""Which agreement comes after which."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base


class Succession(Base):
    """The one predecessor of an agreement that amends or replaces another; written at its start and never changed."""

    __tablename__ = "succession"
    __table_args__ = (CheckConstraint("agreement_id <> predecessor_id", name="not_its_own_predecessor"),)

    #: The later agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    #: The completed agreement it was begun from.
    predecessor_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: `agreements.succession.Relation`: amends or supersedes.
    relation: Mapped[str] = mapped_column(String(20))
