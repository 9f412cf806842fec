"""Qualification as an axis of its own: what trusted lists say of each signer's certificate, added to a finished report.

It needs the chain that was validated, nothing of the file. It never changes an indication, and only a signature that
passed is assessed.
"""

import base64
from dataclasses import replace

from keys.trust.trusted_lists import SEAL, SIGNATURE, TrustedLists
from signing_service.verification.forgiving import forgiving
from signing_service.verification.report import DOCUMENT_TIMESTAMP, TOTAL_PASSED, Qualification, Report
from signing_service.verification.report import Signature as Entry

#: (certificate for, device) → the level of Regulation (EU) No 910/2014.
LEVELS = {
    (SIGNATURE, True): "QES",
    (SIGNATURE, False): "AdES-QC",
    (SEAL, True): "QSeal",
    (SEAL, False): "AdESeal-QC",
}


def qualified(report: Report, lists: TrustedLists) -> Report:
    """The report with the qualification of each signature that passed."""
    return replace(report, signatures=tuple(_assessed(entry, report, lists) for entry in report.signatures))


def _assessed(entry: Entry, report: Report, lists: TrustedLists) -> Entry:
    chain = [base64.b64decode(item.der) for item in entry.certificates]
    if entry.kind == DOCUMENT_TIMESTAMP or entry.indication != TOTAL_PASSED or not chain:
        return entry
    at = entry.best_signature_time or report.document.judged_at
    with forgiving:  # certificates with statements that nobody can read
        found = lists.assess(chain, at)
        level = (
            LEVELS.get((found.certificate_type, found.device), "not_qualified") if found.qualified else "not_qualified"
        )
        told = Qualification(level, at, found.certificate_type, found.device, found.service)
        return replace(entry, qualification=told)
    return entry
