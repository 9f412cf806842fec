"""Until when an agreement is open for signature: setting the last day, putting it off, taking it away.

What happens when the day is over is in `endings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from agreements.course_errors import NotPermittedInState
from agreements.deadlines import OPEN_FOR_SIGNATURE, Deadline, check_deadline, day_of
from agreements.lifecycle import State
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import DeadlineSet
from signing_service.ceremonies import conduct
from signing_service.db.models.agreements import Agreement
from signing_service.errors import N_, ChangedMeanwhile
from signing_service.operations import rows
from signing_service.operations.operation import Act, command
from signing_service.permissions import Action

OVER = (conduct.Ceremony.CONCLUDED, conduct.Ceremony.ABORTED)


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """The last day for signing as pages show it; `ends_at` is the first moment too late."""

    day: date
    zone: str
    ends_at: datetime


@command(Action.DEADLINE_SET)
def change(act: Act, agreement_id: str, deadline: Deadline | None, row_version: int) -> None:
    """Set the last day, or take it away with None.

    Raises `DeadlineInvalid`, `ChangedMeanwhile`, or the lifecycle's error when a deadline means nothing in this state.
    """
    agreement = rows.agreement_locked(act, agreement_id)
    if State(agreement.state) not in OPEN_FOR_SIGNATURE:
        raise NotPermittedInState(state=agreement.state, command=N_("set a deadline"))
    if agreement.row_version != row_version:
        raise ChangedMeanwhile(what=N_("The agreement"))
    keep(act, agreement, deadline)
    rows.touch(act, agreement)


def keep(act: Act, agreement: Agreement, deadline: Deadline | None, *, begins_at: datetime | None = None) -> None:
    """Store a deadline inside the caller's transaction and record it; `begins_at` of a ceremony planned just now."""
    ceremony = rows.ceremony_of(act, agreement.id)
    going_on = ceremony is not None and ceremony.state not in OVER
    if deadline is not None:
        planned = ceremony.starts_at if ceremony is not None and going_on else None
        check_deadline(deadline, now=act.now, ceremony_at=begins_at or planned)
    agreement.sign_until_at = deadline.ends_at if deadline is not None else None
    agreement.sign_until_zone = deadline.zone if deadline is not None else None
    details = DeadlineSet(agreement.sign_until_at, agreement.sign_until_zone, ceremony.id if ceremony else None)
    act.record(Recorded.AGREEMENT_DEADLINE_SET, details, agreement=agreement.id)


def row_of(agreement: Agreement) -> DeadlineRow | None:
    """The deadline of an agreement, if it has one."""
    if agreement.sign_until_at is None or agreement.sign_until_zone is None:
        return None
    zone = agreement.sign_until_zone
    return DeadlineRow(day_of(agreement.sign_until_at, zone), zone, agreement.sign_until_at)
