"""Signatories, their invitations, one-time codes, identified sessions, certificates and consents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.models.links import CodeColumns, LinkColumns, SessionColumns
from signing_service.db.types import UtcDateTime


class Signatory(Base):
    """A person who is to sign one agreement for one party."""

    __tablename__ = "signatory"
    __table_args__ = (UniqueConstraint("agreement_id", "field_name"),)

    #: Opaque id, `sig_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: The agreement.
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: Place in the signing order, from 1; only a fallback order when the round is simultaneous.
    position: Mapped[int] = mapped_column()
    #: Signature block of the version and the PDF field that belongs to it.
    block_id: Mapped[str] = mapped_column(String(80))
    field_name: Mapped[str] = mapped_column(String(100))
    #: The party bound, per language.
    party: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Name and title of the person.
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    #: Address of invitation and codes.
    email: Mapped[str] = mapped_column(String(320))
    #: Country of the party, ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(String(2))
    #: Language of pages and mails.
    language: Mapped[str] = mapped_column(String(10))
    #: Who holds the key, see `keys.custody`.
    custody: Mapped[str] = mapped_column(String(40))


class Invitation(LinkColumns, Base):
    """A link for one signatory, one purpose, `inv_…`; a certificate is bound to it."""

    __tablename__ = "invitation"

    #: For whom.
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), index=True)


class OneTimeCode(CodeColumns, Base):
    """The newest code mailed for an invitation."""

    __tablename__ = "one_time_code"

    #: One live code per invitation.
    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"), primary_key=True)


class SeatSession(SessionColumns, Base):
    """A browser in which a signatory proved who they are with a code."""

    __tablename__ = "seat_session"

    #: The invitation it came from, and its signatory.
    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"))
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"))
    #: Times.
    identified_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Certificate(Base):
    """A signatory's certificate for one invitation: given by our issuing authority, or another's bound to the seat."""

    __tablename__ = "certificate"

    #: Serial number, lower-case hex; of another authority's `x-` and 62 digits of a SHA-256 over it and the signatory.
    serial: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Whose, and through which invitation.
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), index=True)
    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"))
    #: The certificate (DER) and the SHA-256 of its SubjectPublicKeyInfo.
    der: Mapped[bytes] = mapped_column(LargeBinary)
    spki_sha256: Mapped[str] = mapped_column(String(64))
    #: Whether our issuing authority made it; only those stand in our revocation list and are answered for.
    issued_here: Mapped[bool] = mapped_column(default=True)
    #: Of another authority: its issuers as they came, DER one after the other, nearest first.
    chain: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Validity.
    not_before: Mapped[datetime] = mapped_column(UtcDateTime())
    not_after: Mapped[datetime] = mapped_column(UtcDateTime())
    #: Revocation, RFC 5280 reason word.
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revocation_reason: Mapped[str | None] = mapped_column(String(40))


class Consent(Base):
    """The exact words a signatory accepted, bound to the hashes of what was shown."""

    __tablename__ = "consent"

    #: Opaque id, `con_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Whose.
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), index=True)
    #: Name of the wording, its language, the words as shown and their SHA-256.
    text_id: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    #: Content and PDF it speaks of.
    version_sha256: Mapped[str] = mapped_column(String(64))
    document_sha256: Mapped[str] = mapped_column(String(64))
    #: How the person had proved who they are.
    authentication: Mapped[str] = mapped_column(String(60))
    #: When.
    given_at: Mapped[datetime] = mapped_column(UtcDateTime())
