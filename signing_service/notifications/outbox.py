"""The outbox: a mail is a row written in the act's own transaction and leaves only after its commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from signing_service.db.models.mails import Mail
from signing_service.ids import new_id
from signing_service.notifications.messages import Message


def queue(session: Session, message: Message, *, now: datetime, agreement_id: str | None = None) -> Mail:
    """Write `message` to the outbox; if the transaction rolls back, nobody is told anything."""
    row = Mail(
        id=new_id("mai"),
        kind=message.kind,
        agreement_id=agreement_id,
        recipient=message.recipient,
        language=message.language,
        subject=message.subject,
        body=message.body,
        created_at=now,
    )
    session.add(row)
    return row
