"""What our own log expects of a file, compared: signatures cut off, missing stamps, unexpected signatories are named.

The expectation is given by the caller; where it comes from is not this module's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from signing_service.verification.findings import Finding, finding
from signing_service.verification.report import DOCUMENT_TIMESTAMP, LEVELS, SIGNATURE, AgreementFacts, Signature
from signing_service.verification.words import say


@dataclass(frozen=True, slots=True)
class ExpectedSignatory:
    """Whose certificate must stand in a field: display name (empty: any), custody kind, identity words per language."""

    name: str = ""
    custody: str | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    certificate_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """All optional. `revisions`: SHA-256 of the file after each signature, oldest first; `level`: what was reached."""

    agreement_no: str = ""
    final_sha256: str = ""
    revisions: tuple[str, ...] = ()
    signatories: Mapping[str, ExpectedSignatory] = field(default_factory=dict)
    level: str = ""
    document_timestamp: bool = False
    log_entries: str = ""


def compare_with(
    expected: Expectation, signatures: Sequence[Signature], file_sha256: str
) -> tuple[tuple[Finding, ...], AgreementFacts]:
    """Findings for every deviation (none: one that says it matches), and the line about our log."""
    problems = [
        *_missing(expected, signatures),
        *_unexpected(expected, signatures),
        *_stamps(expected, signatures),
        *_file(expected, file_sha256),
    ]
    number = expected.agreement_no
    if problems:
        return tuple(problems), AgreementFacts(number, False, say("agreement.differs", number=number or "—"))
    agreed = finding("expected.matches", number=number or "—")
    detail = say("agreement.matches", number=number or "—", entries=expected.log_entries or "—")
    return (agreed,), AgreementFacts(number, True, detail)


def _missing(expected: Expectation, signatures: Sequence[Signature]) -> list[Finding]:
    present = {entry.field for entry in signatures if entry.kind == SIGNATURE}
    return [
        finding("expected.signature_missing", f"signature:{name}", field=name, name=signatory.name or name)
        for name, signatory in expected.signatories.items()
        if name not in present
    ]


def _unexpected(expected: Expectation, signatures: Sequence[Signature]) -> list[Finding]:
    if not expected.signatories:
        return []
    problems: list[Finding] = []
    for entry in signatures:
        if entry.kind != SIGNATURE:
            continue
        where, shown = f"signature:{entry.field}", entry.signer.common_name if entry.signer else "?"
        wanted = expected.signatories.get(entry.field)
        if wanted is None:
            problems.append(finding("expected.signatory_unexpected", where, field=entry.field, name=shown))
        elif not _is_who_was_expected(wanted, entry):
            problems.append(
                finding("expected.signatory_different", where, field=entry.field, name=shown, expected=wanted.name)
            )
    return problems


def _is_who_was_expected(wanted: ExpectedSignatory, entry: Signature) -> bool:
    if entry.signer is None:
        return not (wanted.name or wanted.certificate_sha256)
    if wanted.certificate_sha256 and wanted.certificate_sha256 != entry.signer.sha256:
        return False
    return not wanted.name or wanted.name == entry.signer.common_name


def _stamps(expected: Expectation, signatures: Sequence[Signature]) -> list[Finding]:
    problems: list[Finding] = []
    stamped = any(entry.kind == DOCUMENT_TIMESTAMP for entry in signatures)
    if expected.document_timestamp and not stamped:
        problems.append(finding("expected.stamp_missing", what="document"))
    if expected.level in LEVELS:
        wanted = LEVELS.index(expected.level)
        for entry in signatures:
            if entry.kind == SIGNATURE and LEVELS.index(entry.level) < wanted:
                where = f"signature:{entry.field}"
                problems.append(finding("expected.stamp_missing", where, what=f"{entry.level} < {expected.level}"))
    return problems


def _file(expected: Expectation, file_sha256: str) -> list[Finding]:
    known = {*expected.revisions, expected.final_sha256} - {""}
    if not known or file_sha256 == expected.final_sha256:
        return []
    if not expected.final_sha256 and expected.revisions and file_sha256 == expected.revisions[-1]:
        return []
    if file_sha256 in expected.revisions:
        place, total = expected.revisions.index(file_sha256) + 1, len(expected.revisions)
        return [finding("expected.cut_off", place=place, total=total)]
    return [finding("expected.not_the_file")]
