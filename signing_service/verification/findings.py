"""Findings: what a verification noticed, each with a stable code, a severity, a place and a sentence per language.

The table of codes is closed; the words hold the sentence of each under `finding.<code>`. A finding is never
an exception.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from signing_service.verification.words import say

INFO, WARNING, ERROR = "info", "warning", "error"

SEVERITIES: Mapping[str, str] = {
    # the document
    "document.not_a_pdf": ERROR,
    "document.unreadable": ERROR,
    "document.encrypted": ERROR,
    "document.read_leniently": WARNING,
    "document.cut_short": ERROR,
    "document.rebuilt": WARNING,
    "document.no_signature": WARNING,
    "document.trailing_bytes": ERROR,
    "document.trailing_padding": INFO,
    "document.judged_in_the_past": WARNING,
    "document.replayed": INFO,
    "document.stale_list_used": WARNING,
    "document.stale_list_refused": WARNING,
    "document.too_many_signatures": ERROR,
    "document.too_many_revisions": ERROR,
    "document.signature_removed": ERROR,
    "document.rehearsal": ERROR,
    "document.scripts": WARNING,
    "document.prepared_content": INFO,
    # the run
    "run.timed_out": ERROR,
    "run.crashed": ERROR,
    "run.too_large": ERROR,
    # one signature
    "signature.empty_field": INFO,
    "signature.unknown_subfilter": ERROR,
    "signature.not_in_form": ERROR,
    "signature.not_analysed": ERROR,
    "signature.malformed": ERROR,
    "signature.byte_range": ERROR,
    "signature.coverage": ERROR,
    "signature.hash_mismatch": ERROR,
    "signature.value_invalid": ERROR,
    "signature.padding": ERROR,
    "signature.shared_value": ERROR,
    "signature.untrusted_root": WARNING,
    "signature.no_revocation_information": WARNING,
    "signature.revocation_not_current": INFO,
    "signature.revoked": ERROR,
    "signature.revocation_too_late": WARNING,
    "signature.policy_time": WARNING,
    "signature.policy_changes": WARNING,
    "signature.outside_validity": WARNING,
    "signature.chain_problem": WARNING,
    "signature.rehearsal": ERROR,
    "signature.weak_algorithm": WARNING,
    "signature.time_not_proved": INFO,
    "signature.stamp_broken": ERROR,
    "signature.stamp_not_trusted": WARNING,
    # changes after a signature
    "change.unexplained": ERROR,
    "change.annotation": WARNING,
    "change.form_fill": WARNING,
    "change.not_permitted": ERROR,
    "change.locked_field": ERROR,
    "change.explained_by_content": INFO,
    "change.covering_field": ERROR,
    # our own agreement
    "expected.signature_missing": ERROR,
    "expected.signatory_unexpected": ERROR,
    "expected.signatory_different": ERROR,
    "expected.stamp_missing": ERROR,
    "expected.cut_off": ERROR,
    "expected.not_the_file": ERROR,
    "expected.sealed_unknown": WARNING,
    "expected.matches": INFO,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed; `where` is `document`, `revision:<n>` or `signature:<field>`."""

    code: str
    severity: str
    where: str
    text: Mapping[str, str]


def finding(code: str, where: str = "document", /, **params: object) -> Finding:
    """A finding of a known code; raises KeyError for a code that the table does not have."""
    return Finding(code, SEVERITIES[code], where, say(f"finding.{code}", **params))
