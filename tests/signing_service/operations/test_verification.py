"""What the public verification page says of our own agreements."""

from __future__ import annotations

from signing_service.operations import documents, verification
from signing_service.permissions import ANONYMOUS
from signing_service.verification.report import Report
from signing_service.verification.report_html import render_body
from tests.factories.case import Case
from tests.signing_service.verification.worlds import agreement


def test_a_sealed_agreement_that_nobody_signed_is_not_called_signed(frozen: Case) -> None:
    report = verification.by_number(frozen.services, ANONYMOUS, "SCA-2020-017")
    assert report.document.summary["en"] == (
        "What is signed so far is valid and unchanged. Signature fields still empty: 2."
    )
    assert "signed by everyone" not in render_body(report, "en")


def test_a_half_signed_agreement_says_what_is_missing(round_open: Case) -> None:
    round_open.seats[0].sign()
    report = verification.by_number(round_open.services, ANONYMOUS, "SCA-2020-017")
    assert report.document.summary["zh-Hans"].startswith("目前已有的签名有效且未被改动。尚有 1 个")


def judged(case: Case, pdf: bytes) -> Report:
    return verification.upload(case.services, ANONYMOUS, pdf, "agreement.pdf", "en")


def newest(case: Case) -> bytes:
    data, _name = documents.download(case.services, case.staff["auditor"], case.agreement_id)
    return data


def test_every_deviation_from_the_log_is_named_in_words(completed: Case) -> None:
    """Cut off, another document, another's certificate, our seal on nothing of ours: each by its own sentence."""
    whole = newest(completed)
    report = judged(completed, whole)
    assert report.passed
    ends = {entry.n: entry.end for entry in report.revisions}

    last_gone = judged(completed, whole[: ends[3]])
    assert last_gone.document.summary["en"].startswith("The signatures in this file hold, but it is an earlier state")
    said = [entry.text["zh-Hans"] for entry in last_gone.findings if entry.code == "expected.signature_missing"]
    assert len(said) == 1
    assert "周慧" in said[0] or "林知远" in said[0], "who is missing is named"

    no_stamp = judged(completed, whole[: ends[4]])
    assert {"expected.cut_off", "expected.stamp_missing"} <= {entry.code for entry in no_stamp.findings}

    changed = bytearray(whole)
    changed[len(completed_base(whole)) // 2] ^= 1
    other = judged(completed, bytes(changed))
    assert other.document.indication == "TOTAL_FAILED"
    assert other.agreement is not None
    assert other.agreement.agreement_no == "SCA-2020-017"
    assert "expected.not_the_file" in {entry.code for entry in other.findings}


def completed_base(pdf: bytes) -> bytes:
    """The first revision: what was frozen."""
    return pdf[: pdf.index(b"%%EOF") + 5]


def test_our_seal_on_what_our_log_does_not_know_is_said(staffed: Case) -> None:
    services = staffed.services
    report = judged(staffed, verification.sealed_report(services, judged(staffed, agreement()), "de"))
    assert [entry.code for entry in report.findings if entry.code.startswith("expected.")] == [
        "expected.sealed_unknown"
    ]
    assert report.passed
    assert "Seal" in {entry.field for entry in report.signatures}
