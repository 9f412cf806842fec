"""A signatory's side of a rehearsal up to the press: the same page, the same steps, and rows of its own.

Everybody practises on a copy of their own, so nobody waits for a turn. Of the real seat nothing is touched, not even
its presence. The steps are those of `seats`, in their order, with the same checks of the browser's key.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import select

from agreements.rendering import page_images
from keys.issuing.authority import IssuedCertificate
from keys.rehearsal_errors import RehearsalKeyReused
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import rehearsals as details
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.ceremonies.consent import REHEARSAL as WAY
from signing_service.db.inserts import insert_new
from signing_service.db.models.rehearsals import Rehearsal, RehearsalKey, RehearsalSeat
from signing_service.db.models.signatories import Certificate, Signatory
from signing_service.errors import N_, ConsentMissing, InvalidInput, NotFound, PagesUnread, RehearsalOver
from signing_service.operations import boards, preflights, rehearsals, rows, seats
from signing_service.operations.boards import SeatBoard, SeatTile
from signing_service.operations.drawings import DrawingOfSeat
from signing_service.operations.operation import Act, command, query
from signing_service.operations.passkeys import SeatPasskey
from signing_service.operations.seats import ReadyRequest
from signing_service.permissions import Action, Actor
from signing_service.services import Services

_NO_PASSKEY = SeatPasskey(offered=False, required=False, rp_id=None, credential_id=None)

_NO_DRAWING = DrawingOfSeat(offered=False, sha256=None)


@dataclass(frozen=True, slots=True)
class Practice:
    """The asking signatory's place in the newest rehearsal of their ceremony."""

    rehearsal: Rehearsal
    place: RehearsalSeat
    signatory: Signatory
    seat_id: str
    open: bool


@query(Action.SEAT_REHEARSE)
def board(act: Act, language: str | None = None) -> SeatBoard:
    """The board of the signatory who practises; raises `RehearsalOver` when there is nothing left of a rehearsal."""
    return board_of(act, mine(act), language)


def board_of(act: Act, practice: Practice, language: str | None) -> SeatBoard:
    """The real board with the copy in the place of the document, and the practice in the place of the progress."""
    real, rehearsal, place = boards.seat_board(act, language), practice.rehearsal, practice.place
    rows_of = {row.signatory_id: row for row in preflights.seats_of(act, rehearsal.id)}
    tiles = tuple(_tile(act, tile, rows_of.get(tile.signatory_id)) for tile in real.board.seats)
    me = next(tile for tile in tiles if tile.signatory_id == practice.signatory.id)
    state = "live" if practice.open or place.signed_at is not None else "concluded"
    facts = replace(
        real.board.agreement, document_sha256=rehearsal.document_sha256, pages=rehearsal.pages, sign_until_at=None
    )
    shown = replace(
        real.board,
        ceremony=replace(real.board.ceremony, state=state, round_state="open"),
        agreement=facts,
        seats=tiles,
        allowed=(),
        final_sha256=None,
    )
    return replace(
        real,
        board=shown,
        me=me,
        challenge=place.challenge,
        invitation_id=f"{rehearsal.id}.{real.invitation_id}",  # the browser keeps practice keys apart, too
        certificate_serial=None if place.certificate_der is None else sha256(place.certificate_der).hexdigest()[:40],
        outside=WAY,
        pages_read=tuple(place.pages_read),
        consent=boards.consent_for(facts, me, language or practice.signatory.language),
        passkey=_NO_PASSKEY,
        drawing=_NO_DRAWING,
    )


def _tile(act: Act, tile: SeatTile, row: RehearsalSeat | None) -> SeatTile:
    state = Step.INVITED
    if row is not None and row.opened_at is not None:
        state = Step.IDENTIFIED
    if row is not None and row.certificate_der is not None:
        state = Step.SIGNED if row.signed_at is not None else Step.READY
    seen = row.last_seen_at if row is not None else None
    return replace(
        tile,
        state=state.value,
        present=seen is not None and act.now - seen <= boards.PRESENT_WITHIN,
        signed_at=row.signed_at if row is not None else None,
        outside=WAY,
    )


def mine(act: Act) -> Practice:
    """The practice of the signatory who acts, ended or not; raises `RehearsalOver` when nothing is left of any."""
    signatory = rows.signatory(act, act.actor.signatory_id)
    seat = rows.seat(act, signatory.id)
    newest = select(Rehearsal).where(Rehearsal.ceremony_id == seat.ceremony_id).order_by(Rehearsal.started_at.desc())
    rehearsal = act.session.scalar(newest.limit(1))
    place = act.session.get(RehearsalSeat, (rehearsal.id, signatory.id)) if rehearsal is not None else None
    if rehearsal is None or place is None:
        raise RehearsalOver
    running = preflights.of(act, rows.ceremony(act, seat.ceremony_id))
    going_on = running is not None and running.id == rehearsal.id
    going_on = going_on and not rows.has_ended(rows.agreement(act, signatory.agreement_id))
    return Practice(rehearsal, place, signatory, seat.id, going_on)


def mine_open(act: Act, *, locked: bool = False) -> Practice:
    """The same, still going on; raises `RehearsalOver`. `locked`: nobody opens the doors meanwhile."""
    if locked:
        rows.agreement_locked(act, rows.signatory(act, act.actor.signatory_id).agreement_id)
    practice = mine(act)
    if not practice.open:
        raise RehearsalOver
    if locked:
        act.session.refresh(practice.place, with_for_update=True)
    return practice


