"""Bringing a fully signed document to its long-term level (PAdES B-LTA) and telling everybody.

Done by the worker, again and again until it succeeds: a process killed in the middle leaves either the signed document
or the closed one, never something between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import or_, select

from agreements.errors import AgreementError
from agreements.lifecycle import Command, State
from keys.encoded import each
from keys.errors import KeysError
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import AgreementCompleted, DocumentClosed
from signing_service.audit.details.signatures import SignatureTimestamped, SignatureTimestampPending
from signing_service.ceremonies import conduct
from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.pki import PendingClosing
from signing_service.db.models.signatories import Certificate
from signing_service.errors import N_, ChangedMeanwhile, ServiceError
from signing_service.notifications import messages, outbox
from signing_service.operations import boards, levels, rows, successors
from signing_service.operations.levels import Reached
from signing_service.operations.operation import Act, command, query
from signing_service.operations.status_answers import fresh_answers, revocation_lists
from signing_service.pades import foreign_evidence, long_term
from signing_service.pades.errors import PadesError
from signing_service.pades.material import Material, Others
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services

PDF = "application/pdf"
CLOSING_FIELD = "DocumentTimestamp_1"
log = structlog.get_logger("closing")


FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
"""A closing that failed is tried again after 5 s, 10 s, 20 s … and then every ten minutes."""


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
        except (KeysError, PadesError, AgreementError, ServiceError) as error:
            log.warning("not closed yet", agreement=agreement_id, code=error.code)
            _postpone(services, SYSTEM, agreement_id, error.code)
    return closed


def close(services: Services, actor: Actor, agreement_id: str) -> None:
    """One security store and one document time stamp over all signatures; the agreement is then completed."""
    plan = _closable(services, actor, agreement_id)
    found = evidence_for(services, actor, plan.pdf, plan.certificates)
    closed = long_term.close(
        plan.pdf,
        crls_der=(*found.crls, *services.authorities.revocation_lists),
        ocsps_der=found.ocsps,
        certificates_der=found.certificates,
        trust_roots_der=trust_roots(services),
        others=Others(plan.others, services.authorities.roots),
        timestamper=services.timestamps,
        now=services.clock(),
    )
    _store_closed(services, actor, plan, closed, levels.read(closed))


def evidence_for(services: Services, actor: Actor, pdf: bytes, certificates: tuple[bytes, ...]) -> Material:
    """What proves the signatures of a file: our own lists and answers, made now, and those of foreign authorities."""
    keyring = services.keyring
    ours = Material(
        (*keyring.issuers.certificates_der, *certificates),
        revocation_lists(services, actor),
        fresh_answers(services, (keyring.seal.certificate_der, *certificates)),
    )
    elsewhere = foreign_evidence.gather(pdf, own_roots=keyring.roots_der, fetcher=services.fetcher)
    return Material(
        ours.certificates + elsewhere.certificates, ours.crls + elsewhere.crls, ours.ocsps + elsewhere.ocsps
    )


def trust_roots(services: Services) -> tuple[bytes, ...]:
    """Our roots, and those the operator trusts besides, for signatures and for time stamps."""
    anchors = services.anchors
    return tuple(dict.fromkeys((*services.keyring.roots_der, *anchors.signing, *anchors.timestamping)))


@query(Action.CLOSE)
def _due(act: Act) -> tuple[str, ...]:
    return tuple(
        act.session.scalars(
            select(Agreement.id)
            .join(Ceremony, Ceremony.agreement_id == Agreement.id)
            .outerjoin(PendingClosing, PendingClosing.agreement_id == Agreement.id)
            .where(
                Agreement.state == State.SIGNING.value,
                Ceremony.round_state == conduct.Round.SIGNED.value,
                or_(PendingClosing.next_try_at.is_(None), PendingClosing.next_try_at <= act.now),
            )
        )
    )


@command(Action.CLOSE, recorded=False)
def _postpone(act: Act, agreement_id: str, reason: str) -> None:
    """Wait longer with each try. That the document waits is recorded once, not each time."""
    row = act.session.get(PendingClosing, agreement_id)
    tries = row.tries if row is not None else 0
    if row is None:
        pending = SignatureTimestampPending(CLOSING_FIELD, rows.head(act, agreement_id).sha256, reason)
        act.record(Recorded.SIGNATURE_TIMESTAMP_PENDING, pending, agreement=agreement_id)
    wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    act.session.merge(
        PendingClosing(
            agreement_id=agreement_id,
            since=row.since if row is not None else act.now,
            tries=tries + 1,
            next_try_at=act.now + wait,
            reason=reason,
        )
    )


@query(Action.CLOSE)
def _closable(act: Act, agreement_id: str) -> _Closable:
    head = rows.head(act, agreement_id)
    certificates, others = certificates_of(act, agreement_id)
    return _Closable(
        agreement_id=agreement_id,
        head_sha256=head.sha256,
        head_number=head.number,
        pdf=files.get(act.session, head.sha256),
        certificates=certificates,
        others=others,
    )


def certificates_of(act: Act, agreement_id: str) -> tuple[tuple[bytes, ...], frozenset[bytes]]:
    """Inside an operation: the signatories' certificates with those above them, and which are of other authorities."""
    certificates = act.session.scalars(
        select(Certificate).where(
            Certificate.signatory_id.in_([s.id for s in rows.signatories(act, agreement_id)]),
        )
    ).all()
    chains = (one for certificate in certificates for one in each(certificate.chain or b""))
    others = frozenset(one.der for one in certificates if not one.issued_here)
    return (*(one.der for one in certificates), *chains), others


@command(Action.CLOSE)
def _store_closed(act: Act, plan: _Closable, pdf: bytes, reached: Reached) -> None:
    agreement = rows.agreement_locked(act, plan.agreement_id)
    if rows.head(act, plan.agreement_id).sha256 != plan.head_sha256:
        raise ChangedMeanwhile(what=N_("The document"))
    rows.move(act, agreement, Command.COMPLETE)
    sha256 = levels.store(act, agreement.id, plan.head_number + 1, pdf, reached)
    successors.conclude(act, agreement)
    people = rows.signatories(act, agreement.id)
    ceremony = rows.ceremony_of(act, agreement.id)
    ceremony_id = ceremony.id if ceremony is not None else None
    act.record(
        Recorded.DOCUMENT_CLOSED,
        DocumentClosed(sha256, reached.lowest, len(people), ceremony_id),
        agreement=agreement.id,
    )
    act.record(
        Recorded.AGREEMENT_COMPLETED, AgreementCompleted(sha256, len(people), ceremony_id), agreement=agreement.id
    )
    _end_of_waiting(act, agreement.id, sha256, reached)
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


def _end_of_waiting(act: Act, agreement_id: str, sha256: str, reached: Reached) -> None:
    """The closing time stamp is the proof of time for every signature that had to do without."""
    row = act.session.get(PendingClosing, agreement_id)
    if row is not None:
        act.session.delete(row)
    without = [name for name, had in reached.had_own_stamp.items() if not had]
    for name in without if row is None else (*without, CLOSING_FIELD):
        stamped = SignatureTimestamped(name, sha256, reached.authority_sha256)
        act.record(Recorded.SIGNATURE_TIMESTAMPED, stamped, agreement=agreement_id)
