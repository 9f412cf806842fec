"""The one path of every signature: prepare → the key holder signs, outside → complete, or fail.

1. `prepare` checks the guards, asks for the turn and, when it is given, computes the next revision over the newest one
   and stores it as plain data: one short transaction, because nothing is parsed, drawn or hashed again in it.
2. The key holder signs the signed attributes wherever the key lives.
3. `complete` checks the value, embeds it, stamps and verifies the new revision outside any transaction; then stores it
   if the document still has not moved. Nothing unverified is ever stored.

Every command carries a key made by the client. A repeated command gives the first result; two presses sign once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from keys.custody import CustodyKind
from keys.errors import KeysError, WrongValue
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import signatures as details
from signing_service.audit.journal import Receipt
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db import files
from signing_service.db.models.signatures import SignatureAttempt, TurnRequest
from signing_service.errors import N_, AttemptExpired, InvalidInput, StaleBase
from signing_service.operations import (
    attempts,
    bases,
    places,
    rows,
    seat_drawings,
    signature_entries,
    signing_facts,
    ways,
)
from signing_service.operations.attempts import Outcome, Ready, Signed, Waiting
from signing_service.operations.bases import Cold
from signing_service.operations.bases import make as make_at_hand
from signing_service.operations.finished import Finished, Opened, token_room
from signing_service.operations.operation import Act, command, query
from signing_service.operations.signing_facts import Attempt
from signing_service.pades import rehearsal_lock, skeleton
from signing_service.pades.bases import Base
from signing_service.pades.errors import PadesError
from signing_service.pades.errors import WrongValue as WrongInPdf
from signing_service.pades.prepare import prepare_next as compute
from signing_service.pades.prepared import PreparedTail
from signing_service.permissions import Action, Actor
from signing_service.services import Services

__all__ = (
    "Outcome",
    "Ready",
    "Signed",
    "Waiting",
    "complete",
    "fail",
    "outcome",
    "prepare",
    "prepared_after",
    "prepared_pdf",
)

PDF = "application/pdf"
COMMAND_KEY_MAX = 80


#: How often a press begins anew when something it needs was not at hand in this process.
TRIES = 4
#: Whoever is next waits so long for the one before, instead of asking again and again; then they are told to.
AT_THE_DOOR_SECONDS = 0.2
#: A waiting signatory's place is written anew when it is older than this; asking more often only looks.
FRESH = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PreparedPart:
    """The end of a prepared revision, and the length of the whole."""

    data: bytes
    length: int


@dataclass(frozen=True, slots=True)
class _Pending:
    """A stored attempt with the facts around it, ready to be completed."""

    agreement_id: str
    custody: CustodyKind
    attempt: Attempt
    prepared: PreparedTail
    base: Base | None


def prepare(services: Services, actor: Actor, document_sha256: str, command_key: str) -> Outcome:
    """Ask to sign the document of that SHA-256.

    Raises `SigningOutOfTurn`, `SeatState`, `OtherDocument` or `ConsentMissing`. Pressing again after the signature
    was stored returns it.
    """
    if not 8 <= len(command_key) <= COMMAND_KEY_MAX:
        raise InvalidInput(field="command_key", problem=N_("between 8 and 80 characters"))
    bases.warm(services, actor)
    stored = services.pace.stored
    found = _ask(services, actor, document_sha256, command_key)
    is_next = isinstance(found, Waiting) and found.before_you <= 1
    if is_next and services.pace.wait_for_another(stored, AT_THE_DOOR_SECONDS):
        return _ask(services, actor, document_sha256, command_key)
    return found


def _ask(services: Services, actor: Actor, document_sha256: str, command_key: str) -> Outcome:
    if actor.id in services.waiting:  # a hint of this process: whoever is not in it asks in full
        waiting = _still_waiting(services, actor)
        if waiting is not None:
            return waiting
    for _ in range(TRIES):
        found = _press(services, actor, document_sha256, command_key)
        if isinstance(found, Cold):
            make_at_hand(services, found)
            continue
        (services.waiting.add if isinstance(found, Waiting) else services.waiting.discard)(actor.id)
        return found
    raise StaleBase()


@query(Action.SIGN)
def _still_waiting(act: Act) -> Waiting | None:
    """The answer to one who asked a moment ago and is not served yet; None when there is more to be done."""
    facts = signing_facts.facts(act, act.actor.signatory_id)
    if facts is None or facts.completed_attempt is not None:
        return None
    queued = places.ask(act, facts)
    fresh = queued.own is not None and act.now - queued.own.asked_at < FRESH
    if queued.turn.mine or not fresh:
        return None
    attempts.require_open(act, facts)
    return Waiting(queued.turn.before_me)


@command(Action.SIGN, recorded=False)
def _press(act: Act, document_sha256: str, command_key: str) -> Outcome | Cold:
    """One short transaction: the guards, the turn, and, when it is theirs, the next revision computed and kept.

    Computing needs neither the key nor the file: the base is at hand as a skeleton and a running digest. Where it is
    not, the turn is taken and what is missing comes back, to be made outside.
    """
    signatory_id = rows.signatory_id_of(act)
    signing_facts.lock(act, signatory_id)  # one asker at a time per agreement
    facts = attempts.known(act, signatory_id)
    if facts.completed_attempt is not None:
        return attempts.stored(act, signatory_id)
    basis = attempts.guards(act, facts, document_sha256)
    queued = places.ask(act, facts)
    own = queued.own
    if not queued.turn.mine:
        places.stand(act, facts, own, own.lease_until if own else None, own.attempt_id if own else None)
        return Waiting(queued.turn.before_me)
    way = ways.of(facts)
    until = act.now + way.lease(act.services.settings)
    held = until if way.holds_turn else None
    live = attempts.live_attempt(act, own, facts.head_sha256, command_key)
    if live is not None:
        live.expires_at = until
        places.stand(act, facts, own, held, live.id)
        return attempts.ready_of(live)
    at_hand = bases.at_hand(act, facts)
    if isinstance(at_hand, Cold):
        places.stand(act, facts, own, held, own.attempt_id if own else None)
        return at_hand
    base, stamp = at_hand
    prepared = compute(
        base.skeleton,
        base.running,
        field_name=facts.field_name,
        certificate_der=basis.certificate_der,
        chain_der=basis.chain_der,
        stamp=stamp,
        reserve=way.reserve,
        token=token_room(act.services),
        at=act.now,
    )
    ready = attempts.store(act, facts, basis, prepared, command_key)
    places.stand(act, facts, own, held, ready.attempt_id)
    attempts.move_seat(act, facts, (Step.READY, Step.SIGNING), Step.SIGNING)
    signature_entries.prepared(act, facts, ready, prepared)
    return ready


@query(Action.SIGN)
def prepared_pdf(act: Act, attempt_id: str) -> bytes:
    """The prepared revision with its empty gap, for the browser to compute the digest itself."""
    attempt = attempts.mine(act, attempt_id)
    return files.get(act.session, attempt.base_sha256) + attempt.tail


@query(Action.SIGN)
def prepared_after(act: Act, attempt_id: str, position: int) -> PreparedPart:
    """The same from a position on, for a browser that holds what comes before: the document it displays."""
    attempt = attempts.mine(act, attempt_id)
    length = attempt.base_length + len(attempt.tail)
    if position >= attempt.base_length:
        return PreparedPart(attempt.tail[position - attempt.base_length :], length)
    return PreparedPart(files.get_after(act.connection, attempt.base_sha256, position) + attempt.tail, length)


def complete(services: Services, actor: Actor, attempt_id: str, answer: bytes) -> Signed:
    """Take what the key holder sent (see `ways`: of a browser raw r‖s, 64 bytes), embed, stamp, verify and store it.

    Raises `AttemptExpired` or `StaleBase` (prepare again, the consent still holds), or the named refusal of a wrong
    answer. A repeated call returns the first result.
    """
    found = _pending(services, actor, attempt_id)
    if isinstance(found, Signed):
        return found
    way = ways.WAYS[found.custody]
    base = found.base or _base_of(services, actor, found.attempt.base_sha256)
    rehearsal_lock.require_fit(found.prepared.certificate_der, found.prepared.chain_der, base.skeleton.layout.rehearsal)
    opened = Opened(found.prepared, base, lambda: _base_pdf(services, actor, attempt_id))
    give_back = fail if way.holds_turn else refuse
    try:
        finished = way.finish(services, actor, opened, answer)
    except WrongInPdf as error:
        give_back(services, actor, attempt_id, WrongValue.code)
        raise WrongValue from error
    except (KeysError, PadesError) as error:
        give_back(services, actor, attempt_id, error.code)
        raise
    done = _store_signed(services, actor, found, finished)
    services.bases.keep(finished.base)
    services.pace.note(found.agreement_id, done.at)
    return done.result()


@query(Action.SIGN)
def _pending(act: Act, attempt_id: str) -> Signed | _Pending:
    attempt, facts = attempts.pending(act, attempt_id)
    if facts.completed_attempt is not None:
        return attempts.stored(act, attempt.signatory_id)
    attempts.require_current(act, attempt, facts)
    return _Pending(
        facts.agreement_id,
        ways.of(facts).kind,
        attempt,
        attempts.prepared_of(act, attempt, facts),
        act.services.bases.at(attempt.base_sha256),
    )


@query(Action.SIGN)
def _base_of(act: Act, sha256: str) -> Base:
    """The base of an attempt that another process prepared, or this one before it was started anew."""
    facts = signing_facts.facts(act, act.actor.signatory_id)
    if facts is None or facts.head_sha256 != sha256:
        raise StaleBase()
    return bases.read(act, facts)


@query(Action.SIGN)
def _base_pdf(act: Act, attempt_id: str) -> bytes:
    return files.get(act.session, attempts.mine(act, attempt_id).base_sha256)


@dataclass(slots=True)
class _Stored:
    """A signature that is stored; the log tells its place when the entry is written."""

    revision: int
    sha256: str
    at: datetime
    log_index: int = 0

    def result(self) -> Signed:
        return Signed(self.revision, self.sha256, self.at, self.log_index)


@command(Action.SIGN)
def _store_signed(act: Act, found: _Pending, finished: Finished) -> _Stored:
    signing_facts.lock(act, found.attempt.signatory_id)
    attempt, facts = attempts.pending_now(act, found.attempt)
    if facts.completed_attempt is not None:
        raise StaleBase()  # the other press won between our two transactions; the client asks and gets its result
    attempts.require_current(act, attempt, facts)
    base = finished.base
    done = _Stored(facts.head_number + 1, base.sha256, act.now)
    files.put_after(act.connection, attempt.base_sha256, finished.tail, base.sha256, base.skeleton.length, PDF)
    if not ways.WAYS[found.custody].issued_here:  # another program may have laid the document out anew
        files.put(act.session, skeleton.layout_bytes(base.skeleton.layout), bases.JSON)
    attempts.add_revision(act, facts, done.revision, base.sha256, bases.row_of(base))
    attempts.move_seat(act, facts, (Step.SIGNING,), Step.SIGNED)
    places.leave(act, facts)
    if facts.drawing_sha256 is not None:  # from here on it stands in the document, and nowhere else
        seat_drawings.forget(act, facts.signatory_id)

    def keep_index(receipt: Receipt) -> None:
        done.log_index = receipt.index
        attempts.finish(act, attempt.id, done.revision, receipt.index)

    signature_entries.signed(act, attempt, facts, done.revision, finished, keep_index)
    ways.WAYS[found.custody].keep(act, attempt, finished)
    signature_entries.end_round(act, facts)
    return done


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
