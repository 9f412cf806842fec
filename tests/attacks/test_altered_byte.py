"""Somebody changes bytes of a signed agreement: every signature over them fails, whatever was changed."""

import random

import pytest

from tests.signing_service.verification.mutations import last_signature_place
from tests.signing_service.verification.worlds import agreement, basic, codes, judge, only, stamped


@pytest.mark.parametrize("marker", [b"/MediaBox", b"/Catalog", b"/Contents", b"%PDF-1", b"startxref"])
def test_a_byte_of_the_structure(marker):
    pdf = agreement()
    place = pdf.index(marker) + len(marker) - 1
    report = judge(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
    assert not report.passed
    assert all(entry.indication != "TOTAL_PASSED" for entry in report.signatures)


@pytest.mark.parametrize("signed", [basic, pytest.param(agreement, marks=pytest.mark.slow)])
def test_any_bit_of_the_signed_bytes(signed):
    """Also where the structure breaks so that the signature is not reached any more."""
    pdf = signed()
    start, end = last_signature_place(pdf)
    rng = random.Random(2020)
    for _ in range(40):
        place = rng.choice((rng.randrange(start - 1), rng.randrange(end + 1, len(pdf))))
        changed = pdf[:place] + bytes([pdf[place] ^ (1 << rng.randrange(8))]) + pdf[place + 1 :]
        report = judge(changed)
        unknown = "signature.unknown_subfilter" in codes(report)  # the name of the format itself was hit
        assert report.document.indication == "TOTAL_FAILED" or unknown, place
        assert not report.passed, place


def test_a_byte_inserted_or_taken_away():
    pdf = stamped()
    place = pdf.index(b"endobj") + 6
    for changed in (pdf[:place] + b" " + pdf[place:], pdf[:place] + pdf[place + 1 :]):
        assert not judge(changed).passed


def test_the_verdict_is_the_standards_word_for_it():
    pdf = stamped()
    place = pdf.index(b"Strategic") if b"Strategic" in pdf else pdf.index(b"/MediaBox [ 0 0 ") + 16
    report = judge(pdf[:place] + b"7" + pdf[place + 1 :])
    entry = only(report, "Sig1")
    assert (entry.indication, entry.sub_indication, entry.integrity) == ("TOTAL_FAILED", "HASH_FAILURE", "broken")
    assert report.document.indication == "TOTAL_FAILED"
