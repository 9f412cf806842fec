"""Somebody cuts signatures, stamps or the end off a file: the file alone cannot show a clean cut, our log does."""

from hashlib import sha256

import pytest

from signing_service.verification.expectation import Expectation, ExpectedSignatory
from tests.signing_service.verification.mutations import cut_last_revision, truncated
from tests.signing_service.verification.worlds import agreement, codes, judge

EXPECTED = {"Seal": "Service seal", "Sig1": "Signatory 1", "Sig2": "Signatory 2", "Sig3": "Signatory 3"}


def expectation() -> Expectation:
    return Expectation(
        agreement_no="SEC-2020-001",
        final_sha256=sha256(agreement()).hexdigest(),
        signatories={field: ExpectedSignatory(name) for field, name in EXPECTED.items()},
        level="B-LTA",
        document_timestamp=True,
    )


@pytest.mark.parametrize(("revisions", "lost"), [(3, ["Sig3"]), (4, ["Sig2", "Sig3"]), (5, ["Sig1", "Sig2", "Sig3"])])
def test_each_signature_cut_off_is_named(revisions, lost):
    pdf = cut_last_revision(agreement(), revisions)
    report = judge(pdf, expected=expectation())
    missing = [entry.where for entry in report.findings if entry.code == "expected.signature_missing"]
    assert missing == [f"signature:{field}" for field in lost]
    assert report.document.indication == "INDETERMINATE"
    assert {entry.indication for entry in report.signatures} == {"TOTAL_PASSED"}


def test_a_stripped_document_stamp_is_named():
    report = judge(cut_last_revision(agreement()), expected=expectation())
    assert "expected.stamp_missing" in codes(report)


def test_without_a_log_the_report_says_what_it_cannot_know():
    report = judge(cut_last_revision(agreement(), 3))
    assert report.passed
    assert any("cut off" in text["en"] for text in report.document.not_proved)


@pytest.mark.parametrize("keep", [-1, -7, -200, -3000, 5000])
def test_a_ragged_end_never_passes(keep):
    report = judge(truncated(agreement(), keep), expected=expectation())
    assert not report.passed
