"""A report of sixty-four signatures is as easy to read as one of four: what is alike is told once, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import lxml.html

from agreements.rendering import FontFolder
from config import ROOT
from signing_service.verification.report import TOTAL_FAILED, Report
from signing_service.verification.report_html import render_body, report_html
from signing_service.verification.report_pdf import STEPS_SHOWN, report_pdf
from tests.signing_service.verification.worlds import agreement, judge

COUNT = 64


@cache
def many() -> Report:
    """Three real signatures, the last of them told sixty-four times: what is drawn does not ask where it came from."""
    report = judge(agreement())
    seal, *_, last, stamp = report.signatures
    assert last.signer is not None
    people = tuple(
        replace(
            last,
            field=f"Sig{number}",
            revision=number + 3,
            signer=replace(last.signer, common_name=f"Signatory {number}", sha256=f"{number:064x}"),
            certificates=(
                replace(last.certificates[0], common_name=f"Signatory {number}", sha256=f"{number:064x}"),
                *last.certificates[1:],
            ),
        )
        for number in range(1, COUNT + 1)
    )
    step = next(entry for entry in report.revisions if last.field in entry.signatures)
    between = tuple(
        replace(step, n=n + 3, signatures=(f"Sig{n}",), title={"en": f"Signatory {n}"}) for n in range(1, COUNT + 1)
    )
    revisions = (*report.revisions[:3], *between, *(replace(e, n=e.n + COUNT - 3) for e in report.revisions[6:]))
    return replace(report, signatures=(seal, *people, stamp), revisions=revisions)


def page(report: Report) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(str(render_body(report, "en")))


def test_the_page_is_short_and_every_name_is_on_it() -> None:
    body = page(many())
    text = body.text_content()
    assert all(f"Signatory {number}" in text for number in range(1, COUNT + 1))
    assert len(str(render_body(many(), "en"))) < 300_000
    open_text = " ".join(body.xpath("//text()[not(ancestor::details)]"))
    assert len(open_text.split()) < 400, "what is not opened is short"
    assert "64 signatures with the same result" in text
    assert len(body.xpath("//table[contains(@class, 'vr-people')]/tbody/tr")) == 1, "the seal is unlike the others"
    assert "62 more, revisions 5 to 66" in text
    assert len(body.xpath("//ol[@class='vr-steps']")) == COUNT + 2, "every step of every signature is there to open"


def test_one_that_is_unlike_the_others_stands_by_itself_and_first() -> None:
    report = many()
    bad = replace(report.signatures[40], indication=TOTAL_FAILED, integrity="broken", sub_indication="HASH_FAILURE")
    body = page(replace(report, signatures=(*report.signatures[:40], bad, *report.signatures[41:])))
    first = body.xpath("//table[contains(@class, 'vr-people')]/tbody/tr")[0].text_content()
    assert "Signatory 40" in first
    assert "TOTAL_FAILED" in first
    assert "63 signatures with the same result" in body.text_content()


def test_four_signatures_are_told_one_by_one() -> None:
    body = page(judge(agreement()))
    assert len(body.xpath("//table[contains(@class, 'vr-people')]/tbody/tr")) == 4
    assert not body.xpath("//*[contains(@class, 'vr-group') or contains(@class, 'vr-many')]")


def test_the_file_and_the_pdf_stay_small() -> None:
    assert len(report_html(many(), "zh-Hans").encode()) < 500_000
    pdf = report_pdf(many(), FontFolder(ROOT / "fonts" / "pdf"), "zh-Hans")
    assert len(pdf) < 2_000_000, "most of it is the report for programs, attached"
    assert pdf == report_pdf(many(), FontFolder(ROOT / "fonts" / "pdf"), "zh-Hans"), "the same report, the same bytes"
    assert STEPS_SHOWN < COUNT
