"""The report as a page: the plain answer first, then facts, timeline, signatures, findings, every step.

`render_body` is for a page that brings `STYLES` as a file of its own; `report_html` is one self-contained file
without scripts. What comes from the judged file is escaped by the template engine, always.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from signing_service.verification.certificates import assurance_of
from signing_service.verification.findings import INFO, Finding
from signing_service.verification.report import DOCUMENT_TIMESTAMP, SIGNATURE, Report, Revision, Signature
from signing_service.verification.summary import EMPTY_FIELD
from signing_service.verification.words import Lang, label, pick

PAGE = Path(__file__).parent / "page"
STYLES: str = (PAGE / "report.css").read_text(encoding="utf-8")
"""The styles of the report; every rule stands under `.vr`."""

_ENGINE = Environment(
    loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
TONES = {"TOTAL_PASSED": "vr-passed", "TOTAL_FAILED": "vr-failed", "INDETERMINATE": "vr-undecided"}
STEP_TONES = {"passed": "vr-passed", "failed": "vr-failed", "indeterminate": "vr-undecided"}
STEP_MARKS = {"passed": "✓", "failed": "✗", "indeterminate": "?", "noted": "·", "skipped": "–"}
UNSIGNED = ("original", "before_signing")
CARE = ("annotation", "form_fill")
LOCALES = {"en": "en", "zh-Hans": "zh_Hans", "de": "de", "fi": "fi"}
SHELL = (
    '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    "<title>{title}</title>\n<style>\n{styles}\n{page}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
)
OWN_PAGE = (
    "body { margin: 0; padding: clamp(1rem, 3vw, 2.5rem); background: #faf8f4; }\n"
    "@media (prefers-color-scheme: dark) { body { background: #12182a; } }\n"
    "@media print { body { background: #fff; padding: 0; } }"
)


@dataclass(frozen=True, slots=True)
class Action:
    """A link beside the report, e.g. a download."""

    text: str
    href: str


def render_body(report: Report, lang: Lang = "en", actions: Sequence[Action] = ()) -> Markup:
    """The body of the report, without styles; safe to put into a page."""
    serious = [entry for entry in report.findings if entry.severity != INFO]
    return Markup(  # noqa: S704  made by an autoescaping template
        _ENGINE.get_template("report_body.html").render(
            report=report,
            document=report.document,
            lang=lang,
            actions=list(actions),
            people=[entry for entry in report.signatures if entry.kind == SIGNATURE],
            stamps=[entry for entry in report.signatures if entry.kind == DOCUMENT_TIMESTAMP],
            serious=serious,
            minor=[entry for entry in report.findings if entry.severity == INFO],
            counts=_counts(report, lang),
            size=_size(report.file.size),
            text=partial(pick, lang=lang),
            word=lambda key, **params: label(key, lang, **params),
            moment=partial(_moment, lang=lang),
            short=_short,
            tone=TONES.__getitem__,
            awaiting=report.passed and any(entry.code == EMPTY_FIELD for entry in report.findings),
            line=partial(_line, report=report),
            step_tone=lambda result: STEP_TONES.get(result, ""),
            step_mark=STEP_MARKS.__getitem__,
            certificate=partial(_certificate, lang=lang),
            findings=partial(_findings, lang=lang),
        )
    )


def report_html(report: Report, lang: Lang = "en") -> str:
    """One HTML file with its styles, readable anywhere, offline."""
    title = Markup.escape(f"{report.document.indication} · {report.file.name}")
    body = render_body(report, lang)
    return SHELL.format(lang=lang, title=title, styles=STYLES, page=OWN_PAGE, body=body)


def _findings(entries: Sequence[Finding], lang: Lang) -> Markup:
    """A list of findings."""
    rows = [
        Markup('<li><span class="vr-{}">{}</span><span>{} <code>{}</code></span></li>').format(
            entry.severity, label(f"severity.{entry.severity}", lang), pick(entry.text, lang), entry.code
        )
        for entry in entries
    ]
    return Markup('<ul class="vr-findings">') + Markup("").join(rows) + Markup("</ul>")


def _counts(report: Report, lang: Lang) -> str:
    people = sum(1 for entry in report.signatures if entry.kind == SIGNATURE)
    stamps = len(report.signatures) - people
    parts = [label("page.signatures_one" if people == 1 else "page.signatures", lang, count=people)]
    if stamps:
        parts.append(label("page.stamps_one" if stamps == 1 else "page.stamps", lang, count=stamps))
    return " · ".join(parts)


def _moment(moment: datetime, lang: Lang) -> str:
    pattern = "y年M月d日 HH:mm:ss" if lang == "zh-Hans" else "d MMM y HH:mm:ss"
    return format_datetime(moment, pattern, locale=LOCALES.get(lang, "en")) + " UTC"


def _size(count: int) -> str:
    """Bytes for people, in decimal units."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _short(digest: str) -> str:
    return f"{digest[:8]} {digest[8:16]} … {digest[-4:]}"


def _line(revision: Revision, report: Report) -> str:
    """The colour of a revision's line: by the verdict of what was signed in it, else by its class of change."""
    verdicts = {entry.indication for entry in report.signatures if entry.field in revision.signatures}
    if revision.change == "unexplained" or "TOTAL_FAILED" in verdicts:
        return "vr-fail"
    if revision.change in CARE or "INDETERMINATE" in verdicts:
        return "vr-care"
    plain = revision.change in UNSIGNED or not report.passed
    return "vr-plain" if plain and not verdicts else ""


def _certificate(entry: Signature, lang: Lang) -> str:
    """In one phrase, what the certificate rests on."""
    if entry.signer is None:
        return "—"
    assurance = assurance_of(entry.signer)
    if assurance is not None:
        return label(f"assurance.{assurance.value}", lang)
    if entry.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND":
        return label("page.issuer_unknown", lang, issuer=_common_name(entry.signer.issuer))
    return label("page.issuer", lang, issuer=_common_name(entry.signer.issuer))


def _common_name(subject: str) -> str:
    """The common name out of a subject as asn1crypto prints it, else all of it."""
    parts: dict[str, Any] = dict(part.split(": ", 1) for part in subject.split(", ") if ": " in part)
    return str(parts.get("Common Name") or subject)
