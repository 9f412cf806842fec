"""Approval routes that drafters adapted. Without a row the route of the template holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class AdaptedRoute(Base):
    """The route that the next submission of an agreement takes; a review under way keeps the one it began with."""

    __tablename__ = "adapted_route"

    #: Its agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    #: Stages as data, see `agreements.approval_plans`; empty after going back to the template.
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: Counts saves; the form carries it back.
    row_version: Mapped[int] = mapped_column()
    #: Who adapted it last, and when.
    changed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
