"""The JSON report: the keys that others rely on, its round trip, and its two renderings for people."""

import json
import re

import pytest

from signing_service.verification.report import SCHEMA, Report
from signing_service.verification.report_html import STYLES, Action, render_body, report_html
from signing_service.verification.report_text import report_text
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.mutations import flip_byte, replace_page
from tests.signing_service.verification.worlds import agreement, judge, pki, stamped, stranger

REPORTS = {
    "passed": lambda: judge(agreement()),
    "changed": lambda: judge(replace_page(agreement())),
    "failed": lambda: judge(flip_byte(stamped())),
    "untrusted": lambda: judge(stamped(), world=stranger()),
    "unreadable": lambda: judge(b"noise"),
}


@pytest.fixture(params=REPORTS)
def report(request) -> Report:
    return REPORTS[request.param]()


def test_the_keys_that_others_rely_on(report):
    data = report.to_json()
    assert data["schema"] == SCHEMA == "signing-service/report/1"
    assert {"name", "sha256", "size"} <= set(data["file"])
    document = {"indication", "readable", "revisions", "trailing_bytes", "summary"}
    assert document <= set(data["document"])
    assert data["document"]["indication"] in ("TOTAL_PASSED", "INDETERMINATE", "TOTAL_FAILED")
    assert data["document"]["readable"] in ("strict", "lenient", "no")
    assert {"en", "zh-Hans"} <= set(data["document"]["summary"])
    keys = {"field", "kind", "revision", "indication", "sub_indication", "integrity", "changes", "level", "signer"}
    for entry in data["signatures"]:
        assert keys | {"custody", "best_signature_time", "steps"} <= set(entry)
        assert entry["kind"] in ("signature", "document_timestamp")
        assert entry["integrity"] in ("intact", "broken", "undecidable")
        assert entry["changes"] in ("none", "maintenance", "signing", "form_fill", "annotation", "unexplained")
        assert entry["level"] in ("none", "B-B", "B-T", "B-LT", "B-LTA")
        for step in entry["steps"]:
            assert {"n", "what", "result", "detail"} <= set(step)
            assert isinstance(step["what"], str)
    for entry in data["findings"]:
        assert {"code", "severity", "where", "text"} <= set(entry)
        assert entry["severity"] in ("info", "warning", "error")
        assert entry["text"]["en"]
        assert entry["text"]["zh-Hans"]


def test_round_trip(report):
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


@pytest.mark.parametrize("data", [{}, {"schema": "other"}, {"schema": SCHEMA}, {"schema": SCHEMA, "file": 3}])
def test_what_is_no_report_is_refused(data):
    with pytest.raises(ValueError, match="not a"):
        Report.from_json(data)


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "de", "fi"])
def test_the_page_stands_alone(report, lang):
    page = report_html(report, lang)
    assert f'<html lang="{lang}">' in page
    assert report.document.summary[lang] in page
    assert report.file.sha256 in page
    assert "<script" not in page
    assert not re.search(r"<[^>]+ (style|on\w+)=", page)
    assert "http" not in page.split("</style>")[1]


def test_the_body_brings_no_styles():
    body = render_body(judge(agreement()), "en", [Action("JSON", "/verify/1.json")])
    assert "<style" not in body
    assert '<a href="/verify/1.json">JSON</a>' in body
    assert all(rule.strip().startswith((".vr", "@", "}", "--vr", "/*")) for rule in STYLES.splitlines() if "{" in rule)


def test_names_from_the_file_are_text_and_nothing_else():
    certificate = pki().signatory("<script>alert(1)</script>")
    pdf = sign(base_pdf(), pki(), Signing(certificate, "<b>x</b>"))
    page = report_html(judge(pdf), "en")
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_the_text_begins_with_the_plain_answer(report, lang):
    text = report_text(report, lang, steps=True)
    assert report.document.summary[lang] in text.splitlines()[0]
    assert report.document.indication in text
