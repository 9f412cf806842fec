"""With which credential at which trust service provider a signatory signs. Never a PIN, never a password."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base


class ProviderCredential(Base):
    """What the person chose when they got ready; it replaces what they chose before."""

    __tablename__ = "provider_credential"

    #: Whose.
    signatory_id: Mapped[str] = mapped_column(ForeignKey("signatory.id"), primary_key=True)
    #: The provider by its name in the operator's settings; an address is never stored.
    provider: Mapped[str] = mapped_column(String(40))
    #: The credential's identifier at the provider.
    credential: Mapped[str] = mapped_column(String(200))
    #: SHA-256 of the certificate that was shown and bound.
    certificate_sha256: Mapped[str] = mapped_column(String(64))
    #: What the person types for each signature: of PIN and OTP.
    wants: Mapped[list[str]] = mapped_column(JSON)
