"""What this service signs passes its own verifier, at every state from certified to archived."""

from datetime import timedelta

import pytest

from signing_service.pades.long_term import close, levels
from tests.signing_service.pades.factory import FIELD_A, FIELD_B, NOW, keyring, sealed, signatory, signed
from tests.signing_service.verification.mutations import add_annotation, flip_byte, replace_page
from tests.signing_service.verification.worlds import both_ways, codes, only

AT = NOW + timedelta(minutes=5)
YEARS = timedelta(days=3 * 365)


def lists():
    return keyring().crls((), NOW + timedelta(seconds=30))


def judge(pdf: bytes, at=AT, **changes):
    return both_ways(pdf, name="agreement.pdf", anchors=keyring().trust_anchors(), at=at, **changes)


@pytest.fixture(scope="module")
def both_signed() -> bytes:
    return signed(signed(sealed(), signatory()), signatory("Anna Virtanen"), FIELD_B)


@pytest.fixture(scope="module")
def closed(both_signed) -> bytes:
    return close(
        both_signed,
        crls_der=lists(),
        certificates_der=[keyring().issuing_der],
        trust_roots_der=[keyring().root_der],
        timestamper=keyring().timestamp_source,
        now=NOW + timedelta(seconds=30),
    )


def test_a_certified_document_passes_and_shows_who_is_still_to_sign():
    report = judge(sealed(), crls_der=lists())
    assert report.passed, codes(report)
    assert only(report, "Seal").certification == 2
    assert only(report, "Seal").custody == "software_seal"
    assert report.empty_fields == (FIELD_A, FIELD_B)


def test_each_signature_passes_as_soon_as_it_is_made(both_signed):
    report = judge(both_signed, crls_der=lists())
    assert report.passed, codes(report)
    assert {entry.level for entry in report.signatures} == {"B-T"}
    assert only(report, FIELD_A).custody == "browser_held"
    assert only(report, FIELD_A).signer.common_name == "王小明 Wang Xiaoming"


def test_a_pending_time_proof_is_said():
    report = judge(signed(sealed(), signatory(), stamped=False), crls_der=lists())
    assert only(report, FIELD_A).level == "B-B"
    assert "signature.time_not_proved" in codes(report)
    assert report.passed


def test_a_closed_agreement_needs_nothing_from_outside(closed):
    report = judge(closed)
    assert report.passed, codes(report)
    read_back = {entry.field: entry.level for entry in report.signatures if entry.kind == "signature"}
    assert read_back == levels(closed) == dict.fromkeys(("Seal", FIELD_A, FIELD_B), "B-LTA")


def test_it_still_passes_years_after_the_signatories_certificates_ended(closed):
    report = judge(closed, at=AT + YEARS)
    assert report.passed, codes(report)
    assert only(report, FIELD_A).method == "proved_time"


@pytest.mark.parametrize("mutate", [replace_page, add_annotation])
def test_changed_afterwards_it_does_not_pass(closed, mutate):
    report = judge(mutate(closed))
    assert report.document.indication == "INDETERMINATE"
    assert {"change.not_permitted"} <= codes(report)
    assert {entry.integrity for entry in report.signatures} == {"intact"}


def test_one_changed_byte_fails_it(closed):
    assert judge(flip_byte(closed)).document.indication == "TOTAL_FAILED"
