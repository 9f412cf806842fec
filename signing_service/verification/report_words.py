"""How the report writes names, times, sizes and what a certificate rests on, the same in every form of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from signing_service.verification.certificates import assurance_of
from signing_service.verification.looks import Look
from signing_service.verification.report import SIGNATURE, Report, Signature
from signing_service.verification.words import Lang, label

LOCALES = {"en": "en", "zh-Hans": "zh_Hans", "de": "de", "fi": "fi"}


def person(entry: Signature) -> str:
    """Who a signature is of, as its certificate says; the field when there is none."""
    if entry.signer is None:
        return entry.field
    return entry.signer.common_name or entry.signer.organisation or entry.field


def counts(report: Report, lang: Lang) -> str:
    """How many signatures and document time stamps there are."""
    people = sum(1 for entry in report.signatures if entry.kind == SIGNATURE)
    stamps = len(report.signatures) - people
    parts = [label("page.signatures_one" if people == 1 else "page.signatures", lang, count=people)]
    if stamps:
        parts.append(label("page.stamps_one" if stamps == 1 else "page.stamps", lang, count=stamps))
    return " · ".join(parts)


def moment(at: datetime, lang: Lang) -> str:
    """A time in UTC as the language writes it."""
    pattern = "y年M月d日 HH:mm:ss" if lang == "zh-Hans" else "d MMM y HH:mm:ss"
    return format_datetime(at, pattern, locale=LOCALES.get(lang, "en")) + " UTC"


def time_words(entry: Signature, lang: Lang) -> str:
    """The proved time of a signature, else that none is, with what its program claims."""
    if entry.best_signature_time is not None:
        return moment(entry.best_signature_time, lang)
    if entry.claimed_time is None:
        return label("page.not_proved", lang)
    return f"{label('page.not_proved', lang)} · {label('page.claimed', lang, time=moment(entry.claimed_time, lang))}"


def size_words(count: int) -> str:
    """Bytes for people, in decimal units."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def certificate_words(entry: Signature, lang: Lang) -> str:
    """In one phrase, what the certificate rests on."""
    if entry.signer is None:
        return "—"
    assurance = assurance_of(entry.signer)
    if assurance is not None:
        return label(f"assurance.{assurance.value}", lang)
    key = "page.issuer_unknown" if entry.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND" else "page.issuer"
    return label(key, lang, issuer=common_name(entry.signer.issuer))


def qualification(entry: Signature, lang: Lang) -> str:
    """What the trusted lists say about qualification, if any was asked."""
    found = entry.qualification
    said = label(f"qualification.{found.level if found is not None else 'not_assessed'}", lang)
    by = " ".join(part for part in (found.territory, found.service) if part) if found is not None else ""
    return f"{said} · {by}" if by else said


def judged_words(report: Report, lang: Lang) -> str:
    """At which time and under which policy the report was made."""
    at = label("page.judged", lang, time=moment(report.document.judged_at, lang))
    return f"{at} · {label('page.policy', lang, name=report.policy.name)}" if report.policy is not None else at


def pages_to_look_at(report: Report, looks: Sequence[Look] = ()) -> str:
    """The pages of the revisions that could not be explained: as the objects say, and as they look."""
    bad = {entry.n: entry for entry in report.revisions if entry.change == "unexplained"}
    pages = {page for entry in bad.values() for page in entry.pages}
    pages |= {change.page for look in looks if look.after in bad for change in look.changes}
    return ", ".join(str(page) for page in sorted(pages)[:20])


def common_name(subject: str) -> str:
    """The common name out of a subject as asn1crypto prints it, else all of it."""
    parts: dict[str, Any] = dict(part.split(": ", 1) for part in subject.split(", ") if ": " in part)
    return str(parts.get("Common Name") or subject)
