"""A file compared with what our log expects of it."""

from dataclasses import replace
from hashlib import sha256

import pytest

from signing_service.verification.expectation import Expectation, ExpectedSignatory
from tests.signing_service.verification.documents import Signing, sign
from tests.signing_service.verification.mutations import cut_last_revision, trailing_junk
from tests.signing_service.verification.pki import DER
from tests.signing_service.verification.worlds import agreement, codes, judge, only, pki


def states(pdf: bytes) -> list[bytes]:
    """The file after each save, last first."""
    found = [pdf]
    for _ in range(5):
        found.append(cut_last_revision(found[-1]))
    return found


@pytest.fixture
def expected() -> Expectation:
    names = {"Seal": "Service seal", "Sig1": "Signatory 1", "Sig2": "Signatory 2", "Sig3": "Signatory 3"}
    return Expectation(
        agreement_no="SEC-2020-001",
        final_sha256=sha256(agreement()).hexdigest(),
        revisions=tuple(sha256(state).hexdigest() for state in reversed(states(agreement())[2:6])),
        signatories={field: ExpectedSignatory(name, custody="browser_held") for field, name in names.items()},
        level="B-LTA",
        document_timestamp=True,
        log_entries="41–67",
    )


def test_the_very_file_is_complete(expected):
    report = judge(agreement(), expected=expected)
    assert report.passed
    assert codes(report) == {"expected.matches"}
    assert report.agreement.matches
    assert "41–67" in report.agreement.detail["en"]
    assert report.document.summary["en"].startswith("This document is complete")
    assert not any("cut off" in text["en"] for text in report.document.not_proved)


def test_custody_comes_from_the_log(expected):
    assert only(judge(agreement(), expected=expected), "Sig1").custody == "browser_held"


def test_signatures_cut_off_are_named(expected):
    report = judge(states(agreement())[3], expected=expected)
    assert not report.passed
    assert report.document.indication == "INDETERMINATE"
    assert {"expected.cut_off", "expected.signature_missing", "expected.stamp_missing"} <= codes(report)
    missing = [entry for entry in report.findings if entry.code == "expected.signature_missing"]
    assert [entry.where for entry in missing] == ["signature:Sig3"]
    assert "Signatory 3" in missing[0].text["en"]
    assert {entry.indication for entry in report.signatures} == {"TOTAL_PASSED"}


def test_a_missing_document_stamp_is_named(expected):
    report = judge(cut_last_revision(agreement()), expected=expected)
    assert "expected.stamp_missing" in codes(report)
    assert not report.passed


def test_an_unexpected_signatory_is_named(expected):
    certificate = pki().signatory("Mallory")
    pdf = sign(agreement(), pki(), Signing(certificate, "Extra"))
    report = judge(pdf, expected=replace(expected, final_sha256="", revisions=()))
    assert "expected.signatory_unexpected" in codes(report)
    assert not report.passed


def test_somebody_else_in_the_place_of_the_expected_one_is_named(expected):
    swapped = expected.signatories | {"Sig2": ExpectedSignatory("Somebody Else")}
    report = judge(agreement(), expected=replace(expected, signatories=swapped))
    assert "expected.signatory_different" in codes(report)
    assert report.document.summary["en"] == "Somebody else signed in place of the expected signatory."


def test_the_certificate_counts_not_only_the_name(expected):
    other = sha256(pki().signatory("Signatory 2").public_bytes(DER)).hexdigest()
    swapped = expected.signatories | {"Sig2": ExpectedSignatory("Signatory 2", certificate_sha256=other)}
    report = judge(agreement(), expected=replace(expected, signatories=swapped))
    assert "expected.signatory_different" in codes(report)


def test_another_file_is_not_the_file(expected):
    report = judge(trailing_junk(agreement(), b"\n"), expected=expected)
    assert "expected.not_the_file" in codes(report)
    assert not report.passed


def test_an_agreement_still_being_signed_matches_its_newest_revision(expected):
    partial = states(agreement())[3]
    now = replace(
        expected,
        final_sha256="",
        revisions=expected.revisions[:3],
        signatories={field: expected.signatories[field] for field in ("Seal", "Sig1", "Sig2")},
        level="",
        document_timestamp=False,
    )
    assert judge(partial, expected=now).passed


def test_nothing_expected_is_nothing_compared():
    report = judge(agreement())
    assert report.agreement is None
    assert "expected.matches" not in codes(report)
