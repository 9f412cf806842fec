"""Attempts to sign and the queue for the turn: the guards before a press, who is served next, what was prepared.

Works inside the transactions of `operations.signatures` and opens none. The rule of turns is in `ceremonies.turns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agreements.deadlines import passed
from agreements.lifecycle import State
from keys.custody import CustodyKind, words
from keys.encoded import each
from signing_service.ceremonies import conduct, turns
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db import files
from signing_service.db.models.ceremonies import Seat
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Certificate, Consent, Signatory
from signing_service.db.models.signatures import SignatureAttempt, TurnRequest
from signing_service.errors import (
    N_,
    AttemptExpired,
    ConsentMissing,
    NotFound,
    OtherDocument,
    SigningOutOfTurn,
    SigningTimeOver,
    StaleBase,
)
from signing_service.ids import new_id
from signing_service.moments import spoken
from signing_service.operations import boards, invitations, rows, ways
from signing_service.operations.operation import Act
from signing_service.pades.appearance import Appearance
from signing_service.pades.prepared import Prepared


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
    consent_id: str


def guards(act: Act, seat: Seat, signatory: Signatory, document_sha256: str) -> tuple[Certificate, Consent]:
    """1 the round is open, 2 the seat is ready, 3 the document is the one shown, 4 consent and certificate hold."""
    require_open(act, seat)
    conduct.require_seat(seat.state, (Step.READY, Step.SIGNING), N_("sign"))
    shown = rows.sealed(act, signatory.agreement_id)
    if document_sha256 != shown.sha256:
        raise OtherDocument(given=document_sha256[:12], expected=shown.sha256[:12])
    consent = act.session.scalar(
        select(Consent)
        .where(Consent.signatory_id == signatory.id, Consent.document_sha256 == shown.sha256)
        .order_by(Consent.given_at.desc())
        .limit(1)
    )
    certificate = boards.live_certificate(act, signatory.id)
    if consent is None or certificate is None or certificate.invitation_id != act.actor.invitation_id:
        raise ConsentMissing()
    return certificate, consent


def chain_of(act: Act, certificate: Certificate) -> tuple[bytes, ...]:
    """The certificates above a signatory's, nearest first: our issuing authority, or what came with another's."""
    return (act.services.keyring.issuing_der,) if certificate.issued_here else tuple(each(certificate.chain or b""))


def require_open(act: Act, seat: Seat) -> None:
    """Signing is going on: the agreement has not ended, its time is not over, the show is live, its round open.

    Raises `SigningEnded`, `SigningTimeOver` or `SigningOutOfTurn`. Asked at every step, because the host may stop the
    show, and somebody may end the agreement, between two steps of a signature.
    """
    ceremony = rows.ceremony(act, seat.ceremony_id)
    agreement = rows.agreement(act, ceremony.agreement_id)
    invitations.require_going_on(agreement)
    if agreement.sign_until_at is not None and passed(agreement.sign_until_at, act.now):
        raise SigningTimeOver(at=spoken(agreement.sign_until_at, agreement.sign_until_zone))
    going_on = ceremony.state == conduct.Ceremony.LIVE and ceremony.round_state == conduct.Round.OPEN
    if not going_on or agreement.state != State.SIGNING:
        raise SigningOutOfTurn()


def ask(act: Act, signatory: Signatory) -> list[turns.Waiting]:
    """Stand in the queue (or stay there) and return it in arrival order."""
    queue = list(
        act.session.scalars(
            select(TurnRequest).where(TurnRequest.agreement_id == signatory.agreement_id).order_by(TurnRequest.id)
        )
    )
    own = next((r for r in queue if r.signatory_id == signatory.id), None)
    if own is None:
        own = TurnRequest(agreement_id=signatory.agreement_id, signatory_id=signatory.id, asked_at=act.now)
        act.session.add(own)
        act.session.flush()
        queue.append(own)
    own.asked_at = act.now
    return [turns.Waiting(r.id, r.signatory_id, r.asked_at, r.lease_until) for r in queue]


def request_of(act: Act, signatory: Signatory) -> TurnRequest:
    """The signatory's place in the queue; raises `AttemptExpired` when it was given up."""
    row = act.session.scalar(
        select(TurnRequest).where(
            TurnRequest.agreement_id == signatory.agreement_id, TurnRequest.signatory_id == signatory.id
        )
    )
    if row is None:
        raise AttemptExpired()
    return row


