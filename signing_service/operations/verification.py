"""Verifying any PDF in a separate process, and comparing our own agreements with what the log says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select

from agreements.lifecycle import State
from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.files import StoredFile
from signing_service.db.models.signatories import Certificate, Signatory
from signing_service.db.models.signatures import SignatureAttempt
from signing_service.errors import N_, NotAPdf, NotFound
from signing_service.operations import rows
from signing_service.operations.closing import revocation_lists
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action, Actor
from signing_service.services import Services
from signing_service.verification.expectation import Expectation, ExpectedSignatory
from signing_service.verification.isolated import verify_isolated
from signing_service.verification.report import Report

HEADER_WITHIN = 1024


def upload(services: Services, actor: Actor, pdf: bytes, name: str, language: str) -> Report:
    """Judge an uploaded file; raises `NotAPdf` for something that is no PDF at all. Nothing is stored."""
    if not pdf:
        raise NotAPdf(name=name, why=N_("the file is empty"))
    if b"%PDF-" not in pdf[:HEADER_WITHIN]:
        raise NotAPdf(name=name, why=N_("it does not begin with %PDF-"))
    return _judge(services, actor, pdf, name, _expectation_for(services, actor, pdf))


def by_number(services: Services, actor: Actor, number: str) -> Report:
    """Judge the newest revision of our own agreement with that number; raises `NotFound`."""
    pdf, expected = _own(services, actor, number)
    return _judge(services, actor, pdf, f"{number}.pdf", expected)


@query(Action.VERIFY)
def standing(act: Act, number: str) -> str | None:
    """The state of our own agreement with that number where a good file alone would mislead: it has ended without
    being concluded, or another has taken its place. None otherwise."""
    found = act.session.scalar(select(Agreement).where(Agreement.number == number))
    if found is None or not (rows.has_ended(found) or found.state == State.SUPERSEDED):
        return None
    return found.state


def _judge(services: Services, actor: Actor, pdf: bytes, name: str, expected: Expectation | None) -> Report:
    keyring = services.keyring
    return verify_isolated(
        pdf,
        name=name,
        anchors=keyring.trust_anchors(),
        at=services.clock(),
        expected=expected,
        crls_der=revocation_lists(services, actor),
        certificates_der=(keyring.issuing_der,),
    )


@query(Action.VERIFY)
def _own(act: Act, number: str) -> tuple[bytes, Expectation]:
    agreement = act.session.scalar(select(Agreement).where(Agreement.number == number))
    revisions = rows.revisions(act, agreement.id) if agreement is not None else []
    if agreement is None or len(revisions) < 2:
        raise NotFound(what=N_("sealed agreement with this number"))
    return files.get(act.session, revisions[-1].sha256), _expectation(act, agreement, revisions)


@query(Action.VERIFY)
def _expectation_for(act: Act, pdf: bytes) -> Expectation | None:
    """What our log expects of this file, when it begins with the frozen PDF of one of our agreements."""
    frozen = act.session.execute(
        select(DocumentRevision.agreement_id, DocumentRevision.sha256, StoredFile.size)
        .join(StoredFile, StoredFile.sha256 == DocumentRevision.sha256)
        .where(DocumentRevision.kind == "sealed", StoredFile.size <= len(pdf))
        .order_by(StoredFile.size)
    ).all()
    running, hashed = hashlib.sha256(), 0
    for agreement_id, sha256, size in frozen:
        running.update(pdf[hashed:size])
        hashed = size
        if running.hexdigest() == sha256:
            agreement = rows.agreement(act, agreement_id)
            return _expectation(act, agreement, rows.revisions(act, agreement_id))
    return None


def _expectation(act: Act, agreement: Agreement, revisions: Sequence[DocumentRevision]) -> Expectation:
    closed = revisions[-1].kind == "closed"
    seal = {"Seal": ExpectedSignatory(custody=act.services.keyring.seal.kind.value)}
    return Expectation(
        agreement_no=agreement.number or agreement.id,
        final_sha256=revisions[-1].sha256 if closed else "",
        revisions=tuple(r.sha256 for r in revisions if r.kind in ("sealed", "signature")),
        signatories=seal | dict(_expected_signatories(act, agreement.id)),
        level="B-LTA" if closed and not _others_certified(act, agreement.id) else "",
        document_timestamp=closed,
        log_entries=_log_entries(act, agreement.id),
    )


def _expected_signatories(act: Act, agreement_id: str) -> list[tuple[str, ExpectedSignatory]]:
    """Field → the person whose signature our log has recorded there."""
    signed = act.session.execute(
        select(Signatory, Certificate)
        .join(SignatureAttempt, SignatureAttempt.signatory_id == Signatory.id)
        .join(Certificate, Certificate.serial == SignatureAttempt.certificate_serial)
        .where(Signatory.agreement_id == agreement_id, SignatureAttempt.state == "completed")
    )
    return [
        (
            s.field_name,
            ExpectedSignatory(
                name=s.name if c.issued_here else "",  # how another authority writes a name is not ours to say
                custody=s.custody,
                certificate_sha256=hashlib.sha256(c.der).hexdigest(),
            ),
        )
        for s, c in signed
    ]


def _others_certified(act: Act, agreement_id: str) -> bool:
    """Whether a certificate of another authority was used, whose revocation state may not be shown at the close."""
    return bool(
        act.session.scalar(
            select(func.count())
            .select_from(SignatureAttempt)
            .join(Certificate, Certificate.serial == SignatureAttempt.certificate_serial)
            .where(
                SignatureAttempt.agreement_id == agreement_id,
                SignatureAttempt.state == "completed",
                Certificate.issued_here.is_(False),
            )
        )
    )


def _log_entries(act: Act, agreement_id: str) -> str:
    """`12–41`: first and last log entry of the agreement."""
    from_to = act.session.execute(
        select(func.min(LogEntry.idx), func.max(LogEntry.idx)).where(LogEntry.agreement == agreement_id)
    ).one()
    return f"{from_to[0]}–{from_to[1]}" if from_to[0] is not None else ""
