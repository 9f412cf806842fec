"""A report compared with our log after it was made: for a file that only its certificates tie to an agreement of ours.

A file that begins like one of our documents is compared while it is judged (`verify`). One whose beginning was changed,
or that is another document altogether, is found by who signed it: a certificate that we issued for one agreement has no
business anywhere else.
"""

from dataclasses import replace

from signing_service.verification.expectation import Expectation, compare_with
from signing_service.verification.findings import Finding, finding
from signing_service.verification.report import INTACT, SIGNATURE, Report
from signing_service.verification.summary import not_proved, summarise
from signing_service.verification.verify import decide


def against(report: Report, expected: Expectation) -> Report:
    """The report with every deviation from what the log expects, and the verdict that follows from them."""
    findings, facts = compare_with(expected, report.signatures, report.file.sha256)
    return replace(with_findings(report, findings), agreement=facts)


def unknown_to_the_log(report: Report, seal_sha256: str) -> Report:
    """The report on a file of no agreement of ours: it says so if our seal is on it all the same."""
    sealed = [entry for entry in report.signatures if entry.kind == SIGNATURE and entry.signer is not None]
    ours = any(entry.signer.sha256 == seal_sha256 and entry.integrity == INTACT for entry in sealed if entry.signer)
    return with_findings(report, (finding("expected.sealed_unknown"),)) if ours else report


def with_findings(report: Report, more: tuple[Finding, ...]) -> Report:
    """The report with more findings; verdict, plain answer and what is not proved are made anew."""
    findings = (*report.findings, *more)
    indication, sub = decide(report.signatures, findings)
    compared = any(entry.code == "expected.matches" for entry in findings)
    document = replace(
        report.document,
        indication=indication,
        sub_indication=sub,
        summary=summarise(report.document.readable, indication, report.signatures, findings),
        not_proved=not_proved(report.signatures, compared=compared),
    )
    return replace(report, findings=findings, document=document)
