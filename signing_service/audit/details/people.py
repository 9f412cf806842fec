"""What is recorded about people, links, codes and mails: opaque ids and codes, never a name, an address or a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class PersonCreated:
    """Somebody of the operator's staff was given an account."""

    person: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Roles or activity of an account changed."""

    person: str
    roles: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class PersonSignInLinkSent:
    """A link that signs one person in was mailed."""

    person: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PersonSignedIn:
    """Somebody signed in; `method` is link, password, passkey or oidc."""

    person: str
    method: str
    second_factor: str | None = None


@dataclass(frozen=True, slots=True)
class PersonSignInRefused:
    """A sign-in failed; `person` is None when nobody could be told apart."""

    method: str
    reason: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class PersonSignedOut:
    """A session ended; `revoked` when somebody ended it from elsewhere."""

    person: str
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class AccessRefused:
    """An act was refused: `operation` is what was asked for, `reason` the code of the error."""

    operation: str
    reason: str
    subject: str | None = None
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationSent:
    """A link was sent to a signatory, reviewer, witness or observer; `purpose` says which."""

    invitation: str
    purpose: str
    language: str
    expires_at: datetime
    signatory: str | None = None
    ceremony: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationOpened:
    """The page behind a link said that a person opened it (a POST, never a scanner's GET)."""

    invitation: str
    signatory: str | None = None
    ceremony: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """A link was withdrawn; `replaced_by` is the new one, if any."""

    invitation: str
    replaced_by: str | None = None
    signatory: str | None = None
    ceremony: str | None = None
    reviewer: str | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class InvitationCopied:
    """Somebody of the staff copied a link to hand it on."""

    invitation: str
    signatory: str | None = None
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A one-time code was sent; the code itself is nowhere in the log."""

    invitation: str
    channel: str
    expires_at: datetime
    signatory: str | None = None
    ceremony: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class CodeAccepted:
    """The right code came back."""

    invitation: str
    attempt: int
    signatory: str | None = None
    ceremony: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """A wrong or late code came back; `reason` is wrong, expired or too_often."""

    invitation: str
    attempt: int
    reason: str
    signatory: str | None = None
    ceremony: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class MailQueued:
    """A mail was put in the outbox; `recipient` is the id of a person or signatory."""

    mail: str
    kind: str
    recipient: str
    language: str
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class MailFailed:
    """A mail could not be delivered and will not be tried again."""

    mail: str
    reason: str
    attempts: int
    ceremony: str | None = None
