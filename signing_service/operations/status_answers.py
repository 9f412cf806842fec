"""What we say about our certificates: revocation lists, and OCSP answers that the worker signs before anybody asks.

The web server only hands out what lies there; a certificate whose answer is not signed yet gets "try later" (RFC 6960
§2.3), one we never issued "unauthorized" (RFC 5019 §2.2.3). A revocation deletes the answers in its own transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509.ocsp import OCSPResponseStatus
from sqlalchemy import and_, func, select

from keys.errors import OcspRequestUnreadable
from keys.issuing import ocsp
from keys.issuing.ocsp import DIGESTS, REFRESH_BEFORE, Answer, Responder, Status
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.signatures import KeyCreated
from signing_service.db.models.pki import OcspAnswer
from signing_service.db.models.signatories import Certificate
from signing_service.errors import N_, NotFound
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services

BATCH = 100
"""So many certificates per round of the worker: the next round goes on."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """One revoked certificate of ours; `issuer` is the generation that issued it."""

    serial: int
    revoked_at: datetime
    reason: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An OCSP response in DER, and until when it may be kept by caches; None when it may not."""

    der: bytes
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    status: Status
    digest: str
    issuer: str
    responder: Responder
    answer: Answer


@query(Action.PUBLIC)
def revoked_certificates(act: Act) -> tuple[Revoked, ...]:
    """Every certificate that one of our issuing authorities revoked."""
    issuers = act.services.keyring.issuers
    return tuple(
        Revoked(int(c.serial, 16), c.revoked_at, c.revocation_reason or "unspecified", issuer.name)
        for c in act.session.scalars(
            select(Certificate).where(Certificate.revoked_at.is_not(None), Certificate.issued_here)
        )
        if c.revoked_at is not None and (issuer := issuers.of(c.der)) is not None
    )


def revocation_lists(services: Services, actor: Actor) -> tuple[bytes, ...]:
    """Fresh revocation lists (DER): of each issuing authority, the newest first, and last of the root."""
    revoked = revoked_certificates(services, actor)
    lines = [(one.serial, one.revoked_at, one.reason) for one in revoked]
    return services.keyring.crls(lines, services.clock(), {one.serial: one.issuer for one in revoked})


def revocation_list(services: Services, actor: Actor, name: str) -> bytes:
    """The list of one issuing authority, by its name in the address; raises `NotFound`."""
    issuer = services.keyring.issuers.named(name)
    if issuer is None:
        raise NotFound(what=N_("certificate authority"))
    revoked = revoked_certificates(services, actor)
    lines = [(one.serial, one.revoked_at, one.reason) for one in revoked if one.issuer == name]
    return issuer.authority.build_crl((*lines, *services.keyring.revoked_here(name)), services.clock())


def reply(services: Services, actor: Actor, request_der: bytes) -> Reply:
    """The answer to an OCSP request; never raises for a bad one, the protocol has its own words for that."""
    try:
        named = ocsp.asked(request_der)
    except OcspRequestUnreadable:
        return Reply(ocsp.malformed())
    if services.keyring.issuers.asked(named) is None:
        return Reply(ocsp.unauthorized())
    return _kept(services, actor, f"{named.serial:x}", named.digest)


@query(Action.PUBLIC)
def _kept(act: Act, serial: str, digest: str) -> Reply:
    answer = act.session.get(OcspAnswer, (serial, digest))
    if answer is not None and answer.this_update <= act.now < answer.next_update:
        return Reply(answer.der, answer.next_update)
    if act.session.get(Certificate, serial) is None and serial != _seal_serial(act.services):
        return Reply(ocsp.unauthorized())
    return Reply(ocsp.refusal(OCSPResponseStatus.TRY_LATER))


def fresh_answers(services: Services, certificates_der: Sequence[bytes], actor: Actor = SYSTEM) -> tuple[bytes, ...]:
    """Answers made now about those of the certificates that are ours: what closing a document embeds."""
    now, issuers = services.clock(), services.keyring.issuers
    statuses = _statuses_of(services, actor, certificates_der)
    made = []
    for status, der in zip(statuses, certificates_der, strict=True):
        issuer = issuers.of(der)
        if issuer is not None:
            made.append(issuer.responder(now).answer(status, "sha256", now).der)
    return tuple(made)


@query(Action.CLOSE)
def _statuses_of(act: Act, certificates_der: Sequence[bytes]) -> tuple[Status, ...]:
    """In the same order."""
    found = []
    for der in certificates_der:
        serial = ocsp.serial_of(der)
        row = act.session.get(Certificate, f"{serial:x}")
        found.append(Status(serial, row.revoked_at, row.revocation_reason) if row else Status(serial))
    return tuple(found)


def refresh_due(services: Services) -> int:
    """Sign the answers that are missing or about to end; returns how many were stored."""
    now = services.clock()
    made: list[_Made] = []
    for status, der in _due(services, SYSTEM):
        issuer = services.keyring.issuers.of(der)
        if issuer is None:
            continue
        responder = issuer.responder(now)
        made += [_Made(status, d, issuer.name, responder, responder.answer(status, d, now)) for d in DIGESTS]
    if made:
        _keep(services, SYSTEM, tuple(made))
    return len(made)


@query(Action.OPERATE)
def _due(act: Act) -> tuple[tuple[Status, bytes], ...]:
    lasting = and_(OcspAnswer.serial == Certificate.serial, OcspAnswer.next_update > act.now + REFRESH_BEFORE)
    rows = act.session.scalars(
        select(Certificate)
        .outerjoin(OcspAnswer, lasting)
        .where(Certificate.not_after > act.now, Certificate.issued_here)
        .group_by(Certificate.serial)
        .having(func.count(OcspAnswer.digest) < len(DIGESTS))
        .order_by(Certificate.not_before)
        .limit(BATCH)
    )
    due = [(Status(int(c.serial, 16), c.revoked_at, c.revocation_reason), c.der) for c in rows]
    seal = act.services.keyring.seal.certificate_der
    kept = act.session.get(OcspAnswer, (_seal_serial(act.services), "sha256"))
    if kept is None or kept.next_update <= act.now + REFRESH_BEFORE:
        due.append((Status(ocsp.serial_of(seal)), seal))
    return tuple(due)


@command(Action.OPERATE, recorded=False)
def _keep(act: Act, made: Sequence[_Made]) -> None:
    """Store answers; one about a certificate that was revoked in between is dropped and made anew."""
    for one in made:
        serial = f"{one.status.serial:x}"
        row = act.session.get(Certificate, serial)
        if row is not None and row.revoked_at != one.status.revoked_at:
            continue
        _record_responder(act, one.responder)
        act.session.merge(
            OcspAnswer(
                serial=serial,
                digest=one.digest,
                issuer=one.issuer,
                responder_sha256=_sha256(one.responder.certificate_der),
                der=one.answer.der,
                this_update=one.answer.this_update,
                next_update=one.answer.next_update,
            )
        )
        act.session.flush()


def _record_responder(act: Act, responder: Responder) -> None:
    """A responder's certificate is an issuance like any other: its first answer puts it into the log."""
    known = select(OcspAnswer.serial).where(OcspAnswer.responder_sha256 == _sha256(responder.certificate_der)).limit(1)
    if act.session.scalar(known) is None:
        act.record(Recorded.KEY_CREATED, KeyCreated("ocsp", responder.spki_sha256, "software"))


def _seal_serial(services: Services) -> str:
    return f"{ocsp.serial_of(services.keyring.seal.certificate_der):x}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
