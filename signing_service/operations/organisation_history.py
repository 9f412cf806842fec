"""What the audit log says about one organisation: kept as pointers to its entries, read back for its page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from signing_service.audit.entries import parse_time
from signing_service.audit.journal import Receipt
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.organisations import OrganisationEntry
from signing_service.db.models.people import Person
from signing_service.operations.operation import Act

MOST = 100


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One entry of the log: where it stands, what was done, by whom, and which fields changed."""

    index: int
    type: str
    at: datetime
    actor_name: str
    changed: tuple[str, ...]


def kept(act: Act, *organisation_ids: str) -> Callable[[Receipt], None]:
    """For `Act.record(then=…)`: the entry belongs to the history of these organisations."""

    def keep(receipt: Receipt) -> None:
        act.session.add_all(OrganisationEntry(organisation_id=one, idx=receipt.index) for one in organisation_ids)

    return keep


def history(act: Act, organisation_id: str) -> tuple[HistoryRow, ...]:
    """The newest entries about an organisation, newest first."""
    found = act.session.execute(
        select(LogEntry, Person.name)
        .join(OrganisationEntry, OrganisationEntry.idx == LogEntry.idx)
        .outerjoin(Person, Person.id == LogEntry.actor)
        .where(OrganisationEntry.organisation_id == organisation_id)
        .order_by(LogEntry.idx.desc())
        .limit(MOST)
    )
    return tuple(
        HistoryRow(row.idx, row.type, parse_time(row.at), name or row.actor, _changed(row.encoded))
        for row, name in found
    )


def _changed(encoded: bytes) -> tuple[str, ...]:
    """The fields that an entry names; none when somebody damaged the row, so that the page can still be read."""
    try:
        return tuple(str(name) for name in json.loads(encoded)["data"].get("changed", ()))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
