"""The directory as a table: what a file would add, adding all of it at once, and taking the directory home."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from agreements.identifiers import SCHEMES
from agreements.languages import choose
from agreements.organisation_tables import CellProblem, Table, read_table, written
from agreements.problems import FieldProblem
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.organisations import OrganisationsExported, OrganisationsImported
from signing_service.db.models.organisations import Organisation
from signing_service.errors import N_, InvalidInput
from signing_service.operations import organisation_history
from signing_service.operations.operation import Act, command, query
from signing_service.operations.organisations import stored, takers
from signing_service.permissions import Action

TAKEN = N_("{number} is the number of “{name}”, which is in the directory already.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would add. Nothing is stored; it can be confirmed while `problems` is empty."""

    table: Table
    problems: tuple[CellProblem, ...]


@query(Action.ORGANISATION_EDIT)
def preview(act: Act, data: bytes) -> Preview:
    """Read a table and look its numbers up in the directory. Raises `TableUnreadable`."""
    return _preview(act, data)


@command(Action.ORGANISATION_EDIT)
def take_in(act: Act, data: bytes) -> int:
    """Enter every organisation of a table, or none; returns how many. Raises `InvalidInput` while it has mistakes."""
    found = _preview(act, data)
    if found.problems or not found.table.rows:
        raise InvalidInput(field="table", problem=N_("it has mistakes; nothing was stored"))
    enter(act, [dict(row.values) for row in found.table.rows], hashlib.sha256(data).hexdigest())
    return len(found.table.rows)


@command(Action.ORGANISATION_EDIT)
def take_out(act: Act) -> bytes:
    """The whole directory as a table, archived entries left out; handing it out is recorded."""
    rows = list(
        act.session.scalars(
            select(Organisation).where(Organisation.archived_at.is_(None)).order_by(Organisation.found_by)
        )
    )
    data = written(row.values for row in rows)
    act.record(Recorded.ORGANISATIONS_EXPORTED, OrganisationsExported(hashlib.sha256(data).hexdigest(), len(rows)))
    return data


def enter(act: Act, entries: Sequence[dict[str, Any]], file_sha256: str) -> None:
    """Enter checked values in the caller's transaction, with one entry in the log for all of them."""
    ids = tuple(stored(act, values).id for values in entries)
    imported = OrganisationsImported(file_sha256, ids)
    act.record(Recorded.ORGANISATIONS_IMPORTED, imported, then=organisation_history.kept(act, *ids))


def _preview(act: Act, data: bytes) -> Preview:
    table = read_table(data, act.now.date())
    taken = [
        CellProblem(
            row.row, row.values["identifiers"][index]["scheme"], _taken(row.values["identifiers"][index], other)
        )
        for row in table.rows
        for index, other in takers(act, row.values, None)
    ]
    return Preview(table, tuple(sorted((*table.problems, *taken), key=lambda one: one.row)))


def _taken(number: dict[str, str], other: Organisation) -> FieldProblem:
    name = choose(other.values["legal_name"], "en")
    return FieldProblem(
        "identifiers",
        "organisation.number_taken",
        TAKEN,
        {"number": number["value"], "name": name},
        SCHEMES[number["scheme"]],
    )
