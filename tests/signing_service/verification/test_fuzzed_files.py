"""What fuzzing found: each case small, and what a reader of the report must see instead."""

import re

import pytest
from asn1crypto import cms

from tests.signing_service.verification.honest import several
from tests.signing_service.verification.mutations import last_signature_place
from tests.signing_service.verification.worlds import basic, codes, judge, only, verdict

SHA256 = "0609608648016503040201"


def spoil_signer(pdf: bytes, old: str, new: str) -> bytes:
    """In the SignerInfo of the last signature, `new` in the place of the first `old` (hexadecimal digits)."""
    start, end = last_signature_place(pdf)
    digits = pdf[start:end].decode("ascii").lower()
    held = cms.ContentInfo.load(bytes.fromhex(digits))["content"]["signer_infos"][0].dump().hex()
    place = digits.index(held) + held.index(old)
    digits = digits[:place] + new + digits[place + len(old) :]
    return pdf[:start] + digits[: end - start].ljust(end - start, "0").encode() + pdf[end:]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"300d{SHA256}", f"6f0d{SHA256}"),
        (SHA256, "0684ffffffff6503040201"),
        (f"300d{SHA256}", f"3086ffffffffffff{SHA256}"),
        (f"300d{SHA256}", f"300d{SHA256}" * 2),
    ],
)
def test_a_signer_that_cannot_be_parsed_is_one_malformed_signature_and_hides_no_other(old, new):
    report = judge(spoil_signer(several(2), old, new))
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert verdict(only(report, "Sig2")) == ("TOTAL_FAILED", "FORMAT_FAILURE")
    assert "run.crashed" not in codes(report)


def test_a_signature_outside_the_form_is_told_once_however_often_its_range_is_written():
    pdf = basic()
    stated = re.search(rb"/ByteRange\s*\[[^]]*\]", pdf)
    assert stated
    lost = pdf.replace(b"/AcroForm", b"/AcroFarm").replace(b"/Annots", b"/Annotz") + b"%" + stated.group() * 3
    report = judge(lost)
    assert [entry.integrity for entry in report.signatures] == ["broken"]
