"""Verifying any PDF in a separate process, and comparing our own agreements with what the log says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from agreements.lifecycle import State
from keys.trust.store import Trusted
from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.files import StoredFile
from signing_service.db.models.signatories import Certificate, Signatory
from signing_service.db.models.signatures import SignatureAttempt
from signing_service.errors import N_, InvalidInput, NotAPdf, NotFound
from signing_service.operations import rows
from signing_service.operations.operation import Act, query
from signing_service.operations.status_answers import revocation_lists
from signing_service.pades.seal import seal
from signing_service.permissions import Action, Actor
from signing_service.services import Services
from signing_service.verification import policy as policies
from signing_service.verification import report_pdf
from signing_service.verification.against_log import against, unknown_to_the_log
from signing_service.verification.expectation import Expectation, ExpectedSignatory
from signing_service.verification.isolated import verify_isolated
from signing_service.verification.online import Answers, judged_online
from signing_service.verification.plain_data import parse_time
from signing_service.verification.policy import DEFAULT
from signing_service.verification.qualification import qualified, usable
from signing_service.verification.replay import with_questions
from signing_service.verification.report import Report
from signing_service.verification.supplied import Supplied, supplied_in

HEADER_WITHIN = 1024
LONGEST_SERIAL = 60  # decimal digits; ours have at most 49 (RFC 5280, 4.1.2.2: 20 octets)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """At which time, under which policy, and with which evidence of an earlier report; else now and what we have."""

    at: datetime | None = None
    policy: str = DEFAULT
    kept: Supplied | None = None


def upload(
    services: Services,
    actor: Actor,
    pdf: bytes,
    name: str,
    language: str,
    at: datetime | None = None,
    policy: str = DEFAULT,
) -> Report:
    """Judge an uploaded file; raises `NotAPdf` for something that is no PDF at all. Nothing is kept here."""
    if not pdf:
        raise NotAPdf(name=name, why=N_("the file is empty"))
    if b"%PDF-" not in pdf[:HEADER_WITHIN]:
        raise NotAPdf(name=name, why=N_("it does not begin with %PDF-"))
    return _compared(services, actor, pdf, name, _Conditions(at, policy))


def moment(text: str) -> datetime:
    """A time to judge at, out of ISO 8601; raises InvalidInput for what is none, or is far from any signature."""
    try:
        found = parse_time(text)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(field="at", problem=N_("write a date and a time")) from error
    if not 1990 <= found.year <= 2200:
        raise InvalidInput(field="at", problem=N_("write a date and a time"))
    return found


def policy(text: str) -> str:
    """The name of a validation policy; raises InvalidInput for what is none."""
    if text not in policies.names():
        raise InvalidInput(field="policy", problem=N_("there is no such policy"))
    return text


def replay(
    services: Services, actor: Actor, report: Report, pdf: bytes, at: datetime | None, policy: str | None
) -> Report:
    """Judge the same file with the evidence of its first report, at another time or under another policy."""
    first = report.policy.name if report.policy is not None else DEFAULT
    kept = supplied_in(report) if report.evidence is not None else None
    conditions = _Conditions(at or report.document.judged_at, policy or first, kept)
    return with_questions(_compared(services, actor, pdf, report.file.name, conditions), report)


def by_number(
    services: Services, actor: Actor, number: str, at: datetime | None = None, policy: str = DEFAULT
) -> Report:
    """Judge the newest revision of our own agreement with that number; raises `NotFound`."""
    pdf, expected = _own(services, actor, number)
    return _judge(services, actor, pdf, f"{number}.pdf", expected, _Conditions(at, policy))


@query(Action.VERIFY)
def standing(act: Act, number: str) -> str | None:
    """The state of our own agreement with that number where a good file alone would mislead: it has ended without
    being concluded, or another has taken its place. None otherwise."""
    found = act.session.scalar(select(Agreement).where(Agreement.number == number))
    if found is None or not (rows.has_ended(found) or found.state == State.SUPERSEDED):
        return None
    return found.state


def sealed_report(services: Services, report: Report, language: str) -> bytes:
    """The report as a PDF, sealed by the service, with the report for programs attached. Raises what `seal` raises."""
    pdf = report_pdf.report_pdf(report, services.fonts, language)
    return seal(pdf, services.keyring.seal, services.timestamps)


def _compared(services: Services, actor: Actor, pdf: bytes, name: str, conditions: _Conditions) -> Report:
    """Judge a file of anybody, compared with what our log says of it: by how it begins, else by who signed it."""
    expected = _expectation_for(services, actor, pdf)
    report = _judge(services, actor, pdf, name, expected, conditions)
    if expected is not None or not report.signatures:
        return report
    signed = {entry.signer.sha256: entry.signer.serial for entry in report.signatures if entry.signer is not None}
    claimed = _expectation_of_signers(services, actor, signed)
    if claimed is not None:
        return against(report, claimed)
    return unknown_to_the_log(report, hashlib.sha256(services.keyring.seal.certificate_der).hexdigest())


def _judge(
    services: Services,
    actor: Actor,
    pdf: bytes,
    name: str,
    expected: Expectation | None,
    conditions: _Conditions = _Conditions(),
) -> Report:
    """Judge in a limited process; what is fetched, where the operator allows it, is fetched outside of it."""
    at, trusted = conditions.at or services.clock(), services.trust.current()
    supplied = conditions.kept or _supplied(services, actor, trusted, conditions.policy, at)

    def once(answers: Answers) -> Report:
        return verify_isolated(
            pdf,
            name=name,
            anchors=supplied.anchors,
            at=at,
            expected=expected,
            crls_der=(*supplied.crls, *answers.crls),
            certificates_der=supplied.certificates,
            ocsps_der=(*supplied.ocsps, *answers.ocsps),
            policy=conditions.policy,
        )

    wanted = services.settings.verify_online and conditions.kept is None
    report = judged_online(once, services.fetcher, services.clock) if wanted else once(Answers())
    return qualified(report, trusted.lists) if trusted.lists.lists else report


def _supplied(services: Services, actor: Actor, trusted: Trusted, policy: str, at: datetime) -> Supplied:
    """What a first judgement is made with: our own roots and lists, and whom the operator trusts."""
    keyring = services.keyring
    anchors = keyring.trust_anchors().and_also(services.anchors).and_also(trusted.anchors)
    return Supplied(
        anchors=anchors.and_also(usable(trusted.lists, policy, at).anchors()),
        certificates=keyring.issuers.certificates_der,
        crls=tuple(revocation_lists(services, actor)),
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


@query(Action.VERIFY)
def _expectation_of_signers(act: Act, signed: Mapping[str, str]) -> Expectation | None:
    """What our log expects of the agreement for which one of these certificates (SHA-256 → serial) was issued."""
    serials = [format(int(serial), "x") for serial in signed.values() if len(serial) <= LONGEST_SERIAL]
    found = act.session.execute(
        select(Certificate.der, Signatory.agreement_id)
        .join(Signatory, Signatory.id == Certificate.signatory_id)
        .where(Certificate.serial.in_(serials))
    )
    for der, agreement_id in found:
        if hashlib.sha256(der).hexdigest() in signed:
            return _expectation(act, rows.agreement(act, agreement_id), rows.revisions(act, agreement_id))
    return None


def _expectation(act: Act, agreement: Agreement, revisions: Sequence[DocumentRevision]) -> Expectation:
    closed = revisions[-1].kind == "closed"
    seal = {"Seal": ExpectedSignatory(custody=act.services.keyring.seal.kind.value)}
    return Expectation(
        agreement_no=agreement.number or agreement.id,
        final_sha256=revisions[-1].sha256 if closed else "",
        # an earlier closing is the same document with older time stamps
        revisions=tuple(r.sha256 for r in revisions[:-1] if r.kind == "closed")
        + tuple(r.sha256 for r in revisions if r.kind in ("sealed", "signature")),
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
