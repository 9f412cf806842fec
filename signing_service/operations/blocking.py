"""Comments that stand in the way of freezing: those that legal staff marked as blocking, as long as they are open."""

from __future__ import annotations

from sqlalchemy import select

from agreements import comments as rules
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.comments import Comment
from signing_service.operations.operation import Act


def require_none(act: Act, agreement: Agreement) -> None:
    """Raise CommentsBlock while there is one, whatever version it was made on."""
    found = act.session.scalars(
        select(Comment)
        .where(Comment.agreement_id == agreement.id, Comment.blocking, Comment.state == rules.OPEN)
        .order_by(Comment.added_at, Comment.id)
    )
    rules.require_none_blocking((one.clause_id, one.words) for one in found)
