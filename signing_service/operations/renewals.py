"""Keeping closed documents verifiable: a new store and time stamp before the last stamp's certificate ends.

Done by the worker. A renewal that gains nothing, because the authority still stamps with the certificate that is about
to end, is not stored; it is tried again until the authority has a new one, and named in the operator's log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from agreements.errors import AgreementError
from keys.errors import KeysError
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import DocumentClosed
from signing_service.db import files
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.pki import DocumentLevel, PendingClosing
from signing_service.errors import N_, ChangedMeanwhile, ServiceError
from signing_service.operations import closing, levels, rows
from signing_service.operations.levels import Reached
from signing_service.operations.operation import Act, command, query
from signing_service.pades import long_term
from signing_service.pades.errors import PadesError
from signing_service.pades.material import Others
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services

RENEW_BEFORE = timedelta(days=90)
"""An authority that is down for weeks, or changed its address, must not cost a document its proof."""

TRY_AGAIN = timedelta(hours=6)
NO_GAIN = "renewal.no_gain"
log = structlog.get_logger("renewals")


@dataclass(frozen=True, slots=True)
class _Renewable:
    agreement_id: str
    head_sha256: str
    number: int
    pdf: bytes
    ends_at: datetime
    certificates: tuple[bytes, ...]
    others: frozenset[bytes]


def renew_due(services: Services) -> int:
    """Renew every closed document whose last time stamp ends within `RENEW_BEFORE`; returns how many were renewed."""
    renewed = 0
    for agreement_id in _due(services, SYSTEM):
        try:
            if renew(services, SYSTEM, agreement_id):
                renewed += 1
                continue
            reason = NO_GAIN
        except (KeysError, PadesError, AgreementError, ServiceError) as error:
            reason = error.code
        log.warning("not renewed yet", agreement=agreement_id, code=reason)
        _postpone(services, SYSTEM, agreement_id, reason)
    return renewed


def renew(services: Services, actor: Actor, agreement_id: str) -> bool:
    """Two more revisions over a closed document; False when its proof would not last any longer than now."""
    plan = _renewable(services, actor, agreement_id)
    found = closing.evidence_for(services, actor, plan.pdf, plan.certificates)
    pdf = long_term.renew(
        plan.pdf,
        crls_der=(*found.crls, *services.authorities.revocation_lists),
        ocsps_der=found.ocsps,
        certificates_der=found.certificates,
        trust_roots_der=closing.trust_roots(services),
        others=Others(plan.others, services.authorities.roots),
        timestamper=services.timestamps,
        now=services.clock(),
    )
    reached = levels.read(pdf)
    if reached.stamp_ends_at <= plan.ends_at:
        return False
    _store(services, actor, plan, pdf, reached)
    return True


@query(Action.CLOSE)
def _due(act: Act) -> tuple[str, ...]:
    newest = (
        select(DocumentRevision.agreement_id, func.max(DocumentRevision.number).label("number"))
        .group_by(DocumentRevision.agreement_id)
        .subquery()
    )
    return tuple(
        act.session.scalars(
            select(DocumentRevision.agreement_id)
            .join(DocumentLevel, DocumentLevel.revision_id == DocumentRevision.id)
            .join(
                newest,
                (newest.c.agreement_id == DocumentRevision.agreement_id) & (newest.c.number == DocumentRevision.number),
            )
            .outerjoin(PendingClosing, PendingClosing.agreement_id == DocumentRevision.agreement_id)
            .where(
                DocumentLevel.stamp_ends_at <= act.now + RENEW_BEFORE,
                PendingClosing.next_try_at.is_(None) | (PendingClosing.next_try_at <= act.now),
            )
        )
    )


@query(Action.CLOSE)
def _renewable(act: Act, agreement_id: str) -> _Renewable:
    head = rows.head(act, agreement_id)
    level = act.session.get_one(DocumentLevel, head.id)
    pdf = files.get(act.session, head.sha256)
    known = closing.certificates_of(act, agreement_id)
    return _Renewable(agreement_id, head.sha256, head.number, pdf, level.stamp_ends_at, *known)


@command(Action.CLOSE)
def _store(act: Act, plan: _Renewable, pdf: bytes, reached: Reached) -> None:
    rows.agreement_locked(act, plan.agreement_id)
    if rows.head(act, plan.agreement_id).sha256 != plan.head_sha256:
        raise ChangedMeanwhile(what=N_("The document"))
    sha256 = levels.store(act, plan.agreement_id, plan.number + 1, pdf, reached)
    pending = act.session.get(PendingClosing, plan.agreement_id)
    if pending is not None:
        act.session.delete(pending)
    renewed = DocumentClosed(sha256, reached.lowest, len(reached.fields) - 1)  # the service's seal is no signatory
    act.record(Recorded.DOCUMENT_RENEWED, renewed, agreement=plan.agreement_id)


@command(Action.CLOSE, recorded=False)
def _postpone(act: Act, agreement_id: str, reason: str) -> None:
    row = act.session.get(PendingClosing, agreement_id)
    act.session.merge(
        PendingClosing(
            agreement_id=agreement_id,
            since=row.since if row is not None else act.now,
            tries=row.tries + 1 if row is not None else 1,
            next_try_at=act.now + TRY_AGAIN,
            reason=reason,
        )
    )
