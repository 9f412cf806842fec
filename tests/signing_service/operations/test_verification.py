"""What the public verification page says of our own agreements."""

from __future__ import annotations

from signing_service.operations import verification
from signing_service.permissions import ANONYMOUS
from signing_service.verification.report_html import render_body
from tests.factories.case import Case


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
