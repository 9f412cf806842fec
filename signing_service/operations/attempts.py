"""Attempts to sign and the queue for the turn: the guards before a press, who is served next, what was prepared.

Works inside the transactions of `operations.signatures` and opens none. The rule of turns is in `ceremonies.turns`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agreements.deadlines import passed
from agreements.endings import WHAT_HAPPENED, has_ended
from agreements.lifecycle import State
from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db import statements
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Certificate
from signing_service.db.models.signatures import SignatureAttempt
from signing_service.errors import (
    N_,
    AttemptExpired,
    CertificateRevoked,
    ConsentMissing,
    NotFound,
    NotFrozen,
    OtherDocument,
    SigningEnded,
    SigningOutOfTurn,
    SigningTimeOver,
    StaleBase,
)
from signing_service.ids import new_id
from signing_service.moments import spoken
from signing_service.operations import rows, signing_facts, ways
from signing_service.operations.operation import Act
from signing_service.operations.signing_facts import Attempt, Facts, Place
from signing_service.pades.prepared import PreparedTail


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not yet: this many are served before."""

    before_you: int


@dataclass(frozen=True, slots=True)
class Ready:
    """What the key holder needs: the signed attributes (DER SET, first byte 0x31) and where the gap lies."""

    attempt_id: str
    signed_attributes: bytes
    byte_range: tuple[int, int, int, int]
    base_sha256: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """A stored, verified signature."""

    revision: int
    document_sha256: str
    signed_at: datetime
    log_index: int


Outcome = Waiting | Ready | Signed


@dataclass(frozen=True, slots=True)
class Basis:
    """What a signature stands on: the revision it continues, the certificate, the consent."""

    base_revision: int
    certificate_serial: str
    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    consent_id: str


def guards(act: Act, facts: Facts, document_sha256: str) -> Basis:
    """1 the round is open, 2 the seat is ready, 3 the document is the one shown, 4 consent and certificate hold."""
    require_open(act, facts)
    if facts.certificate is None and revoked_last(act, facts.signatory_id):
        raise CertificateRevoked()
    conduct.require_seat(facts.seat_state, (Step.READY, Step.SIGNING), N_("sign"))
    if facts.shown_sha256 is None:
        raise NotFrozen()
    if document_sha256 != facts.shown_sha256:
        raise OtherDocument(given=document_sha256[:12], expected=facts.shown_sha256[:12])
    consent_id = signing_facts.consent(act, facts.signatory_id, facts.shown_sha256)
    certificate = facts.certificate
    if consent_id is None or certificate is None or certificate.invitation_id != act.actor.invitation_id:
        raise ConsentMissing()
    chain = chain_of(act, certificate.der, certificate.above)
    return Basis(facts.head_number, certificate.serial, certificate.der, chain, consent_id)


def chain_of(act: Act, certificate_der: bytes, above: tuple[bytes, ...] | None) -> tuple[bytes, ...]:
    """The certificates above a signatory's, nearest first, without the root: of the generation of our issuing authority
    that made it, or what came with another's."""
    if above is not None:
        return above
    issuers = act.services.keyring.issuers
    return (issuers.of(certificate_der) or issuers.current).certificates_der


def revoked_last(act: Act, signatory_id: str) -> bool:
    """The newest certificate of a signatory was revoked."""
    newest = act.session.scalar(
        select(Certificate)
        .where(Certificate.signatory_id == signatory_id)
        .order_by(Certificate.not_before.desc())
        .limit(1)
    )
    return newest is not None and newest.revoked_at is not None


def known(act: Act, signatory_id: str) -> Facts:
    """The facts of a signatory, the seat taken for writing. Raises `NotFound` (no seat) or `NotFrozen`."""
    facts = signing_facts.facts(act, signatory_id, for_update=True)
    if facts is None:
        seat = rows.seat(act, rows.signatory(act, signatory_id).id)
        rows.head(act, rows.ceremony(act, seat.ceremony_id).agreement_id)
        raise NotFrozen()
    return facts


