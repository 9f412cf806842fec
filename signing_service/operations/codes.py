"""Links by mail and their one-time codes, whoever they are for: the live link, a fresh code mailed, a try judged.

The rules are in `accounts.codes` and `accounts.links`; recording, and opening what a code opens, is for the operation
that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, Protocol, TypeVar

from sqlalchemy import select

from signing_service.accounts import codes
from signing_service.accounts.tokens import token_sha256
from signing_service.db.models.links import CodeColumns, LinkColumns
from signing_service.errors import CodeExpired, CodeWrong, LinkUnknown
from signing_service.notifications import messages, outbox
from signing_service.operations.operation import Act

Link = TypeVar("Link", bound=LinkColumns)
Identified = TypeVar("Identified")


class Addressee(Protocol):
    """Somebody whom a link is for."""

    name: str
    email: str
    language: str
    agreement_id: str


@dataclass(frozen=True, slots=True)
class Tried(Generic[Identified]):
    """How a try ended: what the code opened, or how often a wrong one may still be entered."""

    identified: Identified | None
    left: int = 0


def link_of(act: Act, links: type[Link], token: str) -> Link:
    """The row of a link's token, whether it still holds or not; raises `LinkUnknown`."""
    row = act.session.scalar(select(links).where(links.token_sha256 == token_sha256(token)))
    if row is None:
        raise LinkUnknown()
    return row


def mail(act: Act, row: CodeColumns, link_id: str, to: Addressee) -> None:
    """Put a fresh code in place of the one before and queue its mail. Raises `CodeTooOften`."""
    fresh, life = renew(act, row, link_id), act.services.settings.code_seconds
    message = messages.code(to=to.email, name=to.name, language=to.language, code=fresh, minutes=life // 60)
    outbox.queue(act.session, message, now=act.now, agreement_id=to.agreement_id)


def require_accepted(tried: Tried[Identified]) -> Identified:
    """What the code opened; raises `CodeWrong` (with the tries left) or `CodeExpired`."""
    if tried.identified is None:
        raise CodeWrong(left=tried.left) if tried.left else CodeExpired()
    return tried.identified


def renew(act: Act, row: CodeColumns, link_id: str) -> str:
    """Put a fresh code in place of the one before; returns it for the mail. Raises `CodeTooOften`."""
    row.sent_since, row.sent_count = codes.counted(since=row.sent_since, count=row.sent_count, now=act.now)
    fresh = codes.new_code()
    row.code_mac = codes.code_mac(act.services.settings.master_key, link_id, fresh)
    row.expires_at = act.now + timedelta(seconds=act.services.settings.code_seconds)
    row.attempts, row.used_at = 0, None
    return fresh


def waits(act: Act, row: CodeColumns | None) -> bool:
    """Whether a code was sent that has neither ended nor been used."""
    return row is not None and row.used_at is None and act.now < row.expires_at


def accept(act: Act, row: CodeColumns, link_id: str, code: str) -> bool:
    """Count a try; True uses the code up. Raises `CodeExpired` when it cannot be tried any more.

    The caller lets a wrong try be committed before it raises: a rollback would give endless tries.
    """
    if not codes.usable(expires_at=row.expires_at, attempts=row.attempts, used_at=row.used_at, now=act.now):
        raise CodeExpired()
    row.attempts += 1
    if not codes.matches(act.services.settings.master_key, link_id, code, row.code_mac):
        return False
    row.used_at = act.now
    return True


def tries_left(row: CodeColumns) -> int:
    """How often a wrong code may still be entered."""
    return codes.MAX_ATTEMPTS - row.attempts
