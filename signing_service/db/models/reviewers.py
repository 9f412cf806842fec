"""Reviewers of the parties: people of the other side who read, comment and propose through a link.

Their links, codes and sessions stand in tables of their own, so that none of them can ever open a seat.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.models.links import CodeColumns, LinkColumns, SessionColumns
from signing_service.db.types import UtcDateTime


class Reviewer(Base):
    """Somebody whom legal staff asked to review one agreement for one party."""

    __tablename__ = "reviewer"

    #: Opaque id, `rvw_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: The agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: The legal names of the party they read for, as the newest version had them then.
    party: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Who they are, where mails go, in which language.
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(10))
    #: Whether they may propose changed clauses besides commenting.
    may_propose: Mapped[bool] = mapped_column()
    #: Who asked them, when, until when their links work, and when that was taken back.
    invited_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime())
    until: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class ReviewLink(LinkColumns, Base):
    """A link for one reviewer, `rvl_…`."""

    __tablename__ = "review_link"

    #: For whom.
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewer.id"), index=True)


class ReviewCode(CodeColumns, Base):
    """The newest code mailed for a reviewer's link."""

    __tablename__ = "review_code"

    #: One live code per link.
    link_id: Mapped[str] = mapped_column(ForeignKey("review_link.id"), primary_key=True)


class ReviewSession(SessionColumns, Base):
    """A browser in which a reviewer proved who they are with a code."""

    __tablename__ = "review_session"

    #: The link it came from, and its reviewer.
    link_id: Mapped[str] = mapped_column(ForeignKey("review_link.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewer.id"))
    #: Times.
    identified_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())


class SharedVersion(Base):
    """A version that legal staff let one reviewer read; nothing else of the agreement is shown to them."""

    __tablename__ = "shared_version"

    #: To whom, which version.
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewer.id"), primary_key=True)
    version_number: Mapped[int] = mapped_column(primary_key=True)
    version_sha256: Mapped[str] = mapped_column(String(64))
    #: By whom, when.
    shared_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When the reviewer said that they have no more remarks on it.
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
