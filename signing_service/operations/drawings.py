"""A signature drawn at the seat: kept for the stamp, shown to its owner, taken back.

An ornament: it is part of the revision that is signed, so the digest covers it, and it proves nothing. Offered unless
the host switched it off, and only where a person signs: an organisation's seal has no hand.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.drawings import SeatDrawing
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, DrawingNotOffered
from signing_service.operations import bases, invitations, rows, seat_drawings, ways
from signing_service.operations.operation import Act, command, query
from signing_service.pades import drawing as grammar
from signing_service.pades.drawing import Drawing
from signing_service.pades.errors import PadesError
from signing_service.permissions import Action, Actor
from signing_service.services import Services

BEFORE_THE_PRESS = (Step.JOINED, Step.IDENTIFIED, Step.READY)


@dataclass(frozen=True, slots=True)
class DrawingOfSeat:
    """What a seat's page must know: whether one may draw, and which drawing is kept."""

    offered: bool
    sha256: str | None


def of_seat(act: Act, signatory: Signatory, ceremony: Ceremony) -> DrawingOfSeat:
    """The drawing of one seat, inside an operation."""
    kept = seat_drawings.of(act, signatory.id)
    return DrawingOfSeat(_is_offered(signatory, ceremony), kept.sha256 if kept is not None else None)


def _is_offered(signatory: Signatory, ceremony: Ceremony) -> bool:
    return ceremony.drawings and ways.of(signatory).by_person


@query(Action.SEAT_TAKE)
def mine(act: Act) -> Drawing | None:
    """What the asking signatory drew."""
    kept = seat_drawings.of(act, rows.signatory(act, act.actor.signatory_id).id)
    return grammar.of_bytes(kept.strokes) if kept is not None else None


def keep(services: Services, actor: Actor, strokes: object) -> None:
    """Keep what was drawn; an earlier drawing goes. Raises `DrawingRefused`, `DrawingNotOffered`, `SeatState` or
    `SigningEnded`."""
    drawing = grammar.read(strokes)
    _store(services, actor, drawing)
    _draw_ahead(services, actor)


def clear(services: Services, actor: Actor) -> None:
    """Take the drawing back; the stamp is again as without. Raises `SeatState` once the signature is under way."""
    _forget(services, actor)
    _draw_ahead(services, actor)


@command(Action.SEAT_TAKE, recorded=False)
def _store(act: Act, drawing: Drawing) -> None:
    signatory, ceremony = _locked(act)
    if not _is_offered(signatory, ceremony):
        raise DrawingNotOffered
    row = seat_drawings.of(act, signatory.id) or SeatDrawing(signatory_id=signatory.id)
    row.strokes, row.sha256, row.drawn_at = drawing.data, drawing.sha256, act.now
    act.session.add(row)


@command(Action.SEAT_TAKE, recorded=False)
def _forget(act: Act) -> None:
    signatory, _ = _locked(act)
    seat_drawings.forget(act, signatory.id)


def _locked(act: Act) -> tuple[Signatory, Ceremony]:
    """Before the press only, and while the agreement goes on."""
    signatory = rows.signatory(act, act.actor.signatory_id)
    invitations.require_going_on(rows.agreement_locked(act, signatory.agreement_id))  # first, as signatures do
    seat = rows.seat_locked(act, signatory.id)
    conduct.require_seat(seat.state, BEFORE_THE_PRESS, N_("draw"))
    return signatory, rows.ceremony(act, seat.ceremony_id)


def _draw_ahead(services: Services, actor: Actor) -> None:
    """The new stamp, now rather than at the press; what is wrong with it is told there."""
    services.warmed.discard(actor.signatory_id or "")
    try:
        bases.warm(services, actor)
    except PadesError:
        return
