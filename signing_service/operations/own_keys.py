"""What a change of the service's own keys must know before it begins."""

from __future__ import annotations

from sqlalchemy import func, select

from signing_service.db.models.signatories import Certificate
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action


@query(Action.PUBLIC)
def certificates_that_hold(act: Act) -> int:
    """How many certificates of the issuing key are neither ended nor revoked: its list must go on for them."""
    holding = (
        select(func.count())
        .select_from(Certificate)
        .where(Certificate.issued_here, Certificate.not_after > act.now, Certificate.revoked_at.is_(None))
    )
    return act.session.scalar(holding) or 0