def require_open(act: Act, facts: Facts) -> None:
    """Signing is going on: the agreement has not ended, its time is not over, the show is live, its round open.

    Raises `SigningEnded`, `SigningTimeOver` or `SigningOutOfTurn`. Asked at every step, because the host may stop the
    show, and somebody may end the agreement, between two steps of a signature.
    """
    state = State(facts.agreement_state)
    if has_ended(state):
        raise SigningEnded(what=WHAT_HAPPENED[state])
    if facts.sign_until_at is not None and passed(facts.sign_until_at, act.now):
        raise SigningTimeOver(at=spoken(facts.sign_until_at, facts.sign_until_zone))
    going_on = facts.ceremony_state == conduct.Ceremony.LIVE and facts.round_state == conduct.Round.OPEN
    if not going_on or state != State.SIGNING:
        raise SigningOutOfTurn()


def live_attempt(act: Act, own: Place | None, head_sha256: str, command_key: str) -> SignatureAttempt | None:
    """The attempt already prepared for this very command over the newest revision, if any."""
    attempt = act.session.get(SignatureAttempt, own.attempt_id) if own is not None and own.attempt_id else None
    if attempt is None or attempt.state != "prepared" or attempt.base_sha256 != head_sha256:
        return None
    return attempt if attempt.command_key == command_key else None


def mine(act: Act, attempt_id: str) -> SignatureAttempt:
    """An attempt of the asking signatory; raises `NotFound` for anybody else's."""
    attempt = act.session.get(SignatureAttempt, attempt_id)
    if attempt is None or attempt.signatory_id != act.actor.signatory_id:
        raise NotFound(what=N_("signature attempt"))
    return attempt


def pending(act: Act, attempt_id: str) -> tuple[Attempt, Facts]:
    """An attempt of the asking signatory and the facts around it; raises `NotFound` for anybody else's."""
    return _with_facts(act, signing_facts.attempt(act, attempt_id), for_update=False)


def pending_now(act: Act, known: Attempt) -> tuple[Attempt, Facts]:
    """The same as it stands in the transaction that stores the signature."""
    return _with_facts(act, signing_facts.attempt_now(act, known), for_update=True)


def _with_facts(act: Act, found: Attempt | None, *, for_update: bool) -> tuple[Attempt, Facts]:
    if found is None or found.signatory_id != act.actor.signatory_id:
        raise NotFound(what=N_("signature attempt"))
    facts = signing_facts.facts(act, found.signatory_id, for_update=for_update)
    if facts is None:
        raise NotFound(what=rows.SEAT)
    return found, facts


def require_current(act: Act, attempt: Attempt, facts: Facts) -> None:
    """The attempt may still become a signature: signing goes on, it is the newest of its signatory, its certificate
    was not revoked, and nothing was stored over its base."""
    require_open(act, facts)
    if facts.head_sha256 != attempt.base_sha256:
        raise StaleBase()
    queue = signing_facts.queue(act, facts.agreement_id)
    own = next((place for place in queue if place.signatory_id == facts.signatory_id), None)
    if attempt.state != "prepared" or own is None or own.attempt_id != attempt.id:
        raise AttemptExpired()
    if attempt.revoked:
        raise CertificateRevoked()
    conduct.require_seat(facts.seat_state, (Step.SIGNING,), N_("sign"))
    if attempt.expires_at > act.now:
        return
    others = (p.lease_until for p in queue if p is not own)
    if not ways.of(facts).holds_turn or any(lease is not None and lease > act.now for lease in others):
        raise AttemptExpired()


def stored(act: Act, signatory_id: str) -> Signed:
    """The stored signature of a signatory who has signed; raises `NotFound`."""
    done = signed(act, signatory_id)
    if done is None:
        raise NotFound(what=N_("signature"))
    return done


def move_seat(act: Act, facts: Facts, before: tuple[Step, ...], after: Step) -> None:
    """Move the seat on from one of `before`; raises `SeatState`. The seat was read for writing."""
    conduct.require_seat(facts.seat_state, before, N_("sign"))
    seen = signing_facts.stored(act, act.now) if after == Step.SIGNED else None
    values = (after.value, seen, seen, facts.seat_id, facts.seat_state)
    statements.execute(act.connection, _MOVE_SEAT, values)


_MOVE_SEAT = (
    "UPDATE seat SET state = ?, signed_at = coalesce(?, signed_at), last_seen_at = coalesce(?, last_seen_at) "
    "WHERE id = ? AND state = ?"
)


def add_revision(act: Act, facts: Facts, number: int, sha256: str, skeleton: Mapping[str, object]) -> None:
    """The revision that this signature made."""
    made = signing_facts.stored(act, act.now)
    values = (new_id("rev"), facts.agreement_id, number, sha256, facts.signatory_id, json.dumps(skeleton), made)
    statements.execute(act.connection, _ADD_REVISION, values)


