"""The report for a terminal: the plain answer first, then signatures, changes, findings and, on request, every step."""

from signing_service.verification.plain_data import format_time
from signing_service.verification.report import Report, Signature
from signing_service.verification.report_words import qualification
from signing_service.verification.words import Lang, label, pick

MARKS = {"TOTAL_PASSED": "✓", "INDETERMINATE": "?", "TOTAL_FAILED": "✗"}
STEP_MARKS = {"passed": "✓", "failed": "✗", "indeterminate": "?", "noted": "·", "skipped": "–"}


def report_text(report: Report, lang: Lang = "en", *, steps: bool = False) -> str:
    """Plain text, no colours, lines ended by \\n."""
    document = report.document
    verdict = document.indication + (f" / {document.sub_indication}" if document.sub_indication else "")
    lines = [
        f"{MARKS[document.indication]} {pick(document.summary, lang)}",
        f"  {verdict} · {report.file.name} · {report.file.size} B · {document.level}",
        f"  SHA-256 {report.file.sha256}",
    ]
    for entry in report.signatures:
        lines += ["", *_signature(entry, lang, steps)]
    if report.revisions:
        lines += ["", label("heading.revisions", lang)]
        lines += [
            _revision_line(entry.n, pick(entry.title, lang), pick(entry.detail, lang)) for entry in report.revisions
        ]
    if report.findings:
        lines += ["", label("heading.findings", lang)]
        lines += [f"  [{entry.severity}] {pick(entry.text, lang)} ({entry.code})" for entry in report.findings]
    if document.not_proved:
        lines += ["", label("heading.not_proved", lang)]
        lines += [f"  {pick(text, lang)}" for text in document.not_proved]
    return "\n".join(lines) + "\n"


def _revision_line(number: int, title: str, detail: str) -> str:
    return f"  {number}  {title} — {detail}"


def _signature(entry: Signature, lang: Lang, steps: bool) -> list[str]:
    signer = entry.signer
    name = " · ".join(part for part in (signer.common_name, signer.organisation) if part) if signer else "?"
    verdict = entry.indication + (f" / {entry.sub_indication}" if entry.sub_indication else "")
    facts = {
        "integrity": label(f"integrity.{entry.integrity}", lang),
        "changes": label(f"change.{entry.changes}", lang),
        "level": entry.level,
        "time": format_time(entry.best_signature_time) if entry.best_signature_time else "—",
    }
    lines = [
        f"{MARKS[entry.indication]} {name} ({entry.field}, {label('kind.' + entry.kind, lang)})",
        f"    {verdict}: {pick(entry.reason, lang)}",
        "    " + " · ".join(_pair(f"column.{name}", value, lang) for name, value in facts.items()),
    ]
    if entry.custody:
        lines.append("    " + _pair("column.custody", label(f"custody.{entry.custody}", lang), lang))
    if entry.qualification is not None and entry.qualification.level != "not_assessed":
        lines.append("    " + _pair("column.qualification", qualification(entry, lang), lang))
    if steps:
        lines += [
            f"    {step.n:2} {STEP_MARKS[step.result]} {pick(step.what_text, lang)}: {pick(step.detail_text, lang)}"
            for step in entry.steps
        ]
    return lines


def _pair(key: str, value: str, lang: Lang) -> str:
    return label("pair", lang, name=label(key, lang), value=value)
