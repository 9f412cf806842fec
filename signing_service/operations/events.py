"""The live events of a ceremony: the tail of its audit log, as far as one audience may see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from signing_service.audit.actions import Action as Recorded
from signing_service.audit.actions import Audience
from signing_service.audit.catalogue import CATALOGUE
from signing_service.db.models.audit import LogEntry, LogHead
from signing_service.db.models.signatories import Invitation
from signing_service.errors import LinkRevoked, NotFound
from signing_service.operations import rows
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action

BATCH = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the live view sees it; `index` is its number in the log and in the stream."""

    index: int
    type: str
    at: str
    data: dict[str, Any]


@query(Action.OPERATE)
def log_size(act: Act) -> int:
    """How many entries the log has; a process that follows it asks often."""
    return act.session.scalar(select(LogHead.size)) or 0


@query(Action.CEREMONY_WATCH)
def after(act: Act, ceremony_id: str, index: int) -> tuple[tuple[Event, ...], int]:
    """The events after log entry `index`, and the index to continue from (which passes over what is not shown).

    Raises `NotFound` for a ceremony there is not, or that is not the one of the stage link or the seat that asks, and
    `LinkRevoked` once the link of the seat was withdrawn.
    """
    _require_own(act, ceremony_id)
    audience = _audience(act.actor.kind)
    found = list(
        act.session.scalars(
            select(LogEntry)
            .where(LogEntry.ceremony == ceremony_id, LogEntry.idx > index)
            .order_by(LogEntry.idx)
            .limit(BATCH)
        )
    )
    shown = tuple(
        Event(row.idx, row.type, row.at, json.loads(row.encoded)["data"])
        for row in found
        if audience in CATALOGUE[Recorded(row.type)].live
    )
    return shown, found[-1].idx if found else index


@query(Action.SEAT_TAKE)
def my_ceremony(act: Act) -> str:
    """The ceremony of the signatory who asks."""
    return rows.seat(act, act.actor.signatory_id or "").ceremony_id


def _require_own(act: Act, ceremony_id: str) -> None:
    ceremony = rows.ceremony(act, ceremony_id)
    own = act.actor.ceremony_id
    if act.actor.kind == "signatory":
        invitation = act.session.get(Invitation, act.actor.invitation_id or "")
        if invitation is None or invitation.revoked_at is not None:
            raise LinkRevoked()
        own = rows.seat(act, act.actor.signatory_id or "").ceremony_id
    if act.actor.kind != "staff" and own != ceremony.id:
        raise NotFound(what=rows.CEREMONY)


def _audience(kind: str) -> Audience:
    return {"staff": Audience.HOST, "signatory": Audience.SEAT}.get(kind, Audience.STAGE)
