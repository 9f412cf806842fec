"""How far each seat has practised in the rehearsal that is running: the host's board before the day.

Works inside the transactions of others and opens none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from signing_service.ceremonies import conduct
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.rehearsals import Rehearsal, RehearsalSeat
from signing_service.operations.operation import Act


@dataclass(frozen=True, slots=True)
class Practised:
    """The steps of one seat."""

    signatory_id: str
    opened: bool
    shown: bool
    key_made: bool
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preflight:
    """A rehearsal that is running, and the steps of each seat by the signatory's id."""

    id: str
    started_at: datetime
    expires_at: datetime
    document_sha256: str
    seats: dict[str, Practised]

    @property
    def practised(self) -> int:
        """How many have made their practice signature."""
        return sum(1 for seat in self.seats.values() if seat.signed_at is not None)


def of(act: Act, ceremony: Ceremony) -> Preflight | None:
    """The rehearsal of a ceremony whose doors were not opened yet, if one is running."""
    if ceremony.state != conduct.Ceremony.PLANNED:
        return None
    row = running(act, ceremony.id)
    if row is None or row.expires_at <= act.now:
        return None
    return Preflight(row.id, row.started_at, row.expires_at, row.document_sha256, _seats(act, row))


def running(act: Act, ceremony_id: str) -> Rehearsal | None:
    """The row of the rehearsal that was not ended."""
    return act.session.scalar(
        select(Rehearsal).where(Rehearsal.ceremony_id == ceremony_id, Rehearsal.ended_at.is_(None))
    )


def seats_of(act: Act, rehearsal_id: str) -> list[RehearsalSeat]:
    """The rows of its seats."""
    return list(act.session.scalars(select(RehearsalSeat).where(RehearsalSeat.rehearsal_id == rehearsal_id)))


def _seats(act: Act, row: Rehearsal) -> dict[str, Practised]:
    return {
        seat.signatory_id: Practised(
            seat.signatory_id,
            opened=seat.opened_at is not None,
            shown=len(seat.pages_read) >= row.pages,
            key_made=seat.certificate_der is not None,
            signed_at=seat.signed_at,
        )
        for seat in seats_of(act, row.id)
    }
