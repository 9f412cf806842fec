"""The certificates we issued to signatories: looking at them, and revoking one with a reason.

A revocation is an entry of the log, takes the answers signed before away, and gives the seat back its first step, so
that the signatory can make another key. A signature that exists is not undone by it: what it is worth is judged from
its time stamp and the time of the revocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from keys.issuing.revocation import RevocationReason
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.signatures import CertificateRevoked
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Seat
from signing_service.db.models.pki import OcspAnswer
from signing_service.db.models.signatories import Certificate, Signatory
from signing_service.errors import N_, InvalidInput, NotFound, RevokedAlready
from signing_service.operations import rows
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate as the page shows it."""

    serial: str
    name: str
    party: dict[str, str]
    agreement_id: str
    agreement_number: str | None
    issuer: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    reason: str | None
    signed: bool


REASONS = tuple(reason.value for reason in RevocationReason)


@query(Action.CERTIFICATE_READ)
def issued(act: Act, agreement_id: str | None = None) -> tuple[CertificateRow, ...]:
    """Every certificate, the newest first; of one agreement when it is named."""
    asked = (
        select(Certificate, Signatory, Agreement, Seat.state)
        .join(Signatory, Signatory.id == Certificate.signatory_id)
        .join(Agreement, Agreement.id == Signatory.agreement_id)
        .outerjoin(Seat, Seat.signatory_id == Signatory.id)
        .order_by(Certificate.not_before.desc(), Certificate.serial)
    )
    if agreement_id is not None:
        asked = asked.where(Signatory.agreement_id == agreement_id)
    issuers = act.services.keyring.issuers
    return tuple(
        CertificateRow(
            serial=c.serial,
            name=s.name,
            party=s.party,
            agreement_id=a.id,
            agreement_number=a.number,
            issuer=issuer.name if (issuer := issuers.of(c.der)) is not None else "",
            not_before=c.not_before,
            not_after=c.not_after,
            revoked_at=c.revoked_at,
            reason=c.revocation_reason,
            signed=state == Step.SIGNED.value,
        )
        for c, s, a, state in act.session.execute(asked)
    )


@command(Action.CERTIFICATE_REVOKE)
def revoke(act: Act, serial: str, reason: str) -> None:
    """Revoke a certificate now. Raises `NotFound`, `InvalidInput` for an unknown reason, `RevokedAlready`."""
    if reason not in REASONS:
        raise InvalidInput(field="reason", problem=N_("choose one of the reasons"))
    certificate = act.session.get(Certificate, serial.lower())
    if certificate is None:
        raise NotFound(what=N_("certificate"))
    signatory = rows.signatory(act, certificate.signatory_id)
    rows.agreement_locked(act, signatory.agreement_id)  # before or after a signature, never in the middle of one
    act.session.refresh(certificate)
    if certificate.revoked_at is not None:
        raise RevokedAlready()
    certificate.revoked_at, certificate.revocation_reason = act.now, reason
    act.session.execute(delete(OcspAnswer).where(OcspAnswer.serial == certificate.serial))
    seat = act.session.scalar(select(Seat).where(Seat.signatory_id == signatory.id))
    if seat is not None and seat.state in (Step.READY.value, Step.SIGNING.value):
        seat.state = Step.IDENTIFIED.value
    revoked = CertificateRevoked(certificate.serial, reason, signatory.id)
    act.record(Recorded.CERTIFICATE_REVOKED, revoked, agreement=signatory.agreement_id)
