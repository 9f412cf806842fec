"""The press of a rehearsal: prepare → the browser's key signs → complete, with the same machinery as a real signature.

What differs from `signatures` is what it stands on: a copy of one's own instead of the newest revision, so no turn; the
certificate of a rehearsal; no time stamp. The lock in `pades` refuses to mix the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from keys.browser_held import raw_to_der
from keys.errors import WrongValue
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.rehearsals import SeatRehearsed
from signing_service.audit.journal import Receipt
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db.models.rehearsals import RehearsalSeat
from signing_service.errors import N_, AttemptExpired, InvalidInput, NotFound, SeatState
from signing_service.operations import rehearsal_seats, seats
from signing_service.operations.attempts import Outcome, Ready, Signed
from signing_service.operations.bases import SHOWN
from signing_service.operations.operation import Act, command, query
from signing_service.operations.rehearsal_seats import Practice
from signing_service.operations.signatures import COMMAND_KEY_MAX
from signing_service.pades import bases, rehearsal_lock, stamps
from signing_service.pades.appearance import Texts
from signing_service.pades.bases import Base
from signing_service.pades.complete import complete_tail as embed
from signing_service.pades.errors import WrongValue as WrongInPdf
from signing_service.pades.prepare import prepare_next
from signing_service.pades.prepared import PreparedTail
from signing_service.permissions import Action, Actor
from signing_service.services import Services

NO_EFFECT = {"zh-Hans": "演练签名，无法律效力", "en": "Rehearsal – no legal effect"}
"""Stands in the stamp where a real one says who holds the key."""

REVISION = 2
"""Of the signed copy: everybody has a copy of their own, and the first revision is the empty one."""

LEASE = timedelta(minutes=15)
"""Nobody waits for it: it only tells the page until when it may answer."""


@dataclass(frozen=True, slots=True)
class _Press:
    field_name: str
    certificate_der: bytes
    texts: Texts
    pdf: bytes
    document_sha256: str


def prepare(services: Services, actor: Actor, document_sha256: str, command_key: str) -> Outcome:
    """Prepare the practice signature; a repeated command gives the same, a signed copy its result.

    Raises `RehearsalOver`, `SeatState`, `OtherDocument`, or what `pades.prepare` raises.
    """
    if not 8 <= len(command_key) <= COMMAND_KEY_MAX:
        raise InvalidInput(field="command_key", problem=N_("between 8 and 80 characters"))
    found = _facts(services, actor, document_sha256, command_key)
    if not isinstance(found, _Press):
        return found
    base = _base(services, found.pdf, found.document_sha256)
    field = base.skeleton.empty_field(found.field_name)
    prepared = prepare_next(
        base.skeleton,
        base.running,
        field_name=found.field_name,
        certificate_der=found.certificate_der,
        chain_der=_chain(services),
        stamp=stamps.drawn(found.texts, field),
        at=services.clock(),
    )
    return _store(services, actor, prepared, command_key)


@query(Action.SEAT_REHEARSE)
def _facts(act: Act, document_sha256: str, command_key: str) -> _Press | Outcome:
    practice = rehearsal_seats.mine_open(act)
    known = _known(act, practice.place, command_key)
    if known is not None:
        return known
    place, signatory = practice.place, practice.signatory
    if place.certificate_der is None:
        raise SeatState(state=Step.IDENTIFIED.value, command=N_("sign"))
    seats.require_document(document_sha256, practice.rehearsal.document_sha256)
    texts = Texts(
        name=signatory.name,
        party=_shown(signatory.party),
        title=_shown(signatory.title),
        custody=_shown(NO_EFFECT),
        fonts=act.services.settings.fonts_dir / "pdf",
        rehearsal=True,
    )
    return _Press(signatory.field_name, place.certificate_der, texts, practice.rehearsal.pdf, document_sha256)


@command(Action.SEAT_REHEARSE, recorded=False)
def _store(act: Act, prepared: PreparedTail, command_key: str) -> Outcome:
    place = rehearsal_seats.mine_open(act, locked=True).place
    known = _known(act, place, command_key)
    if known is not None:
        return known
    if place.certificate_der != prepared.certificate_der:
        raise AttemptExpired()
    place.command_key, place.tail = command_key, prepared.tail
    place.reserved_start, place.reserved_end = prepared.reserved_start, prepared.reserved_end
    place.document_digest, place.signed_attributes = prepared.document_digest, prepared.signed_attributes
    act.session.flush()
    return _ready(act, place)


def complete(services: Services, actor: Actor, answer: bytes) -> Signed:
    """Take the browser's raw r‖s, embed and verify it, and keep the signed copy. Raises `WrongValue`, `AttemptExpired`,
    `RehearsalOver`. A repeated call returns the first result."""
    found = _pending(services, actor)
    if isinstance(found, Signed):
        return found
    prepared, pdf = found
    base = _base(services, pdf, prepared.base_sha256)
    rehearsal_lock.require_fit(prepared.certificate_der, prepared.chain_der, base.skeleton.layout.rehearsal)
    try:
        tail = embed(prepared, base.running, raw_to_der(answer), None)
    except WrongInPdf as error:
        raise WrongValue from error
    return _store_signed(services, actor, prepared, tail, base.grown(tail, prepared.field_name).sha256).result()


@query(Action.SEAT_REHEARSE)
def _pending(act: Act) -> Signed | tuple[PreparedTail, bytes]:
    practice = rehearsal_seats.mine_open(act)
    done = _signed(practice.place)
    return done if done is not None else (_prepared(act, practice), practice.rehearsal.pdf)


@dataclass(slots=True)
class _Stored:
    """A practice signature that is stored; the log tells its place when the entry is written."""

    sha256: str
    at: datetime
    log_index: int = 0

    def result(self) -> Signed:
        return Signed(REVISION, self.sha256, self.at, self.log_index)


@command(Action.SEAT_REHEARSE)
def _store_signed(act: Act, prepared: PreparedTail, tail: bytes, signed_sha256: str) -> _Stored:
    practice = rehearsal_seats.mine_open(act, locked=True)
    place = practice.place
    if place.signed_at is not None or place.signed_attributes != prepared.signed_attributes:
        raise AttemptExpired()
    place.tail, place.signed_sha256, place.signed_at, place.last_seen_at = tail, signed_sha256, act.now, act.now

    done = _Stored(signed_sha256, act.now)

    def keep_index(receipt: Receipt) -> None:
        place.log_index = done.log_index = receipt.index

    rehearsal = practice.rehearsal
    rehearsed = SeatRehearsed(
        rehearsal.ceremony_id,
        rehearsal.id,
        practice.seat_id,
        practice.signatory.id,
        rehearsal.document_sha256,
        signed_sha256,
    )
    act.record(Recorded.SEAT_REHEARSED, rehearsed, agreement=practice.signatory.agreement_id, then=keep_index)
    return done


@query(Action.SEAT_REHEARSE)
def prepared_pdf(act: Act) -> bytes:
    """The copy with its empty gap, for the browser to compute the digest itself. Raises `NotFound`."""
    practice = rehearsal_seats.mine_open(act)
    if practice.place.tail is None or practice.place.signed_at is not None:
        raise NotFound(what=N_("signature attempt"))
    return practice.rehearsal.pdf + practice.place.tail


@query(Action.SEAT_REHEARSE)
def signed_copy(act: Act) -> bytes:
    """The copy with the practice signature of the one who asks; raises `NotFound`."""
    practice = rehearsal_seats.mine(act)
    if practice.place.tail is None or practice.place.signed_at is None:
        raise NotFound(what=N_("document"))
    return practice.rehearsal.pdf + practice.place.tail


@query(Action.SEAT_REHEARSE)
def outcome(act: Act, command_key: str) -> Outcome | None:
    """What became of a command; None when it never arrived."""
    return _known(act, rehearsal_seats.mine(act).place, command_key)


def _known(act: Act, place: RehearsalSeat, command_key: str) -> Outcome | None:
    done = _signed(place)
    if done is not None:
        return done
    return _ready(act, place) if place.command_key == command_key and place.tail is not None else None


def _signed(place: RehearsalSeat) -> Signed | None:
    if place.signed_at is None or place.signed_sha256 is None:
        return None
    return Signed(REVISION, place.signed_sha256, place.signed_at, place.log_index or 0)


def _ready(act: Act, place: RehearsalSeat) -> Ready:
    prepared = _prepared(act, rehearsal_seats.mine(act))
    return Ready(
        attempt_id="practice",
        signed_attributes=prepared.signed_attributes,
        byte_range=(0, prepared.reserved_start, prepared.reserved_end, prepared.length - prepared.reserved_end),
        base_sha256=prepared.base_sha256,
        expires_at=act.now + LEASE,
    )


def _prepared(act: Act, practice: Practice) -> PreparedTail:
    """The prepared signature back from its row; raises `AttemptExpired` when nothing is prepared."""
    place = practice.place
    if (
        place.tail is None
        or place.reserved_start is None
        or place.reserved_end is None
        or place.document_digest is None
        or place.signed_attributes is None
        or place.certificate_der is None
    ):
        raise AttemptExpired()
    return PreparedTail(
        tail=place.tail,
        base_length=len(practice.rehearsal.pdf),
        base_sha256=practice.rehearsal.document_sha256,
        field_name=practice.signatory.field_name,
        reserved_start=place.reserved_start,
        reserved_end=place.reserved_end,
        document_digest=place.document_digest,
        signed_attributes=place.signed_attributes,
        certificate_der=place.certificate_der,
        chain_der=_chain(act.services),
    )


def _chain(services: Services) -> tuple[bytes, ...]:
    return (services.rehearsal_keys.authority(services.clock()).certificate_der,)


def _base(services: Services, pdf: bytes, document_sha256: str) -> Base:
    base = services.bases.at(document_sha256)
    if base is None:
        base = bases.read(pdf)
        services.bases.keep(base)
    return base


def _shown(texts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((lang, texts[lang]) for lang in SHOWN if lang in texts)
