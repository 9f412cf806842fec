"""What the log says of a signature on its way: prepared, applied, its time proof pending, the round signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import ceremonies as ceremony_details
from signing_service.audit.details import signatures as details
from signing_service.audit.journal import Receipt
from signing_service.ceremonies import conduct
from signing_service.operations import attempts, rows
from signing_service.operations.attempts import Ready
from signing_service.operations.finished import Finished
from signing_service.operations.operation import Act
from signing_service.operations.signing_facts import Attempt, Facts
from signing_service.pades.prepared import PreparedTail


def prepared(act: Act, facts: Facts, ready: Ready, prepared: PreparedTail) -> None:
    """The next revision was computed and waits for its key holder."""
    act.record(
        Recorded.SIGNATURE_PREPARED,
        details.SignaturePrepared(
            signatory=facts.signatory_id,
            attempt=ready.attempt_id,
            field=facts.field_name,
            custody=facts.custody,
            base_sha256=prepared.base_sha256,
            attributes_sha256=_sha256(prepared.signed_attributes),
            expires_at=ready.expires_at,
            ceremony=facts.ceremony_id,
            seat=facts.seat_id,
            drawing_sha256=facts.drawing_sha256,
        ),
        agreement=facts.agreement_id,
    )


def signed(
    act: Act,
    attempt: Attempt,
    facts: Facts,
    revision: int,
    finished: Finished,
    then: Callable[[Receipt], None],
) -> None:
    """A signature stands in the document; `then` is given the receipt of its entry."""
    applied = details.SignatureApplied(
        signatory=facts.signatory_id,
        attempt=attempt.id,
        field=facts.field_name,
        custody=facts.custody,
        level=finished.level,
        revision=revision,
        base_sha256=attempt.base_sha256,
        pdf_sha256=finished.base.sha256,
        certificate_sha256=_sha256(attempt.certificate_der),
        version_sha256=attempt.version_sha256,
        ceremony=facts.ceremony_id,
        seat=facts.seat_id,
    )
    act.record(Recorded.SIGNATURE_APPLIED, applied, agreement=facts.agreement_id, then=then)
    if finished.stamp_missing:
        pending = details.SignatureTimestampPending(
            facts.field_name, finished.base.sha256, finished.stamp_missing, facts.ceremony_id, facts.seat_id
        )
        act.record(Recorded.SIGNATURE_TIMESTAMP_PENDING, pending, agreement=facts.agreement_id)


def end_round(act: Act, facts: Facts) -> None:
    """The round is signed when its last seat is."""
    if attempts.unsigned_seats(act, facts.ceremony_id):
        return
    ceremony = rows.ceremony_locked(act, facts.ceremony_id)
    ceremony.round_state = conduct.Round.SIGNED.value
    ceremony.row_version += 1
    seats = len(rows.seats(act, ceremony.id))
    signed = ceremony_details.RoundSigned(ceremony.id, 1, seats)
    act.record(Recorded.ROUND_SIGNED, signed, agreement=ceremony.agreement_id)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
