"""Staff, their sign-in links and their sessions. Signatories of partners stand in `signatories`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class Person(Base):
    """One of the operator's people."""

    __tablename__ = "person"

    #: Opaque id, `per_…`; the only name the audit log knows.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Display name as the person writes it.
    name: Mapped[str] = mapped_column(String(200))
    #: Address that sign-in links go to; lower case.
    email: Mapped[str] = mapped_column(String(320), unique=True)
    #: Roles: legal, management, host, auditor, admin.
    roles: Mapped[list[str]] = mapped_column(JSON)
    #: Language of pages and mails.
    language: Mapped[str] = mapped_column(String(10))
    #: False stops every sign-in.
    active: Mapped[bool] = mapped_column(default=True)


class SignInLink(Base):
    """A mailed link that signs one person in."""

    __tablename__ = "sign_in_link"

    #: SHA-256 of the token; the token itself is stored nowhere.
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Whom it signs in.
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    #: When it stops working.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When it was used; a single-use link works only while this is empty.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: True only for demo links, which production refuses to make or accept.
    reusable: Mapped[bool] = mapped_column(default=False)


class StaffSession(Base):
    """A signed-in browser of one person; deleting the row signs it out."""

    __tablename__ = "staff_session"

    #: SHA-256 of the cookie's token.
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Who is signed in.
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    #: When it began.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When it ends by itself.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When it was ended by hand.
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
