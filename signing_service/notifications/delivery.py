"""How mails leave: over SMTP where a server is set, otherwise into a folder as .eml files.

Delivery is at least once: the message id is derived from the outbox row, so that a mail program can drop a double.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


class MailNotDelivered(Exception):
    """The server or the folder refused; the mail stays in the outbox and is tried again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it leaves."""

    id: str
    sender: str
    recipient: str
    subject: str
    body: str
    created_at: datetime

    def as_email(self) -> EmailMessage:
        """RFC 5322 message, UTF-8, text only."""
        message = EmailMessage(policy=SMTPUTF8)
        message["From"] = self.sender
        message["To"] = self.recipient
        message["Subject"] = self.subject
        message["Date"] = format_datetime(self.created_at)
        message["Message-ID"] = f"<{self.id}@{self.sender.rpartition('@')[2] or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.body)
        return message


class Mailer(Protocol):
    """Takes a letter to its reader or raises `MailNotDelivered`."""

    def deliver(self, letter: Letter) -> None:
        """Deliver one letter."""


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """The embedded default: one .eml file per mail, written whole or not at all."""

    folder: Path

    def deliver(self, letter: Letter) -> None:
        """Write `<id>.eml`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f".{letter.id}.new"
            draft.write_bytes(letter.as_email().as_bytes())
            draft.replace(self.folder / f"{letter.id}.eml")
        except OSError as error:
            raise MailNotDelivered(letter.id) from error


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """An SMTP server named by a URL: `smtp://user:password@host:587` (STARTTLS) or `smtps://…`."""

    url: str

    def deliver(self, letter: Letter) -> None:
        """Send over one connection."""
        parts = urlsplit(self.url)
        secure = parts.scheme == "smtps"
        connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
        try:
            with connect(
                parts.hostname or "localhost", parts.port or (465 if secure else 25), timeout=TIMEOUT_SECONDS
            ) as smtp:
                if not secure and smtp.has_extn("starttls"):
                    smtp.starttls()
                if parts.username:
                    smtp.login(unquote(parts.username), unquote(parts.password or ""))
                smtp.send_message(letter.as_email())
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotDelivered(letter.id) from error


def mailer(folder: Path, smtp_url: str | None) -> Mailer:
    """The mailer of this installation."""
    return SmtpMailer(smtp_url) if smtp_url else FolderMailer(folder)
