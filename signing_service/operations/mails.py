"""The outbox: delivering what was queued, and showing it where mails land in a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from signing_service.db.models.mails import Mail
from signing_service.errors import N_, NotFound
from signing_service.notifications.delivery import Letter, MailNotDelivered, mailer
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action
from signing_service.services import Services

BATCH = 50
SHOWN = 100
REMOVED = "(delivered; the text is not kept)"
_LINK = re.compile(r"https?://\S+")
_CODE = re.compile(r"^ {4}(\d{6})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail as the outbox page shows it."""

    id: str
    kind: str
    recipient: str
    subject: str
    body: str
    links: tuple[str, ...]
    code: str | None
    created_at: datetime
    delivered_at: datetime | None


def deliver_due(services: Services) -> int:
    """Deliver what waits, oldest first; returns how many left. A failure is kept with the mail and tried again."""
    settings = services.settings
    carrier = mailer(settings.mail_dir, settings.smtp_url)
    delivered = 0
    for letter in _waiting(services, SYSTEM):
        try:
            carrier.deliver(letter)
        except MailNotDelivered as error:
            _mark(services, SYSTEM, letter.id, failure=type(error.__cause__).__name__)
            break  # the server is not well; do not knock fifty times
        _mark(services, SYSTEM, letter.id, failure=None)
        delivered += 1
    return delivered


@query(Action.OPERATE)
def _waiting(act: Act) -> tuple[Letter, ...]:
    found = act.session.scalars(
        select(Mail).where(Mail.delivered_at.is_(None)).order_by(Mail.created_at, Mail.id).limit(BATCH)
    )
    sender = act.services.settings.mail_from
    return tuple(Letter(m.id, sender, m.recipient, m.subject, m.body, m.created_at) for m in found)


@command(Action.OPERATE, recorded=False)
def _mark(act: Act, mail_id: str, *, failure: str | None) -> None:
    mail = act.session.get_one(Mail, mail_id)
    mail.failure = failure
    if failure is None:
        mail.delivered_at = act.now
        if act.services.settings.smtp_url is not None:
            mail.body = REMOVED  # links and codes are secrets; the reader's mailbox has them now


@query(Action.OUTBOX_READ)
def outbox(act: Act, agreement_id: str | None = None) -> list[MailRow]:
    """The newest mails first. Only where mails land in a folder: elsewhere they belong to their readers."""
    if act.services.settings.smtp_url is not None:
        raise NotFound(what=N_("outbox"))
    wanted = select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(SHOWN)
    if agreement_id is not None:
        wanted = wanted.where(Mail.agreement_id == agreement_id)
    return [_row(m) for m in act.session.scalars(wanted)]


def _row(mail: Mail) -> MailRow:
    code = _CODE.search(mail.body)
    return MailRow(
        mail.id,
        mail.kind,
        mail.recipient,
        mail.subject,
        mail.body,
        tuple(_LINK.findall(mail.body)),
        code.group(1) if code else None,
        mail.created_at,
        mail.delivered_at,
    )
