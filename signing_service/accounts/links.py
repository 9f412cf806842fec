"""Links by mail, whoever they are for: whether one still holds, and what its first page may show of an address."""

from __future__ import annotations

from datetime import datetime

from signing_service.errors import LinkExpired, LinkRevoked
from signing_service.moments import spoken


def require_live(*, revoked_at: datetime | None, expires_at: datetime, now: datetime) -> None:
    """Raise `LinkRevoked` or `LinkExpired` unless the link holds."""
    if revoked_at is not None:
        raise LinkRevoked()
    if expires_at <= now:
        raise LinkExpired(at=spoken(expires_at))


def masked(email: str) -> str:
    """`l•••@aalto.example`: enough to recognise one's own address, too little to learn one."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
