"""Reviews (a route with concrete people) and the decisions given in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Review(Base):
    """The approval route of an agreement, resolved to people when its version was submitted."""

    __tablename__ = "review"

    #: Its agreement: one route per agreement, decisions are bound to version hashes.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    #: Stages as data, see `agreements.approvals`.
    route: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The version now under review.
    version_number: Mapped[int] = mapped_column()
    version_sha256: Mapped[str] = mapped_column(String(64))
    #: Who asked for it, and when: the deadlines of the first stage run from here.
    submitted_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When somebody has to be reminded or added next; empty when only a decision can change anything.
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), index=True)


class Decision(Base):
    """One person's decision over one version hash; never changed, only voided by a new hash."""

    __tablename__ = "decision"

    #: Opaque id, `dec_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Its agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: Stage of the route.
    stage_id: Mapped[str] = mapped_column(String(60))
    #: Who decided, and for whom when delegated.
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    on_behalf_of: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    #: approve, request_changes or reject.
    verdict: Mapped[str] = mapped_column(String(20))
    #: The content decided on.
    version_number: Mapped[int] = mapped_column()
    version_sha256: Mapped[str] = mapped_column(String(64))
    #: The person's words.
    text: Mapped[str] = mapped_column(String(4000), default="")
    #: When.
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime())
