"""The same evidence judged again: under another policy, at another time, or with further anchors.

With the file everything is judged anew. Without it, what the first report recorded of the file is: each CMS is verified
again over the digest that was found then, and what changed after each signature is that report's word. Nothing is
fetched, and the first report's verdict plays no part.
"""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from asn1crypto import x509

from keys.trust.anchors import TrustAnchors
from signing_service.verification.examination import Examination
from signing_service.verification.examined import Examined
from signing_service.verification.expectation import ExpectedSignatory
from signing_service.verification.findings import Finding, finding
from signing_service.verification.plain_data import format_time
from signing_service.verification.policy import DEFAULT, named
from signing_service.verification.reading import Opened
from signing_service.verification.record import evidence_of, examined
from signing_service.verification.report import DOCUMENT_TIMESTAMP, Report, Signature
from signing_service.verification.report_evidence import EvidenceUsed
from signing_service.verification.running_digest import RunningDigest
from signing_service.verification.steps import told_online
from signing_service.verification.summary import not_proved, summarise
from signing_service.verification.supplied import supplied_in
from signing_service.verification.trust import Judge
from signing_service.verification.verdicts import Verdict
from signing_service.verification.verify import decide, verify

#: Findings about the file that stand before those about signatures; all others that stay stand after them.
BEFORE = frozenset({"signature.empty_field", "signature.shared_value", "signature.not_in_form"})
OF_A_VERDICT = frozenset({"change.locked_field", "change.not_permitted"})
OF_A_TIME = frozenset({"document.judged_in_the_past", "document.replayed"})


class AnotherFile(ValueError):
    """The report is about another file."""


def replay(
    report: Report,
    pdf: bytes,
    *,
    at: datetime | None = None,
    policy: str | None = None,
    anchors: TrustAnchors | None = None,
) -> Report:
    """Judge what `report` was about again; what is not given stays as it was.

    Raises AnotherFile when the file is another, ValueError when the report does not keep its evidence, UnknownPolicy.
    The comparison with the log is not repeated, because the log is not in the report.
    """
    if hashlib.sha256(pdf).hexdigest() != report.file.sha256:
        raise AnotherFile(f"the report is about the file with SHA-256 {report.file.sha256}")
    kept = supplied_in(report)
    again = verify(
        pdf,
        name=report.file.name,
        anchors=kept.anchors.and_also(anchors) if anchors is not None else kept.anchors,
        at=at or report.document.judged_at,
        crls_der=kept.crls,
        certificates_der=kept.certificates,
        ocsps_der=kept.ocsps,
        policy=policy or _policy_of(report),
    )
    return with_questions(again, report)


def replay_without_file(
    report: Report, *, at: datetime | None = None, policy: str | None = None, anchors: TrustAnchors | None = None
) -> Report:
    """Judge again out of the report alone.

    Raises ValueError when the report does not keep what was read of the file, UnknownPolicy.
    """
    record = report.evidence.file if report.evidence is not None else None
    if record is None or len(record.signatures) > len(report.signatures):
        raise ValueError("this report does not keep what was read of the file; judging it again needs the file")
    kept = supplied_in(report)
    if anchors is not None:
        kept = replace(kept, anchors=kept.anchors.and_also(anchors))
    moment = (at or report.document.judged_at).astimezone(UTC)
    signing, timestamping = _certificates(kept.anchors.signing), _certificates(kept.anchors.timestamping)
    judge = Judge(signing, timestamping, moment, named(policy or _policy_of(report)))
    entries = [examined(one) for one in record.signatures]
    opened = Opened(None, report.document.readable, "", report.file.size)
    recorded = _Recorded(opened, b"", judge, kept.evidence(), RunningDigest(b""))
    asyncio.run(recorded.judge_all(entries, evidence_of(record).plus(recorded.local)))
    return with_questions(kept.noted_in(_report(report, entries, judge)), report)


@dataclass(repr=False)
class _Recorded(Examination):
    """An examination that ends where it would need the file: it judges signatures that were opened before."""

    def __post_init__(self) -> None:
        """There is no file to read."""


def _report(first: Report, entries: list[Examined], judge: Judge) -> Report:
    """The first report with every verdict of its signatures made anew."""
    signatures: list[Signature] = []
    findings: list[Finding] = []
    for entry, old in zip(entries, first.signatures, strict=False):
        verdict = Verdict(entry, old.revision, ExpectedSignatory(custody=old.custody), judge.policy)
        signatures.append(_with_qualification(verdict.signature(), old))
        findings.extend(verdict.findings)
    rest = first.signatures[len(entries) :]
    stay = [one for one in first.findings if _stays(one, {entry.field for entry in rest})]
    before = [one for one in stay if one.code in BEFORE or one.code.startswith("document.read")]
    told = finding("document.replayed", time=format_time(first.document.judged_at))
    found = (*before, *findings, *(one for one in stay if one not in before), told, *_of_the_time(signatures, judge.at))
    everything = (*signatures, *rest)
    indication, sub = decide(everything, found)
    compared = any(one.code == "expected.matches" for one in found)
    document = replace(
        first.document,
        indication=indication,
        sub_indication=sub,
        summary=summarise(first.document.readable, indication, everything, found),
        judged_at=judge.at,
        not_proved=not_proved(everything, compared=compared),
    )
    return replace(first, document=document, signatures=everything, findings=found, policy=judge.policy.facts())


def _stays(one: Finding, not_judged: set[str]) -> bool:
    """Whether a finding is about the file, or about a signature that is not judged again."""
    if one.code in OF_A_TIME:
        return False
    of_verdict = one.code in OF_A_VERDICT or (one.code.startswith("signature.") and one.code not in BEFORE)
    return not of_verdict or one.where.removeprefix("signature:") in not_judged


def _of_the_time(signatures: list[Signature], at: datetime) -> tuple[Finding, ...]:
    later = any(entry.best_signature_time and entry.best_signature_time > at for entry in signatures)
    return (finding("document.judged_in_the_past"),) if later else ()


def _with_qualification(entry: Signature, old: Signature) -> Signature:
    """What the lists said then still holds when the proved time is the same: it is assessed at that time."""
    same = entry.best_signature_time is not None and entry.best_signature_time == old.best_signature_time
    if entry.kind == DOCUMENT_TIMESTAMP or not same or entry.indication != old.indication:
        return entry
    return replace(entry, qualification=old.qualification)


def with_questions(again: Report, first: Report) -> Report:
    """What was asked for online before is evidence now, and the report says where it came from."""
    asked, lists = (first.evidence.fetched, first.evidence.lists) if first.evidence is not None else ((), ())
    lists = again.evidence.lists if again.evidence is not None and again.evidence.lists else lists
    return told_online(replace(again, evidence=replace(again.evidence or EvidenceUsed(), fetched=asked, lists=lists)))


def _policy_of(report: Report) -> str:
    return report.policy.name if report.policy is not None else DEFAULT


def _certificates(ders: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(der) for der in ders)