def live_attempt(act: Act, request: TurnRequest, head: DocumentRevision, command_key: str) -> SignatureAttempt | None:
    """The attempt already prepared for this very command over the newest revision, if any."""
    attempt = act.session.get(SignatureAttempt, request.attempt_id) if request.attempt_id else None
    if attempt is None or attempt.state != "prepared" or attempt.base_sha256 != head.sha256:
        return None
    return attempt if attempt.command_key == command_key else None


def mine(act: Act, attempt_id: str) -> SignatureAttempt:
    """An attempt of the asking signatory; raises `NotFound` for anybody else's."""
    attempt = act.session.get(SignatureAttempt, attempt_id)
    if attempt is None or attempt.signatory_id != act.actor.signatory_id:
        raise NotFound(what=N_("signature attempt"))
    return attempt


def require_current(act: Act, attempt: SignatureAttempt) -> None:
    """The attempt may still become a signature: signing goes on, it is the newest of its signatory, its certificate
    was not revoked, and nothing was stored over its base."""
    signatory = rows.signatory(act, attempt.signatory_id)
    seat = rows.seat(act, signatory.id)
    require_open(act, seat)
    if rows.head(act, attempt.agreement_id).sha256 != attempt.base_sha256:
        raise StaleBase()
    if attempt.state != "prepared" or request_of(act, signatory).attempt_id != attempt.id:
        raise AttemptExpired()
    conduct.require_seat(seat.state, (Step.SIGNING,), N_("sign"))
    if act.session.get_one(Certificate, attempt.certificate_serial).revoked_at is not None:
        raise ConsentMissing()
    if attempt.expires_at > act.now:
        return
    if not ways.of(signatory).holds_turn:
        raise AttemptExpired()
    require_nobody_else(act, signatory)


def require_nobody_else(act: Act, signatory: Signatory) -> None:
    """No other signatory holds the turn; raises `AttemptExpired`."""
    holder = act.session.scalar(
        select(TurnRequest.id).where(
            TurnRequest.agreement_id == signatory.agreement_id,
            TurnRequest.signatory_id != signatory.id,
            TurnRequest.lease_until > act.now,
        )
    )
    if holder is not None:
        raise AttemptExpired()


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


def new(act: Act, signatory: Signatory, prepared: Prepared, basis: Basis, command_key: str) -> SignatureAttempt:
    """The row of a freshly prepared signature; it is not completed until its value was checked."""
    return SignatureAttempt(
        id=new_id("att"),
        agreement_id=signatory.agreement_id,
        signatory_id=signatory.id,
        command_key=command_key,
        state="prepared",
        base_revision=basis.base_revision,
        base_sha256=prepared.base_sha256,
        base_length=prepared.base_length,
        tail=prepared.pdf[prepared.base_length :],
        reserved_start=prepared.reserved_start,
        reserved_end=prepared.reserved_end,
        document_digest=prepared.document_digest,
        signed_attributes=prepared.signed_attributes,
        certificate_serial=basis.certificate_serial,
        consent_id=basis.consent_id,
        prepared_at=act.now,
        expires_at=act.now + ways.of(signatory).lease(act.services.settings),
    )


def prepared_of(act: Act, attempt: SignatureAttempt) -> Prepared:
    """The prepared signature back, whole, from its row and its base."""
    base = files.get(act.session, attempt.base_sha256)
    return Prepared(
        pdf=base + attempt.tail,
        base_length=len(base),
        base_sha256=attempt.base_sha256,
        field_name=rows.signatory(act, attempt.signatory_id).field_name,
        reserved_start=attempt.reserved_start,
        reserved_end=attempt.reserved_end,
        document_digest=attempt.document_digest,
        signed_attributes=attempt.signed_attributes,
        certificate_der=act.session.get_one(Certificate, attempt.certificate_serial).der,
        chain_der=chain_of(act, act.session.get_one(Certificate, attempt.certificate_serial)),
    )


def appearance(act: Act, signatory: Signatory) -> Appearance:
    """The stamp of a signatory: names in both scripts, when it was prepared, who holds the key."""
    both = ("zh-Hans", "en")
    return Appearance(
        name=signatory.name,
        party={k: signatory.party[k] for k in both if k in signatory.party},
        title={k: signatory.title[k] for k in both if k in signatory.title},
        custody={lang: words(CustodyKind(signatory.custody), lang) for lang in both},
        at=act.now,
        fonts=act.services.settings.fonts_dir / "pdf",
    )