@command(Action.SEAT_REHEARSE, recorded=False)
def here(act: Act) -> None:
    """The page is open."""
    place = mine_open(act).place
    place.opened_at = place.opened_at or act.now
    place.last_seen_at = act.now


@command(Action.SEAT_REHEARSE, recorded=False)
def pages_read(act: Act, pages: Sequence[int], document_sha256: str) -> None:
    """These pages (from 1) of the copy were on the screen."""
    practice = mine_open(act, locked=True)
    seats.require_document(document_sha256, practice.rehearsal.document_sha256)
    if any(not 1 <= page <= practice.rehearsal.pages for page in pages):
        raise InvalidInput(field="pages", problem=N_("there is no such page"))
    practice.place.pages_read = sorted({*practice.place.pages_read, *pages})
    practice.place.last_seen_at = act.now


@command(Action.SEAT_REHEARSE, recorded=False)
def again(act: Act) -> None:
    """Practise once more from the beginning, on any device."""
    place = mine_open(act, locked=True).place
    place.challenge, place.pages_read = rehearsals.new_challenge(), []
    place.certificate_der = place.spki_sha256 = None
    place.command_key = place.tail = place.document_digest = place.signed_attributes = None
    place.reserved_start = place.reserved_end = None
    place.signed_sha256 = place.signed_at = place.log_index = None


def ready(services: Services, actor: Actor, request: ReadyRequest) -> SeatBoard:
    """Accept the sentence and have the practice key certified by the authority of rehearsals.

    Raises as `seats.ready`, `RehearsalOver`, or `RehearsalKeyReused` for a key that has a real certificate.
    """
    facts = _ready_facts(services, actor, request)
    spki_sha256 = seats.proved_key(request, b64decode(facts.challenge))
    if facts.certified == spki_sha256:
        return board(services, actor, request.consent_language)
    _require_unreal(services, actor, spki_sha256)
    issued = services.rehearsal_keys.issue(
        request.csr_der,
        name=facts.name,
        country=facts.country,
        rehearsal_id=facts.rehearsal_id,
        now=services.clock(),
    )
    return _store_ready(services, actor, request, issued)


@dataclass(frozen=True, slots=True)
class _Facts:
    rehearsal_id: str
    challenge: str
    certified: str | None
    name: str
    country: str


@query(Action.SEAT_REHEARSE)
def _ready_facts(act: Act, request: ReadyRequest) -> _Facts:
    practice = mine_open(act)
    _require_acceptable(act, practice, request)
    place, signatory = practice.place, practice.signatory
    return _Facts(practice.rehearsal.id, place.challenge, place.spki_sha256, signatory.name, signatory.country)


@query(Action.SEAT_REHEARSE)
def _require_unreal(act: Act, spki_sha256: str) -> None:
    if act.session.scalar(select(Certificate.serial).where(Certificate.spki_sha256 == spki_sha256).limit(1)):
        raise RehearsalKeyReused


@command(Action.SEAT_REHEARSE)
def _store_ready(act: Act, request: ReadyRequest, issued: IssuedCertificate) -> SeatBoard:
    practice = mine_open(act, locked=True)
    _require_acceptable(act, practice, request)
    place, signatory = practice.place, practice.signatory
    if issued.invitation_id != practice.rehearsal.id or place.signed_at is not None:
        raise RehearsalOver
    insert_new(act.session, RehearsalKey, [{"spki_sha256": issued.spki_sha256}])
    place.certificate_der, place.spki_sha256, place.last_seen_at = issued.der, issued.spki_sha256, act.now
    place.command_key = None
    certified = details.RehearsalKeyCertified(
        practice.rehearsal.ceremony_id,
        practice.rehearsal.id,
        practice.seat_id,
        signatory.id,
        issued.sha256,
        issued.spki_sha256,
    )
    act.record(Recorded.REHEARSAL_KEY_CERTIFIED, certified, agreement=signatory.agreement_id)
    act.session.flush()
    return board_of(act, practice, request.consent_language)


def _require_acceptable(act: Act, practice: Practice, request: ReadyRequest) -> None:
    """The guards of being ready, as at the real seat: the copy that was shown, read whole, its sentence accepted."""
    seats.require_document(request.document_sha256, practice.rehearsal.document_sha256)
    pages = range(1, practice.rehearsal.pages + 1)
    unread = [str(page) for page in pages if page not in practice.place.pages_read]
    if unread:
        raise PagesUnread(pages=", ".join(unread))
    consent = board_of(act, practice, request.consent_language).consent
    if (request.consent_text_id, request.consent_sha256) != (consent.text_id, consent.sha256):
        raise ConsentMissing()


@query(Action.SEAT_REHEARSE)
def copy(act: Act, sha256: str) -> bytes:
    """The marked copy, named by its hash; raises `NotFound`."""
    rehearsal = mine(act).rehearsal
    if rehearsal.document_sha256 != sha256:
        raise NotFound(what=N_("document"))
    return rehearsal.pdf


def page_png(services: Services, actor: Actor, sha256: str, page: int, width: int) -> bytes:
    """One page of the copy (from 1) as PNG, `width` pixels wide."""
    return page_images.page_png(copy(services, actor, sha256), page - 1, width)


def page_words(services: Services, actor: Actor, sha256: str, page: int) -> tuple[page_images.Word, ...]:
    """The words of one page of the copy (from 1)."""
    return page_images.page_words(copy(services, actor, sha256), page - 1)
