"""The report as a page: the plain answer first, then facts, timeline, signatures, findings, every step.

`render_body` is for a page that brings `STYLES` as a file of its own; `report_html` is one self-contained file
without scripts. What comes from the judged file is escaped by the template engine, always.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from signing_service.verification.exhibits import Exhibits
from signing_service.verification.findings import INFO, Finding
from signing_service.verification.looks import Look
from signing_service.verification.report import DOCUMENT_TIMESTAMP, SIGNATURE, Report, Revision
from signing_service.verification.report_groups import MANY, certificates, findings_by_code, groups, stretches
from signing_service.verification.report_words import (
    certificate_words,
    common_name,
    counts,
    judged_words,
    moment,
    pages_to_look_at,
    qualification,
    size_words,
)
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
AXES = {"broken": "vr-error", "undecidable": "vr-warning", "unexplained": "vr-error", "annotation": "vr-warning"}
MOST_MARKS = 40
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


def render_body(
    report: Report,
    lang: Lang = "en",
    actions: Sequence[Action] = (),
    exhibits: Exhibits | None = None,
    address: str = "",
) -> Markup:
    """The body of the report, without styles; safe to put into a page.

    `exhibits` are drawn where `address` is given, under which the page offers `/pages/<revision>/<page>.png` and
    `/changes/<revision>`.
    """
    serious = [entry for entry in report.findings if entry.severity != INFO]
    people = [entry for entry in report.signatures if entry.kind == SIGNATURE]
    told = groups(people, partial(certificate_words, lang=lang))
    return Markup(  # noqa: S704  made by an autoescaping template
        _ENGINE.get_template("report_body.html").render(
            report=report,
            document=report.document,
            lang=lang,
            actions=list(actions),
            address=address,
            pictures=render_pictures(exhibits, lang, address) if exhibits is not None and address else "",
            where=pages_to_look_at(report, exhibits.looks if exhibits is not None else ()),
            people=people,
            shown=[group.first for group in told if not group.folded],
            folded=[group for group in told if group.folded],
            stamps=[entry for entry in report.signatures if entry.kind == DOCUMENT_TIMESTAMP],
            stretches=stretches(report),
            many=len(report.signatures) > MANY,
            certificates=certificates(report),
            serious=serious,
            minor=[entry for entry in report.findings if entry.severity == INFO],
            counts=counts(report, lang),
            judged=judged_words(report, lang),
            size=size_words(report.file.size),
            awaiting=report.passed and any(entry.code == EMPTY_FIELD for entry in report.findings),
            line=partial(_line, report=report),
            certificate=partial(certificate_words, lang=lang),
            findings=partial(_findings, lang=lang, report=report),
            **_words(lang),
        )
    )


def render_pictures(exhibits: Exhibits, lang: Lang, address: str) -> Markup:
    """What looks different and what is hidden; empty when there is neither."""
    if not (exhibits.looks or exhibits.marks or exhibits.problem):
        return Markup()
    return Markup(  # noqa: S704  made by an autoescaping template
        _ENGINE.get_template("pictures.html").render(
            looks=exhibits.looks,
            marks=exhibits.marks[:MOST_MARKS],
            problem=exhibits.problem,
            address=address,
            pages_of=_pages_of,
            **_words(lang),
        )
    )


def _words(lang: Lang) -> dict[str, Any]:
    """What the templates say and how they write it."""
    return {
        "text": partial(pick, lang=lang),
        "word": lambda key, **params: label(key, lang, **params),
        "moment": partial(moment, lang=lang),
        "short": _short,
        "common_name": common_name,
        "tone": TONES.__getitem__,
        "axis_tone": lambda value: AXES.get(value, ""),
        "step_tone": lambda result: STEP_TONES.get(result, ""),
        "step_mark": STEP_MARKS.__getitem__,
        "qualification": partial(qualification, lang=lang),
    }


def _pages_of(look: Look) -> str:
    return ", ".join(str(change.page) for change in look.changes)


def report_html(report: Report, lang: Lang = "en") -> str:
    """One HTML file with its styles, readable anywhere, offline."""
    title = Markup.escape(f"{report.document.indication} · {report.file.name}")
    body = render_body(report, lang)
    return SHELL.format(lang=lang, title=title, styles=STYLES, page=OWN_PAGE, body=body)


def _findings(entries: Sequence[Finding], lang: Lang, report: Report) -> Markup:
    """A list of findings, each with the person whose signature it is about."""
    names = {f"signature:{e.field}": e.signer.common_name for e in report.signatures if e.signer is not None}

    def row(entry: Finding) -> Markup:
        who = Markup('<span class="vr-who">{}</span> ').format(names[entry.where]) if names.get(entry.where) else ""
        told = (label(f"severity.{entry.severity}", lang), pick(entry.text, lang), who, entry.code)
        return Markup('<li><span class="vr-{}">{}</span><span>{} {}<code>{}</code></span></li>').format(
            entry.severity, *told
        )

    rows: list[Markup] = []
    for shown, folded in findings_by_code(entries):
        rows += [row(entry) for entry in shown]
        if folded:
            more = label("page.more_findings", lang, count=len(folded))
            inner = Markup("").join(row(entry) for entry in folded)
            rows.append(
                Markup('<li class="vr-more"><details><summary>{}</summary><ul>{}</ul></details></li>').format(
                    more, inner
                )
            )
    return Markup('<ul class="vr-findings">') + Markup("").join(rows) + Markup("</ul>")


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
