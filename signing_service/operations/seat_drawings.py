"""The rows of drawn signatures: read for a stamp, and gone when the signature is stored or will not come.

Works inside the transactions of others. Nothing of a drawing is in the log but its SHA-256, in the entry of the
signature that was prepared with it.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from signing_service.db.models.drawings import SeatDrawing
from signing_service.db.models.signatories import Signatory
from signing_service.operations.operation import Act


def of(act: Act, signatory_id: str) -> SeatDrawing | None:
    """The drawing of a signatory."""
    return act.session.get(SeatDrawing, signatory_id)


def forget(act: Act, signatory_id: str) -> None:
    """No drawing of this signatory any more."""
    act.session.execute(delete(SeatDrawing).where(SeatDrawing.signatory_id == signatory_id))


def forget_all(act: Act, agreement_id: str) -> None:
    """No drawing of anybody in this agreement: nobody will sign it any more, or not in this ceremony."""
    people = select(Signatory.id).where(Signatory.agreement_id == agreement_id)
    act.session.execute(delete(SeatDrawing).where(SeatDrawing.signatory_id.in_(people)))
