"""From what was examined to one signature's verdict: indication and one plain reason (the steps: `narration`).

The rule of EN 319 102-1 clause 5.1.3: broken cryptography or format fails, everything undecided is
indeterminate. Beyond the standard: changes after the signature that nothing permits are a failed signature
constraint, never a failed signature.
"""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from signing_service.verification.certificate_facts import begins
from signing_service.verification.certificates import custody_of, describe, describe_chain
from signing_service.verification.examined import Examined
from signing_service.verification.expectation import ExpectedSignatory
from signing_service.verification.findings import Finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.narration import Narration
from signing_service.verification.policy import DEFAULT, Policy, named
from signing_service.verification.report import (
    BROKEN,
    DOCUMENT_TIMESTAMP,
    INDETERMINATE,
    INTACT,
    SIGNATURE,
    TOTAL_FAILED,
    TOTAL_PASSED,
    UNDECIDABLE,
    Certificate,
    Qualification,
    Signature,
)
from signing_service.verification.signature_contents import RAW_RSA
from signing_service.verification.signature_fields import ENCAPSULATED
from signing_service.verification.words import say


@dataclass
class Verdict:
    """Builds one `Signature` of the report out of one `Examined`."""

    entry: Examined
    number: int
    expected: ExpectedSignatory | None = None
    policy: Policy = dataclass_field(default_factory=lambda: named(DEFAULT))
    findings: list[Finding] = dataclass_field(default_factory=list)

    def signature(self) -> Signature:
        """The entry of the report; `findings` is complete afterwards."""
        indication, sub = self._decide()
        told = Narration(self.entry, self.policy, self._refused_by_policy())
        told.tell()
        self.findings = told.findings
        entry = self.entry
        signer = self._signer()
        judged = entry.judgement
        return Signature(
            field=entry.one.name,
            kind=DOCUMENT_TIMESTAMP if entry.is_timestamp else SIGNATURE,
            revision=self.number,
            indication=indication,
            sub_indication=sub,
            integrity=self._integrity(),
            changes=self._changes(),
            level=entry.level,
            signer=signer,
            custody=self._custody(),
            best_signature_time=entry.proved,
            steps=told.steps.done(),
            reason=say(f"reason.{self._cause(indication, sub)}"),
            claimed_time=entry.claimed,
            certification=entry.permission,
            subfilter=entry.one.subfilter.lstrip("/"),
            algorithm=entry.embedded.md_algorithm if entry.embedded is not None else "",
            covers_whole_file=entry.covered and entry.changes.kind == "none",
            changed_fields=entry.changes.fields,
            timestamps=tuple(stamp.entry() for stamp in entry.stamps),
            certificates=self._chain(),
            method=judged.method if judged else "",
            document_digest=entry.integrity.digest.hex(),
            document_digest_algorithm=entry.digest_algorithm,
            algorithms=judged.algorithms if judged else (),
            revocation=judged.revocation if judged else (),
            qualification=None if entry.is_timestamp else Qualification("not_assessed"),
        )

    def _decide(self) -> tuple[str, str | None]:
        """Indication and sub-indication, the gravest reason first."""
        entry = self.entry
        if entry.problem in ("unknown_subfilter", "not_analysed"):
            return INDETERMINATE, None
        if entry.problem in ("malformed", "byte_range"):
            return TOTAL_FAILED, "FORMAT_FAILURE"
        if entry.integrity.state == BROKEN:
            return TOTAL_FAILED, entry.integrity.sub_indication
        if entry.integrity.state == UNDECIDABLE:
            sub = entry.integrity.sub_indication
            return (TOTAL_FAILED if sub == "FORMAT_FAILURE" else INDETERMINATE), sub
        if self.entry.rehearsed:
            return INDETERMINATE, "CHAIN_CONSTRAINTS_FAILURE"  # its certificates say so, whoever trusts their root
        judged = entry.judgement
        if judged is None:
            return INDETERMINATE, None
        if judged.passed and entry.proved and not entry.is_timestamp and self._signed_too_early():
            return TOTAL_FAILED, "NOT_YET_VALID"
        if not judged.passed:
            return judged.indication, judged.sub_indication
        if entry.one.subfilter in (ENCAPSULATED, RAW_RSA):
            return INDETERMINATE, "CRYPTO_CONSTRAINTS_FAILURE"  # SHA-1 over the document: collisions can be made
        if entry.problem or not entry.covered or entry.changes.not_permitted or self._stamp_broken():
            return INDETERMINATE, "SIG_CONSTRAINTS_FAILURE"
        if self._refused_by_policy():
            return INDETERMINATE, "SIG_CONSTRAINTS_FAILURE"
        return TOTAL_PASSED, None

    def _refused_by_policy(self) -> str:
        """Which demand of the policy beyond the procedure is not met; empty when all are."""
        if self.entry.is_timestamp:
            return ""
        if self.policy.proved_time and self.entry.proved is None:
            return "policy_time"
        return "" if self._changes() in self.policy.changes else "policy_changes"

    def _cause(self, indication: str, sub: str | None) -> str:
        """The key of the plain reason: a failed constraint says which one it was."""
        if sub == "CHAIN_CONSTRAINTS_FAILURE" and self.entry.rehearsed:
            return "rehearsal"
        if sub != "SIG_CONSTRAINTS_FAILURE" or self.entry.judgement is None or not self.entry.judgement.passed:
            return sub or indication
        if not self.entry.covered:
            return "not_covered"
        if self.entry.changes.not_permitted:
            return f"changed_{self.entry.changes.not_permitted}"
        return "stamp_broken" if self._stamp_broken() else self._refused_by_policy() or sub

    def _signed_too_early(self) -> bool:
        judged, proved = self.entry.judgement, self.entry.proved
        return bool(judged and judged.path and proved and proved < begins(judged.path[0]))

    def _stamp_broken(self) -> bool:
        return any(stamp.integrity == BROKEN for stamp in self.entry.stamps)

    def _integrity(self) -> str:
        return BROKEN if self.entry.problem == "byte_range" else self.entry.integrity.state

    def _changes(self) -> str:
        if self.entry.integrity.state == INTACT and not self.entry.covered:
            return "unexplained"
        return self.entry.changes.kind

    def _role(self) -> str:
        return "timestamp" if self.entry.is_timestamp else "signatory"

    def _signer(self) -> Certificate | None:
        if self.entry.embedded is None:
            return None
        with forgiving:
            return describe(self.entry.embedded.signer_cert, self._role())
        return None

    def _chain(self) -> tuple[Certificate, ...]:
        with forgiving:
            return describe_chain(self.entry.judgement.path, self._role()) if self.entry.judgement else ()
        return ()

    def _custody(self) -> str | None:
        if self.entry.embedded is None or self.entry.is_timestamp:
            return None
        with forgiving:
            return custody_of(self.entry.embedded.signer_cert, self.expected.custody if self.expected else None)
        return None
