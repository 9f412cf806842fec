"""Bringing a fully signed document to its long-term level (PAdES B-LTA) and telling everybody.

Done by the worker, again and again until it succeeds: a process killed in the middle leaves either the signed document
or the closed one, never something between.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import select

from agreements.errors import AgreementError
from agreements.lifecycle import Command, State
from keys.encoded import each
from keys.errors import KeysError
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementCompleted, DocumentClosed
from signing_service.ceremonies import conduct
from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Certificate
from signing_service.errors import N_, ChangedMeanwhile
from signing_service.ids import new_id
from signing_service.notifications import messages, outbox
from signing_service.operations import boards, rows, successors
from signing_service.operations.operation import Act, command, query
from signing_service.pades import long_term
from signing_service.pades.errors import PadesError
from signing_service.pades.material import Others
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services

PDF = "application/pdf"
LOWEST_FIRST = ("B-B", "B-T", "B-LT", "B-LTA")
log = structlog.get_logger("closing")


@dataclass(frozen=True, slots=True)
class _Closable:
    agreement_id: str
    head_sha256: str
    head_number: int
    pdf: bytes
    certificates: tuple[bytes, ...]
    others: frozenset[bytes]


def close_due(services: Services) -> int:
    """Close every agreement whose round is signed; returns how many were closed.

    One that cannot be closed now is left for the next round and named in the operator's log.
    """
    closed = 0
    for agreement_id in _due(services, SYSTEM):
        try:
            close(services, SYSTEM, agreement_id)
            closed += 1
        except (KeysError, PadesError, AgreementError, ChangedMeanwhile) as error:
            log.warning("not closed yet", agreement=agreement_id, code=error.code)
    return closed


def close(services: Services, actor: Actor, agreement_id: str) -> None:
    """One security store and one document time stamp over all signatures; the agreement is then completed."""
    plan = _closable(services, actor, agreement_id)
    keyring, now = services.keyring, services.clock()
    closed = long_term.close(
        plan.pdf,
        crls_der=(*revocation_lists(services, actor), *services.authorities.revocation_lists),
        certificates_der=(keyring.issuing_der, *plan.certificates),
        trust_roots_der=(keyring.root_der,),
        others=Others(plan.others, services.authorities.roots),
        timestamper=services.timestamps,
        now=now,
    )
    level = min(long_term.levels(closed).values(), key=LOWEST_FIRST.index)
    _store_closed(services, actor, plan, closed, level)


@query(Action.PUBLIC)
def revoked_certificates(act: Act) -> tuple[tuple[int, object, str], ...]:
    """(serial, revoked at, reason) of every certificate our issuing authority revoked."""
    revoked = act.session.scalars(
        select(Certificate).where(Certificate.revoked_at.is_not(None), Certificate.issued_here)
    )
    return tuple((int(c.serial, 16), c.revoked_at, c.revocation_reason or "unspecified") for c in revoked)


def revocation_lists(services: Services, actor: Actor) -> tuple[bytes, bytes]:
    """Fresh revocation lists (DER) of the issuing authority and of the root."""
    revoked = revoked_certificates(services, actor)
    return services.keyring.crls(revoked, services.clock())  # type: ignore[arg-type]  # rows are never without a date


@query(Action.CLOSE)
def _due(act: Act) -> tuple[str, ...]:
    return tuple(
        act.session.scalars(
            select(Agreement.id)
            .join(Ceremony, Ceremony.agreement_id == Agreement.id)
            .where(Agreement.state == State.SIGNING.value, Ceremony.round_state == conduct.Round.SIGNED.value)
        )
    )


@query(Action.CLOSE)
def _closable(act: Act, agreement_id: str) -> _Closable:
    head = rows.head(act, agreement_id)
    certificates = act.session.scalars(
        select(Certificate).where(
            Certificate.signatory_id.in_([s.id for s in rows.signatories(act, agreement_id)]),
            Certificate.revoked_at.is_(None),
        )
    ).all()
    chains = (one for certificate in certificates for one in each(certificate.chain or b""))
    return _Closable(
        agreement_id=agreement_id,
        head_sha256=head.sha256,
        head_number=head.number,
        pdf=files.get(act.session, head.sha256),
        certificates=(*(one.der for one in certificates), *chains),
        others=frozenset(one.der for one in certificates if not one.issued_here),
    )


@command(Action.CLOSE)
def _store_closed(act: Act, plan: _Closable, pdf: bytes, level: str) -> None:
    agreement = rows.agreement_locked(act, plan.agreement_id)
    if rows.head(act, plan.agreement_id).sha256 != plan.head_sha256:
        raise ChangedMeanwhile(what=N_("The document"))
    rows.move(act, agreement, Command.COMPLETE)
    sha256 = files.put(act.session, pdf, PDF)
    act.session.add(
        DocumentRevision(
            id=new_id("rev"),
            agreement_id=agreement.id,
            number=plan.head_number + 1,
            kind="closed",
            sha256=sha256,
            created_at=act.now,
        )
    )
    successors.conclude(act, agreement)
    people = rows.signatories(act, agreement.id)
    ceremony = rows.ceremony_of(act, agreement.id)
    ceremony_id = ceremony.id if ceremony is not None else None
    act.record(
        Recorded.DOCUMENT_CLOSED, DocumentClosed(sha256, level, len(people), ceremony_id), agreement=agreement.id
    )
    act.record(
        Recorded.AGREEMENT_COMPLETED, AgreementCompleted(sha256, len(people), ceremony_id), agreement=agreement.id
    )
    for person in people:
        message = messages.completed(
            to=person.email,
            name=person.name,
            language=person.language,
            title=boards.pick(agreement.title, person.language),
            number=agreement.number or agreement.id,
            sha256=sha256,
            link=f"{act.services.settings.base_url}/verify/{agreement.number}",
        )
        outbox.queue(act.session, message, now=act.now, agreement_id=agreement.id)
