"""The one path of every signature: prepare → the key holder signs, outside → complete, or fail.

1. `prepare` checks the guards and asks for the turn (a short transaction); computes the next revision outside any
   transaction; stores it as plain data if the turn is still held and the document has not moved.
2. The key holder signs the signed attributes wherever the key lives.
3. `complete` checks the value, embeds it, stamps and verifies the new revision outside any transaction; then stores it
   if the document still has not moved. Nothing unverified is ever stored.

Every command carries a key made by the client. A repeated command gives the first result; two presses sign once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from keys.custody import CustodyKind, words
from keys.errors import KeysError
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import ceremonies as ceremony_details
from signing_service.audit.details import signatures as details
from signing_service.audit.journal import Receipt
from signing_service.ceremonies import conduct, turns
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db import files
from signing_service.db.models.ceremonies import Ceremony, Seat
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Certificate, Consent, Signatory
from signing_service.db.models.signatures import SignatureAttempt, TurnRequest
from signing_service.errors import N_, AttemptExpired, InvalidInput, NotFound, StaleBase
from signing_service.ids import new_id
from signing_service.operations import attempts, rows, ways
from signing_service.operations.attempts import Basis, Outcome, Ready, Signed, Waiting
from signing_service.operations.finished import Finished
from signing_service.operations.operation import Act, command, query
from signing_service.pades.appearance import Appearance
from signing_service.pades.errors import PadesError
from signing_service.pades.prepare import prepare as compute
from signing_service.pades.prepared import Prepared
from signing_service.permissions import Action, Actor
from signing_service.services import Services

__all__ = ("Outcome", "Ready", "Signed", "Waiting", "complete", "fail", "outcome", "prepare", "prepared_pdf")

PDF = "application/pdf"
COMMAND_KEY_MAX = 80


@dataclass(frozen=True, slots=True)
class _Turn:
    """Everything needed to compute the next revision outside the transaction."""

    agreement_id: str
    base: bytes
    basis: Basis
    field_name: str
    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    reserve: int | None
    appearance: Appearance
    at: datetime


@dataclass(frozen=True, slots=True)
class _Pending:
    """A stored attempt with its base, ready to be completed."""

    attempt_id: str
    agreement_id: str
    custody: CustodyKind
    prepared: Prepared


def prepare(services: Services, actor: Actor, document_sha256: str, command_key: str) -> Outcome:
    """Ask to sign the document of that SHA-256.

    Raises `SigningOutOfTurn`, `SeatState`, `OtherDocument` or `ConsentMissing`. Pressing again after the signature
    was stored returns it.
    """
    turn = _take_turn(services, actor, document_sha256, command_key)
    if not isinstance(turn, _Turn):
        return turn
    prepared = compute(
        turn.base,
        field_name=turn.field_name,
        certificate_der=turn.certificate_der,
        chain_der=turn.chain_der,
        appearance=turn.appearance,
        reserve=turn.reserve,
        at=turn.at,
    )
    return _store_prepared(services, actor, turn, prepared, command_key)


@command(Action.SIGN, recorded=False)
def _take_turn(act: Act, document_sha256: str, command_key: str) -> Outcome | _Turn:
    if not 8 <= len(command_key) <= COMMAND_KEY_MAX:
        raise InvalidInput(field="command_key", problem=N_("between 8 and 80 characters"))
    signatory = rows.signatory(act, act.actor.signatory_id)
    done = attempts.signed(act, signatory.id)
    if done is not None:
        return done
    rows.agreement_locked(act, signatory.agreement_id)  # one asker at a time per agreement
    seat = rows.seat_locked(act, signatory.id)
    certificate, consent = attempts.guards(act, seat, signatory, document_sha256)
    queue = attempts.ask(act, signatory)
    turn = turns.decide(queue, signatory.id, act.now)
    if not turn.mine:
        return Waiting(turn.before_me)
    head = rows.head(act, signatory.agreement_id)
    request = attempts.request_of(act, signatory)
    live = attempts.live_attempt(act, request, head, command_key)
    way = ways.of(signatory)
    until = act.now + way.lease(act.services.settings)
    request.lease_until = until if way.holds_turn else None
    if live is not None:
        live.expires_at = until
        return attempts.ready_of(live)
    return _Turn(
        agreement_id=signatory.agreement_id,
        base=files.get(act.session, head.sha256),
        basis=Basis(head.number, certificate.serial, consent.id),
        field_name=signatory.field_name,
        certificate_der=certificate.der,
        chain_der=attempts.chain_of(act, certificate),
        reserve=way.reserve,
        appearance=_appearance(act, signatory),
        at=act.now,
    )


@command(Action.SIGN)
def _store_prepared(act: Act, turn: _Turn, prepared: Prepared, command_key: str) -> Ready:
    signatory = rows.signatory(act, act.actor.signatory_id)
    rows.agreement_locked(act, turn.agreement_id)
    seat = rows.seat_locked(act, signatory.id)
    attempts.require_open(act, seat)
    conduct.require_seat(seat.state, (Step.READY, Step.SIGNING), N_("sign"))
    request = attempts.request_of(act, signatory)
    attempts.require_nobody_else(act, signatory)
    if rows.head(act, turn.agreement_id).sha256 != prepared.base_sha256:
        raise StaleBase()
    attempt = attempts.new(act, signatory, prepared, turn.basis, command_key)
    act.session.add(attempt)
    request.lease_until = attempt.expires_at if ways.of(signatory).holds_turn else None
    request.attempt_id = attempt.id
    seat.state = Step.SIGNING.value
    act.record(
        Recorded.SIGNATURE_PREPARED,
        details.SignaturePrepared(
            signatory=signatory.id,
            attempt=attempt.id,
            field=signatory.field_name,
            custody=signatory.custody,
            base_sha256=prepared.base_sha256,
            attributes_sha256=_sha256(prepared.signed_attributes),
            expires_at=attempt.expires_at,
            ceremony=seat.ceremony_id,
            seat=seat.id,
        ),
        agreement=turn.agreement_id,
    )
    return attempts.ready_of(attempt)


@query(Action.SIGN)
def prepared_pdf(act: Act, attempt_id: str) -> bytes:
    """The prepared revision with its empty gap, for the browser to compute the digest itself."""
    attempt = attempts.mine(act, attempt_id)
    return files.get(act.session, attempt.base_sha256) + attempt.tail


def complete(services: Services, actor: Actor, attempt_id: str, answer: bytes) -> Signed:
    """Take what the key holder sent (see `ways`: of a browser raw r‖s, 64 bytes), embed, stamp, verify and store it.

    Raises `AttemptExpired` or `StaleBase` (prepare again, the consent still holds), or the named refusal of a wrong
    answer. A repeated call returns the first result.
    """
    found = _pending(services, actor, attempt_id)
    if isinstance(found, Signed):
        return found
    try:
        finished = ways.WAYS[found.custody].finish(services, actor, found.prepared, answer)
    except (KeysError, PadesError) as error:
        (fail if ways.WAYS[found.custody].holds_turn else refuse)(services, actor, attempt_id, error.code)
        raise
    _store_signed(services, actor, found, finished)
    return _result(services, actor)


@query(Action.SIGN)
def _result(act: Act) -> Signed:
    done = attempts.signed(act, act.actor.signatory_id or "")
    if done is None:
        raise NotFound(what=N_("signature"))
    return done


@query(Action.SIGN)
def _pending(act: Act, attempt_id: str) -> Signed | _Pending:
    attempt = attempts.mine(act, attempt_id)
    done = attempts.signed(act, attempt.signatory_id)
    if done is not None:
        return done
    attempts.require_current(act, attempt)
    custody = ways.of(rows.signatory(act, attempt.signatory_id)).kind
    return _Pending(attempt.id, attempt.agreement_id, custody, attempts.prepared_of(act, attempt))


@command(Action.SIGN)
def _store_signed(act: Act, found: _Pending, finished: Finished) -> None:
    rows.agreement_locked(act, found.agreement_id)
    attempt = attempts.mine(act, found.attempt_id)
    signatory = rows.signatory(act, attempt.signatory_id)
    if attempts.signed(act, signatory.id) is not None:
        raise StaleBase()  # the other press won between our two transactions; the client asks and gets its result
    seat = rows.seat_locked(act, signatory.id)
    attempts.require_current(act, attempt)
    revision = DocumentRevision(
        id=new_id("rev"),
        agreement_id=found.agreement_id,
        number=attempt.base_revision + 1,
        kind="signature",
        sha256=files.put(act.session, finished.pdf, PDF),
        signatory_id=signatory.id,
        created_at=act.now,
    )
    act.session.add(revision)
    attempt.state, attempt.result_revision = "completed", revision.number
    seat.state, seat.signed_at, seat.last_seen_at = Step.SIGNED.value, act.now, act.now
    act.session.delete(attempts.request_of(act, signatory))
    _record_signed(act, attempt, signatory, seat, revision, finished)
    ways.WAYS[found.custody].keep(act, attempt, finished)
    _end_round(act, seat)


@query(Action.SIGN)
def outcome(act: Act, command_key: str) -> Outcome | None:
    """What became of a command: asked by a client that lost its connection. None when it never arrived."""
    done = attempts.signed(act, act.actor.signatory_id or "")
    attempt = act.session.scalar(
        select(SignatureAttempt)
        .where(SignatureAttempt.command_key == command_key, SignatureAttempt.signatory_id == act.actor.signatory_id)
        .order_by(SignatureAttempt.prepared_at.desc())
        .limit(1)
    )
    if done is not None or attempt is None:
        return done
    head = rows.head(act, attempt.agreement_id)
    live = attempt.state == "prepared" and head.sha256 == attempt.base_sha256
    return attempts.ready_of(attempt) if live else Waiting(0)


@command(Action.SIGN)
def fail(act: Act, attempt_id: str, reason: str) -> None:
    """Give the turn back after a refused value; the seat is ready again. Raises `AttemptExpired` for an old attempt."""
    attempt = attempts.mine(act, attempt_id)
    rows.agreement_locked(act, attempt.agreement_id)
    act.session.refresh(attempt)
    if attempt.state != "prepared":
        raise AttemptExpired()
    attempt.state = "failed"
    signatory = rows.signatory(act, attempt.signatory_id)
    seat = rows.seat_locked(act, signatory.id)
    if seat.state == Step.SIGNING:
        seat.state = Step.READY.value
    waiting = act.session.scalar(select(TurnRequest).where(TurnRequest.attempt_id == attempt.id))
    if waiting is not None:
        act.session.delete(waiting)
    failed = details.SignatureFailed(signatory.id, attempt.id, reason, seat.ceremony_id, seat.id)
    act.record(Recorded.SIGNATURE_FAILED, failed, agreement=attempt.agreement_id)


@command(Action.SIGN)
def refuse(act: Act, attempt_id: str, reason: str) -> None:
    """A wrong answer of a key holder who keeps nobody waiting: recorded, and the right one may still come."""
    attempt = attempts.mine(act, attempt_id)
    seat = rows.seat(act, attempt.signatory_id)
    failed = details.SignatureFailed(attempt.signatory_id, attempt.id, reason, seat.ceremony_id, seat.id)
    act.record(Recorded.SIGNATURE_FAILED, failed, agreement=attempt.agreement_id)


def _record_signed(
    act: Act,
    attempt: SignatureAttempt,
    signatory: Signatory,
    seat: Seat,
    revision: DocumentRevision,
    finished: Finished,
) -> None:
    certificate = act.session.get_one(Certificate, attempt.certificate_serial)
    consent = act.session.get_one(Consent, attempt.consent_id)
    applied = details.SignatureApplied(
        signatory=signatory.id,
        attempt=attempt.id,
        field=signatory.field_name,
        custody=signatory.custody,
        level=finished.level,
        revision=revision.number,
        base_sha256=attempt.base_sha256,
        pdf_sha256=revision.sha256,
        certificate_sha256=_sha256(certificate.der),
        version_sha256=consent.version_sha256,
        ceremony=seat.ceremony_id,
        seat=seat.id,
    )

    def keep_index(receipt: Receipt) -> None:
        attempt.log_index = receipt.index

    act.record(Recorded.SIGNATURE_APPLIED, applied, agreement=attempt.agreement_id, then=keep_index)
    if finished.stamp_pending:
        pending = details.SignatureTimestampPending(
            signatory.field_name, revision.sha256, "authority-unavailable", seat.ceremony_id, seat.id
        )
        act.record(Recorded.SIGNATURE_TIMESTAMP_PENDING, pending, agreement=attempt.agreement_id)


def _end_round(act: Act, seat: Seat) -> None:
    """The round is signed when its last seat is."""
    act.session.flush()
    states = act.session.execute(
        select(func.count(), func.count().filter(Seat.state == Step.SIGNED.value)).where(
            Seat.ceremony_id == seat.ceremony_id
        )
    ).one()
    if states[0] != states[1]:
        return
    ceremony: Ceremony = rows.ceremony_locked(act, seat.ceremony_id)
    ceremony.round_state = conduct.Round.SIGNED.value
    ceremony.row_version += 1
    signed = ceremony_details.RoundSigned(ceremony.id, 1, states[1])
    act.record(Recorded.ROUND_SIGNED, signed, agreement=ceremony.agreement_id)


def _appearance(act: Act, signatory: Signatory) -> Appearance:
    both = ("zh-Hans", "en")
    return Appearance(
        name=signatory.name,
        party={k: signatory.party[k] for k in both if k in signatory.party},
        title={k: signatory.title[k] for k in both if k in signatory.title},
        custody={lang: words(CustodyKind(signatory.custody), lang) for lang in both},
        at=act.now,
        fonts=act.services.settings.fonts_dir / "pdf",
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
