"""One-time codes of links, whoever they are for: a fresh one into its row, a try counted and judged.

The rules are in `accounts.codes`; recording, mailing and opening what a code opens is for the operation that asks.
"""

from __future__ import annotations

from datetime import timedelta

from signing_service.accounts import codes
from signing_service.db.models.links import CodeColumns
from signing_service.errors import CodeExpired
from signing_service.operations.operation import Act


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
