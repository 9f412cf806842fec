"""Judge one PDF, any signed PDF, offline, without a server: open it, have it examined, give the verdict.

The document passes only if it has a signature, every signature passes, and nothing else is wrong with the
file. A document time stamp that cannot be confirmed is named but does not outweigh signatures that pass
without it; a broken one fails the document.
"""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from keys.trust.anchors import TrustAnchors
from signing_service.verification import rehearsals
from signing_service.verification.evidence import Evidence
from signing_service.verification.examination import Examination
from signing_service.verification.examined import Examined
from signing_service.verification.expectation import Expectation, compare_with
from signing_service.verification.findings import ERROR, Finding, finding
from signing_service.verification.once import one_report
from signing_service.verification.plain_der import nothing_is_plain
from signing_service.verification.policy import DEFAULT, named
from signing_service.verification.reading import (
    LENIENT,
    MAX_REVISIONS,
    Opened,
    open_leniently,
    open_strictly,
)
from signing_service.verification.record import record_of
from signing_service.verification.report import (
    BROKEN,
    DOCUMENT_TIMESTAMP,
    INDETERMINATE,
    LEVELS,
    SCHEMA,
    SIGNATURE,
    TOTAL_FAILED,
    TOTAL_PASSED,
    AgreementFacts,
    DocumentVerdict,
    FileFacts,
    Report,
    Signature,
)
from signing_service.verification.report_evidence import EvidenceUsed
from signing_service.verification.revisions import Timeline
from signing_service.verification.running_digest import RunningDigest
from signing_service.verification.salvage import NOT_IN_FORM, Salvaged, salvage
from signing_service.verification.summary import not_proved, summarise
from signing_service.verification.supplied import Supplied
from signing_service.verification.trust import Judge
from signing_service.verification.usage_rights import usage_rights
from signing_service.verification.verdicts import Verdict


