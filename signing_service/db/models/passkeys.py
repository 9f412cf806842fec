"""Passkeys of signatories: the challenge for setting one up, the passkey itself, and what it confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import UtcDateTime


class PasskeyChallenge(Base):
    """The newest challenge for setting up a passkey at one seat; used once."""

    __tablename__ = "passkey_challenge"

    #: One live challenge per signatory.
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), primary_key=True)
    #: Random bytes, and until when they are answered.
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())


class Passkey(Base):
    """A passkey set up at a seat after the identity check; every part of its registration is kept as it came."""

    __tablename__ = "passkey"

    #: Opaque id, `pky_…`.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Whose, and through which invitation (the identity check stands behind it).
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), index=True)
    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"))
    #: base64url of the credential's id; SHA-256 of it, because an id may be long.
    credential_id: Mapped[str] = mapped_column(String(1400))
    credential_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    #: SubjectPublicKeyInfo (DER) and its algorithm, ES256 or RS256.
    public_key_der: Mapped[bytes] = mapped_column(LargeBinary)
    algorithm: Mapped[str] = mapped_column(String(10))
    #: Host name and origin it belongs to.
    rp_id: Mapped[str] = mapped_column(String(253))
    origin: Mapped[str] = mapped_column(String(300))
    #: Make of the authenticator, and the form of its attestation.
    aaguid: Mapped[str] = mapped_column(String(40))
    attestation_format: Mapped[str] = mapped_column(String(40))
    attestation_object: Mapped[bytes] = mapped_column(LargeBinary)
    client_data_json: Mapped[bytes] = mapped_column(LargeBinary)
    #: Whether its provider may copy it between the person's devices.
    backed_up: Mapped[bool] = mapped_column()
    #: The counter last seen.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    #: Times; `withdrawn_at` when another took its place or its invitation ended.
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class PasskeyAssertion(Base):
    """What a passkey answered for one signature, byte for byte."""

    __tablename__ = "passkey_assertion"

    #: The signature it confirmed.
    attempt_id: Mapped[str] = mapped_column(ForeignKey("signature_attempt.id"), primary_key=True)
    #: With which passkey.
    passkey_id: Mapped[str] = mapped_column(ForeignKey("passkey.id"))
    #: The answer.
    authenticator_data: Mapped[bytes] = mapped_column(LargeBinary)
    client_data_json: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    #: The counter before it and in it.
    sign_count_before: Mapped[int] = mapped_column(BigInteger)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    #: When.
    given_at: Mapped[datetime] = mapped_column(UtcDateTime())