_ADD_REVISION = (
    "INSERT INTO document_revision (id, agreement_id, number, kind, sha256, signatory_id, skeleton, created_at) "
    "VALUES (?, ?, ?, 'signature', ?, ?, ?, ?)"
)


def finish(act: Act, attempt_id: str, revision: int, log_index: int) -> None:
    """The attempt became this revision and that entry of the log."""
    statements.execute(act.connection, _FINISH, (revision, log_index, attempt_id))


_FINISH = "UPDATE signature_attempt SET state = 'completed', result_revision = ?, log_index = ? WHERE id = ?"


def unsigned_seats(act: Act, ceremony_id: str) -> int:
    """How many seats of a ceremony have not signed."""
    row = statements.first_row(act.connection, _UNSIGNED, ceremony_id)
    return int(row[0]) if row is not None else 0


_UNSIGNED = "SELECT count(*) FROM seat WHERE ceremony_id = ? AND state <> 'signed'"


def signed(act: Act, signatory_id: str) -> Signed | None:
    """The stored signature of a signatory."""
    row = act.session.execute(
        select(SignatureAttempt, DocumentRevision)
        .join(
            DocumentRevision,
            (DocumentRevision.agreement_id == SignatureAttempt.agreement_id)
            & (DocumentRevision.number == SignatureAttempt.result_revision),
        )
        .where(SignatureAttempt.signatory_id == signatory_id, SignatureAttempt.state == "completed")
    ).one_or_none()
    if row is None:
        return None
    attempt, revision = row
    return Signed(revision.number, revision.sha256, revision.created_at, attempt.log_index or 0)


def ready_of(attempt: SignatureAttempt) -> Ready:
    """What its key holder is given. The gap lies inside the tail, which begins where the base ends."""
    after_gap = attempt.base_length + len(attempt.tail) - attempt.reserved_end
    return Ready(
        attempt_id=attempt.id,
        signed_attributes=attempt.signed_attributes,
        byte_range=(0, attempt.reserved_start, attempt.reserved_end, after_gap),
        base_sha256=attempt.base_sha256,
        expires_at=attempt.expires_at,
    )


def store(act: Act, facts: Facts, basis: Basis, prepared: PreparedTail, command_key: str) -> Ready:
    """Keep what was prepared as a row; what its key holder is given."""
    attempt_id = new_id("att")
    expires_at = act.now + ways.of(facts).lease(act.services.settings)
    now, until = signing_facts.stored(act, act.now), signing_facts.stored(act, expires_at)
    values = (
        attempt_id,
        facts.agreement_id,
        facts.signatory_id,
        command_key,
        basis.base_revision,
        prepared.base_sha256,
        prepared.base_length,
        prepared.tail,
        prepared.reserved_start,
        prepared.reserved_end,
        prepared.document_digest,
        prepared.signed_attributes,
        basis.certificate_serial,
        basis.consent_id,
        now,
        until,
    )
    statements.execute(act.connection, _STORE, values)
    return Ready(
        attempt_id=attempt_id,
        signed_attributes=prepared.signed_attributes,
        byte_range=(0, prepared.reserved_start, prepared.reserved_end, prepared.length - prepared.reserved_end),
        base_sha256=prepared.base_sha256,
        expires_at=expires_at,
    )


_STORE = """
INSERT INTO signature_attempt (id, agreement_id, signatory_id, command_key, state, base_revision, base_sha256,
  base_length, tail, reserved_start, reserved_end, document_digest, signed_attributes, certificate_serial, consent_id,
  prepared_at, expires_at)
VALUES (?, ?, ?, ?, 'prepared', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def prepared_of(act: Act, attempt: Attempt, facts: Facts) -> PreparedTail:
    """The prepared signature back from its row."""
    return PreparedTail(
        tail=attempt.tail,
        base_length=attempt.base_length,
        base_sha256=attempt.base_sha256,
        field_name=facts.field_name,
        reserved_start=attempt.reserved_start,
        reserved_end=attempt.reserved_end,
        document_digest=attempt.document_digest,
        signed_attributes=attempt.signed_attributes,
        certificate_der=attempt.certificate_der,
        chain_der=chain_of(act, attempt.certificate_der, attempt.certificates_above),
    )
