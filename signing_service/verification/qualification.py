"""Qualification as an axis of its own: what trusted lists say of each signer's certificate, added to a finished report.

It needs the chain that was validated, nothing of the file. It never changes an indication, and only a signature that
passed is assessed. A list past its next update is used and named, or left out, as the policy says.
"""

import base64
from dataclasses import replace
from datetime import datetime

from keys.trust.trusted_lists import SEAL, SIGNATURE, TrustedLists
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.policy import ACCEPTED, DEFAULT, named
from signing_service.verification.report import DOCUMENT_TIMESTAMP, TOTAL_PASSED, Qualification, Report
from signing_service.verification.report import Signature as Entry
from signing_service.verification.report_evidence import EvidenceUsed, ListUsed
from signing_service.verification.steps import NOTED, PASSED, SKIPPED, with_step
from signing_service.verification.words import say

#: (certificate for, device) → the level of Regulation (EU) No 910/2014.
LEVELS = {
    (SIGNATURE, True): "QES",
    (SIGNATURE, False): "AdES-QC",
    (SEAL, True): "QSeal",
    (SEAL, False): "AdESeal-QC",
}
NOT_QUALIFIED = "not_qualified"


def usable(lists: TrustedLists, policy: str, at: datetime) -> TrustedLists:
    """The lists that count under a policy at a time, for anchors and for qualification; raises UnknownPolicy."""
    return lists if named(policy).stale_lists == ACCEPTED else lists.fresh(at)


def qualified(report: Report, lists: TrustedLists) -> Report:
    """The report with the qualification of each signature that passed, and with the lists that were used."""
    policy, at = report.policy.name if report.policy is not None else DEFAULT, report.document.judged_at
    counting = usable(lists, policy, at)
    stale = tuple(sorted(one.facts.territory for one in lists.lists if one.facts.is_stale(at)))
    left_out = bool(stale) and len(counting.lists) < len(lists.lists)
    told = tuple(
        ListUsed(
            one.facts.territory,
            one.facts.sequence,
            one.facts.issued_at,
            one.facts.next_update_at,
            one.facts.sha256,
            one.facts.source,
            one.facts.is_stale(at),
        )
        for one in lists.lists
    )
    return replace(
        report,
        signatures=tuple(_told(_assessed(one, report, counting), stale, left_out, lists) for one in report.signatures),
        findings=(*report.findings, *_stale(stale, left_out=left_out)),
        evidence=replace(report.evidence or EvidenceUsed(), lists=told),
    )


def _stale(territories: tuple[str, ...], *, left_out: bool) -> tuple[Finding, ...]:
    code = "document.stale_list_refused" if left_out else "document.stale_list_used"
    return (finding(code, lists=", ".join(territories)),) if territories else ()


def _assessed(entry: Entry, report: Report, lists: TrustedLists) -> Entry:
    chain = [base64.b64decode(item.der) for item in entry.certificates]
    if entry.kind == DOCUMENT_TIMESTAMP or entry.indication != TOTAL_PASSED or not chain or not lists.lists:
        return entry
    at = entry.best_signature_time or report.document.judged_at
    with forgiving:  # certificates with statements that nobody can read
        found = lists.assess(chain, at)
        level = LEVELS.get((found.certificate_type, found.device), NOT_QUALIFIED) if found.qualified else NOT_QUALIFIED
        told = Qualification(level, at, found.certificate_type, found.device, found.service, found.territory)
        return replace(entry, qualification=told)
    return entry


def _told(entry: Entry, stale: tuple[str, ...], left_out: bool, lists: TrustedLists) -> Entry:
    """The entry with the steps about lists."""
    if entry.kind == DOCUMENT_TIMESTAMP:
        return entry
    names = {"stale": ", ".join(stale), "count": len(lists.lists)}
    steps = entry.steps
    result, outcome = (SKIPPED, "refused") if left_out else (NOTED, "stale") if stale else (PASSED, "ok")
    steps = with_step(steps, "lists", result, outcome, **names)
    found = entry.qualification
    if found is None or found.level == "not_assessed":
        return replace(entry, steps=with_step(steps, "qualification", SKIPPED, "not_assessed"))
    if found.level == NOT_QUALIFIED:
        return replace(entry, steps=with_step(steps, "qualification", NOTED, "not"))
    level, where = say(f"qualification.{found.level}"), {"service": found.service, "territory": found.territory}
    return replace(entry, steps=with_step(steps, "qualification", PASSED, "found", level=level, **where))
