"""The plain answer first: one or two sentences for the whole file, and what the report does not prove."""

from collections.abc import Mapping, Sequence

from keys.issuing.profiles import IdentityAssurance
from signing_service.verification.certificates import assurance_of
from signing_service.verification.findings import ERROR, Finding
from signing_service.verification.report import (
    DOCUMENT_TIMESTAMP,
    INDETERMINATE,
    SIGNATURE,
    TOTAL_FAILED,
    TOTAL_PASSED,
    Signature,
)
from signing_service.verification.words import say

EMPTY_FIELD = "signature.empty_field"
"""An unsigned field: what is signed may be sound, but the document is not signed by everyone it has room for."""

# The first of these that was found is the plain answer.
DECISIVE = (
    "run.timed_out",
    "run.crashed",
    "run.too_large",
    "document.not_a_pdf",
    "document.encrypted",
    "document.too_many_revisions",
    "document.unreadable",
    "document.rehearsal",
    "signature.rehearsal",
    "document.cut_short",
    "expected.cut_off",
    "expected.signatory_unexpected",
    "expected.signatory_different",
    "expected.signature_missing",
    "expected.stamp_missing",
    "document.signature_removed",
    "change.locked_field",
    "change.not_permitted",
    "change.unexplained",
    "change.covering_field",
    "change.annotation",
    "document.trailing_bytes",
    "expected.not_the_file",
)


def summarise(
    readable: str, indication: str, signatures: Sequence[Signature], findings: Sequence[Finding]
) -> Mapping[str, str]:
    """The headline in every language."""
    people = [entry for entry in signatures if entry.kind == SIGNATURE]
    codes = {entry.code for entry in findings}
    if indication == TOTAL_PASSED:
        empty = sum(1 for entry in findings if entry.code == EMPTY_FIELD)
        if empty:
            return say("summary.awaiting", count=len(people), empty=empty)
        complete = "expected.matches" in codes
        return say("summary.complete" if complete else "summary.passed", count=len(people))
    if indication == TOTAL_FAILED:
        bad = [entry for entry in signatures if entry.indication == TOTAL_FAILED]
        return say("summary.failed", bad=len(bad), count=len(signatures))
    decisive = next((code for code in DECISIVE if code in codes), None)
    if decisive is not None:
        return say(f"summary.{decisive}")
    if readable == "no":
        return say("summary.document.unreadable")
    if not people:
        return say("summary.no_signature")
    if any(entry.severity == ERROR for entry in findings) and all(e.indication == TOTAL_PASSED for e in people):
        return say("summary.errors")
    return _undecided(people)


def _undecided(people: Sequence[Signature]) -> Mapping[str, str]:
    """Which kind of doubt remains, said of the first signature that has one."""
    first = next((entry for entry in people if entry.indication == INDETERMINATE), people[0])
    known = {
        "NO_CERTIFICATE_CHAIN_FOUND": "summary.untrusted",
        "TRY_LATER": "summary.no_revocation",
        "REVOKED_NO_POE": "summary.revoked",
        "REVOKED_CA_NO_POE": "summary.revoked",
        "OUT_OF_BOUNDS_NO_POE": "summary.expired",
    }
    return say(known.get(first.sub_indication or "", "summary.undecided"))


def not_proved(signatures: Sequence[Signature], *, compared: bool) -> tuple[Mapping[str, str], ...]:
    """What a reader might think is proved and is not; `compared`: our log says that the file is complete."""
    people = [entry for entry in signatures if entry.kind == SIGNATURE]
    said: list[Mapping[str, str]] = []
    assurances = {assurance_of(entry.signer) for entry in people if entry.signer is not None}
    if IdentityAssurance.EMAIL_VERIFIED in assurances:
        said.append(say("not_proved.civil_identity"))
    if any(entry.best_signature_time is None for entry in people):
        said.append(say("not_proved.time"))
    if any(entry.changes == "unexplained" for entry in signatures):
        said.append(say("not_proved.changes"))
    if people and not any(entry.kind == DOCUMENT_TIMESTAMP for entry in signatures):
        said.append(say("not_proved.long_term"))
    if people and not compared:
        said.append(say("not_proved.completeness"))
    return tuple(said)
