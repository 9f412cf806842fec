"""One-time codes: six digits by mail, kept as a keyed hash, few tries, short life."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from signing_service.errors import CodeTooOften
from signing_service.moments import spoken

DIGITS = 6
MAX_ATTEMPTS = 5
MAX_SENT_PER_HOUR = 6
HOUR = timedelta(hours=1)


def new_code() -> str:
    """Six random digits, leading zeros kept."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def code_mac(master_key: bytes, invitation_id: str, code: str) -> str:
    """HMAC-SHA-256 over invitation and code, so that the table alone reveals nothing."""
    message = f"code:{invitation_id}:{normalise(code)}".encode()
    return hmac.new(master_key, message, hashlib.sha256).hexdigest()


def matches(master_key: bytes, invitation_id: str, code: str, mac: str) -> bool:
    """Compare in constant time; spaces and full-width digits in the input are forgiven."""
    return hmac.compare_digest(code_mac(master_key, invitation_id, code), mac)


def usable(*, expires_at: datetime, attempts: int, used_at: datetime | None, now: datetime) -> bool:
    """Whether a code may still be tried."""
    return used_at is None and now < expires_at and attempts < MAX_ATTEMPTS


def counted(*, since: datetime, count: int, now: datetime) -> tuple[datetime, int]:
    """The running hour and the codes sent in it with one more; raises `CodeTooOften` past a handful."""
    if now - since > HOUR:
        since, count = now, 0
    if count >= MAX_SENT_PER_HOUR:
        raise CodeTooOften(until=spoken(since + HOUR))
    return since, count + 1


def normalise(code: str) -> str:
    """Strip spaces and hyphens and turn full-width digits (０–９) into ASCII."""
    return "".join(str(ord(c) - 0xFF10) if "０" <= c <= "９" else c for c in code if c not in " -\u3000\t")