def verify(
    pdf: bytes,
    *,
    name: str,
    anchors: TrustAnchors,
    at: datetime | None = None,
    expected: Expectation | None = None,
    crls_der: Sequence[bytes] = (),
    certificates_der: Sequence[bytes] = (),
    ocsps_der: Sequence[bytes] = (),
    policy: str = DEFAULT,
    quick: bool = True,
) -> Report:
    """The report on one file; a hostile or broken file gives a report too, never an error.

    `at` is the control time (aware; default now). CRLs, OCSP responses and certificates that the caller has are used
    after those in the file. Without `quick` everything is left to the general rules, which takes far longer and gives
    the same report. Raises UnknownPolicy for a policy that does not exist.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    signing, timestamping = _certificates(anchors.signing), _certificates(anchors.timestamping)
    judge = Judge(signing, timestamping, moment, named(policy))
    supplied = Supplied(anchors, tuple(certificates_der), tuple(crls_der), tuple(ocsps_der))
    with one_report(), nullcontext() if quick else nothing_is_plain():
        report = _judged(_Run(pdf, name, judge, expected, supplied.evidence()))
    return supplied.noted_in(replace(report, policy=judge.policy.facts()))


def _judged(run: "_Run") -> Report:
    """Read strictly first, leniently second; what breaks the examination is a report too."""
    pdf = run.pdf
    opened = open_strictly(pdf)
    if opened.reader is not None:
        try:
            return run.report(opened)
        except MemoryError:
            raise
        except Exception as cause:  # StrictReadingFailed, or whatever a hostile file brings about: try leniently
            opened = Opened(None, opened.readable, str(cause), len(pdf))
    if opened.code == "document.encrypted":
        return run.unreadable(opened)
    lenient = open_leniently(pdf)
    if lenient.reader is None:
        return run.unreadable(lenient)
    try:
        return run.report(replace(lenient, problem=opened.problem))
    except MemoryError:
        raise
    except Exception as cause:  # the last resort: a file that breaks the examination gives a report that says so
        return run.unreadable(Opened(None, "no", f"{type(cause).__name__}: {cause}", len(pdf), "run.crashed"))


def _certificates(ders: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(der) for der in ders)


class _Run:
    """One file under one judge."""

    def __init__(
        self,
        pdf: bytes,
        name: str,
        judge: Judge,
        expected: Expectation | None,
        local: Evidence,
    ) -> None:
        self.pdf, self.judge, self.expected = pdf, judge, expected
        self.name, self.local = name, local
        self.running = RunningDigest(pdf)

    @cached_property
    def file(self) -> FileFacts:
        """The file as a whole, asked of it after its parts, which its digest then goes on from."""
        return FileFacts(self.name, self.running.of_beginning(len(self.pdf)), len(self.pdf))

    def unreadable(self, opened: Opened) -> Report:
        """The report on a file that is no PDF, broken beyond reading, or locked by a password."""
        saved = salvage(self.pdf)
        if opened.code == "document.encrypted":  # whether the form leads to them cannot be seen
            saved = Salvaged(saved.signatures, tuple(item for item in saved.findings if item.code != NOT_IN_FORM))
        told = finding(opened.code or "document.unreadable", problem=opened.problem[:200])
        noted = (told, *saved.findings)
        failed = next((entry for entry in saved.signatures if entry.indication == TOTAL_FAILED), None)
        indication = TOTAL_FAILED if failed is not None else INDETERMINATE
        summary = summarise("no", indication, saved.signatures, noted)
        sub = failed.sub_indication if failed is not None else None
        verdict = DocumentVerdict(indication, sub, "no", 0, 0, summary, self.judge.at)
        return Report(SCHEMA, self.file, verdict, saved.signatures, noted)

    def report(self, opened: Opened) -> Report:
        """The report on a file that could be read; raises StrictReadingFailed when reading was too strict."""
        reader = opened.reader
        if reader is None or reader.xrefs.total_revisions > MAX_REVISIONS:
            return self.unreadable(Opened(None, "no", f"{MAX_REVISIONS}", 0, "document.too_many_revisions"))
        examination = Examination(opened, self.pdf[: opened.length], self.judge, self.local, self.running)
        entries = asyncio.run(examination.run())
        timeline = Timeline(reader, self.pdf, examination.review, entries, examination.ends)
        signatures, findings = self._signatures(entries, timeline)
        saved = self._astray(reader, {entry.byte_range.gap_start for entry in entries})
        signatures = (*signatures, *saved.signatures)
        findings = [
            *_reading(opened),
            *rehearsals.noted(reader, (entry.revision for entry in entries)),
            *examination.findings,
            *findings,
            *saved.findings,
            *timeline.findings(),
        ]
        agreement = self._compare(signatures, findings)
        findings.extend(self._notes(signatures))
        return Report(
            SCHEMA,
            self.file,
            self._verdict(opened, timeline, signatures, tuple(findings)),
            signatures,
            tuple(findings),
            timeline.revisions(signatures),
            tuple(examination.empty_fields),
            agreement,
            evidence=EvidenceUsed(file=record_of(entries, examination.store)),
        )

    def _astray(self, reader: PdfFileReader, known: set[int]) -> Salvaged:
        """Signatures that no field leads to; usage rights are named and are none."""
        saved = salvage(self.pdf, known)
        rights = usage_rights(reader) if saved.signatures else frozenset()
        granted = [f"@{place}" for place in rights if f"@{place}" in {entry.field for entry in saved.signatures}]
        if not granted:
            return saved
        where = {f"signature:{name}" for name in granted}
        kept = tuple(entry for entry in saved.signatures if entry.field not in granted)
        noted = tuple(entry for entry in saved.findings if entry.where not in where)
        return Salvaged(kept, (*noted, finding("document.usage_rights")))

    def _compare(self, signatures: Sequence[Signature], findings: list[Finding]) -> AgreementFacts | None:
        """The comparison with our log, if one was given; its findings are added to `findings`."""
        if self.expected is None:
            return None
        compared, agreement = compare_with(self.expected, signatures, self.file.sha256)
        findings.extend(compared)
        return agreement

    def _notes(self, signatures: Sequence[Signature]) -> list[Finding]:
        noted: list[Finding] = []
        if any(entry.best_signature_time and entry.best_signature_time > self.judge.at for entry in signatures):
            noted.append(finding("document.judged_in_the_past"))
        if not any(entry.kind == SIGNATURE for entry in signatures):
            noted.append(finding("document.no_signature"))
        return noted

    def _verdict(
        self, opened: Opened, timeline: Timeline, signatures: tuple[Signature, ...], findings: tuple[Finding, ...]
    ) -> DocumentVerdict:
        indication, sub = decide(signatures, findings)
        compared = any(entry.code == "expected.matches" for entry in findings)
        return DocumentVerdict(
            indication=indication,
            sub_indication=sub,
            readable=opened.readable,
            revisions=timeline.count,
            trailing_bytes=timeline.trailing,
            summary=summarise(opened.readable, indication, signatures, findings),
            judged_at=self.judge.at,
            level=_level(signatures),
            pages=timeline.pages(),
            not_proved=not_proved(signatures, compared=compared),
        )

    def _signatures(
        self, entries: Sequence[Examined], timeline: Timeline
    ) -> tuple[tuple[Signature, ...], list[Finding]]:
        signatures, findings = [], []
        for entry in entries:
            wanted = self.expected.signatories.get(entry.one.name) if self.expected is not None else None
            verdict = Verdict(entry, timeline.number(entry.revision), wanted, self.judge.policy)
            try:
                signatures.append(verdict.signature())
            except MemoryError:
                raise
            except Exception:  # something in this CMS cannot be told: it is one entry of the report, not its end
                verdict = Verdict(_untellable(entry), timeline.number(entry.revision), wanted, self.judge.policy)
                signatures.append(verdict.signature())
            findings.extend(verdict.findings)
        return tuple(signatures), findings


def _untellable(entry: Examined) -> Examined:
    """The same signature with nothing but its name, and that it is broken if it is."""
    if entry.integrity.state == BROKEN:
        return Examined(entry.one, integrity=entry.integrity, revision=entry.revision)
    return Examined(entry.one, problem="not_analysed", revision=entry.revision)


def decide(signatures: Sequence[Signature], findings: Sequence[Finding]) -> tuple[str, str | None]:
    """The document's indication and the sub-indication of the entry that decided it."""
    people = [entry for entry in signatures if entry.kind == SIGNATURE] or list(signatures)
    failed = next((entry for entry in signatures if entry.indication == TOTAL_FAILED), None)
    if failed is not None:
        return TOTAL_FAILED, failed.sub_indication
    undecided = next((entry for entry in people if entry.indication != TOTAL_PASSED), None)
    if undecided is not None:
        return INDETERMINATE, undecided.sub_indication
    if not people or any(entry.severity == ERROR for entry in findings):
        return INDETERMINATE, None
    return TOTAL_PASSED, None


def _reading(opened: Opened) -> list[Finding]:
    """What had to be forgiven to read the file."""
    found: list[Finding] = []
    if opened.readable == LENIENT:
        found.append(finding("document.read_leniently", problem=opened.problem[:200]))
    if opened.code:
        found.append(finding(opened.code, at=opened.length))
    return found


def _level(signatures: Sequence[Signature]) -> str:
    """The lowest level of the people's and seals' signatures."""
    levels = [entry.level for entry in signatures if entry.kind != DOCUMENT_TIMESTAMP]
    return min(levels, key=LEVELS.index, default="none")
