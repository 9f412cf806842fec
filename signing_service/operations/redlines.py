"""What changed between two versions of an agreement."""

from __future__ import annotations

from dataclasses import dataclass

import agreements.redlines as rules
from signing_service.db.models.people import Person
from signing_service.operations import rows
from signing_service.operations.agreements import AgreementRow, VersionRow, row_of
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action


@dataclass(frozen=True, slots=True)
class RedlineView:
    """A comparison with the two versions it is between."""

    agreement: AgreementRow
    old: VersionRow
    new: VersionRow
    redline: rules.Redline


@query(Action.AGREEMENT_READ)
def compare(act: Act, agreement_id: str, old: int, new: int) -> RedlineView:
    """Version `old` against version `new`; raises `NotFound`."""
    before, after = rows.version(act, agreement_id, old), rows.version(act, agreement_id, new)
    return RedlineView(
        row_of(rows.agreement(act, agreement_id)),
        _row(act, agreement_id, old),
        _row(act, agreement_id, new),
        rules.compare(before, after),
    )


def _row(act: Act, agreement_id: str, number: int) -> VersionRow:
    row = rows.version_row(act, agreement_id, number)
    return VersionRow(row.number, row.sha256, row.saved_at, act.session.get_one(Person, row.saved_by).name)
