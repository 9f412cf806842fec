"""Levels of closed documents: what was asked for, and what the file itself says it has reached (EN 319 142-1, 6).

Works inside the transactions of `closing` and `renewals`; reading a file happens outside of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from signing_service.db import files
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.pki import DocumentLevel, PendingClosing
from signing_service.ids import new_id
from signing_service.operations.operation import Act, query
from signing_service.pades import long_term
from signing_service.permissions import Action

PDF = "application/pdf"
LOWEST_FIRST = ("B-B", "B-T", "B-LT", "B-LTA")
REQUESTED = "B-LTA"


@dataclass(frozen=True, slots=True)
class Reached:
    """What was read back from a closed file. `had_own_stamp`: field → the signature has a time stamp of its own."""

    fields: Mapping[str, str]
    had_own_stamp: Mapping[str, bool]
    authority: str
    authority_sha256: str
    stamp_ends_at: datetime

    @property
    def lowest(self) -> str:
        """The level that all signatures have."""
        return min(self.fields.values(), key=LOWEST_FIRST.index)


@dataclass(frozen=True, slots=True)
class Level:
    """Asked for and reached, as pages show it."""

    requested: str
    achieved: str
    fields: Mapping[str, str]
    authority: str
    stamp_ends_at: datetime


def read(pdf: bytes) -> Reached:
    """Read the levels and the last document time stamp from a closed file; raises as `long_term.levels`."""
    stamp = long_term.last_stamp(pdf)
    return Reached(
        long_term.levels(pdf), long_term.own_stamps(pdf), stamp.authority, stamp.certificate_sha256, stamp.ends_at
    )


def store(act: Act, agreement_id: str, number: int, pdf: bytes, reached: Reached) -> str:
    """The revision and its level; returns the SHA-256 of the file."""
    revision = DocumentRevision(
        id=new_id("rev"),
        agreement_id=agreement_id,
        number=number,
        kind="closed",
        sha256=files.put(act.session, pdf, PDF),
        created_at=act.now,
    )
    act.session.add(revision)
    act.session.flush()
    act.session.add(
        DocumentLevel(
            revision_id=revision.id,
            requested=REQUESTED,
            achieved=reached.lowest,
            fields=dict(reached.fields),
            authority=reached.authority,
            stamp_ends_at=reached.stamp_ends_at,
        )
    )
    return revision.sha256


@dataclass(frozen=True, slots=True)
class TimeProof:
    """How the time of an agreement's signatures is proved: when stamps are asked for, what waits, what was reached.

    `waiting_since` is set while a time stamp is still to come, `waiting_for` is the code of what was in the way.
    """

    each_signature: bool
    waiting_since: datetime | None
    waiting_for: str | None
    level: Level | None


@query(Action.AGREEMENT_READ)
def time_proof(act: Act, agreement_id: str) -> TimeProof:
    """What pages say about the time proof of an agreement."""
    pending = act.session.get(PendingClosing, agreement_id)
    row = act.session.scalar(
        select(DocumentLevel)
        .join(DocumentRevision, DocumentRevision.id == DocumentLevel.revision_id)
        .where(DocumentRevision.agreement_id == agreement_id)
        .order_by(DocumentRevision.number.desc())
        .limit(1)
    )
    level = Level(row.requested, row.achieved, row.fields, row.authority, row.stamp_ends_at) if row else None
    return TimeProof(
        act.services.settings.timestamp_each_signature,
        pending.since if pending is not None else None,
        pending.reason if pending is not None else None,
        level,
    )
