"""What is recorded about passkeys: digests of their parts; the parts themselves lie beside the signature."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasskeyRegistered:
    """A passkey was set up at a seat, after the identity check of `authentication` through this invitation.

    `backed_up`: its provider may copy it between the person's devices. `attestation` names the form of the maker's
    statement, not that anybody traced it to the maker.
    """

    signatory: str
    passkey: str
    credential_sha256: str
    spki_sha256: str
    rp_id: str
    authentication: str
    aaguid: str
    attestation: str
    attestation_sha256: str
    backed_up: bool
    invitation: str | None = None
    ceremony: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class PasskeyConfirmed:
    """A passkey confirmed one signature: its challenge was the SHA-256 of these signed attributes.

    `evidence_sha256` is over authenticatorData ‖ clientDataJSON ‖ signature, as they came.
    """

    signatory: str
    passkey: str
    attempt: str
    attributes_sha256: str
    evidence_sha256: str
    sign_count: int
    ceremony: str | None = None
    seat: str | None = None
