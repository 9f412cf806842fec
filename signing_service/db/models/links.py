"""What every link by mail, every one-time code and every session it opens have in common: columns, no tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.types import UtcDateTime


class LinkColumns:
    """A link that lets one person in, for one purpose, until a time."""

    #: Opaque id.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: SHA-256 of the 256-bit token.
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    #: Times.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: First opening, told by the page itself (never by the GET).
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    #: Set when a new link replaced it or somebody withdrew it.
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class CodeColumns:
    """The newest code mailed for a link; a wrong try counts, a right one uses it up."""

    #: Keyed hash of the code; six digits alone would be guessable from a plain hash.
    code_mac: Mapped[str] = mapped_column(String(64))
    #: When it stops working.
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Tries so far.
    attempts: Mapped[int] = mapped_column(default=0)
    #: How many codes were sent for this link in the running hour, and since when.
    sent_count: Mapped[int] = mapped_column(default=1)
    sent_since: Mapped[datetime] = mapped_column(UtcDateTime())
    #: When it was used.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class SessionColumns:
    """A browser in which somebody proved who they are with a code."""

    #: SHA-256 of the cookie's token.
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Times.
    identified_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
