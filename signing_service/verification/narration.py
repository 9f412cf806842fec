"""What is told of one signature: its numbered steps and findings. Nothing is decided here; `verdicts` does that."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

from signing_service.verification.algorithms import spelt
from signing_service.verification.certificates import describe
from signing_service.verification.examined import Examined
from signing_service.verification.findings import Finding, finding
from signing_service.verification.plain_data import format_time
from signing_service.verification.policy import Policy
from signing_service.verification.report import (
    BROKEN,
    INTACT,
    UNDECIDABLE,
)
from signing_service.verification.signature_contents import RAW_RSA, padding_is_clean
from signing_service.verification.signature_fields import ENCAPSULATED
from signing_service.verification.steps import FAILED, NOTED, PASSED, SKIPPED, UNDECIDED, StepLog
from signing_service.verification.trust import STATED_TIME
from signing_service.verification.words import say

CHAIN_TROUBLE = frozenset(
    {"NO_CERTIFICATE_CHAIN_FOUND", "CERTIFICATE_CHAIN_GENERAL_FAILURE", "CHAIN_CONSTRAINTS_FAILURE"}
)
ALGORITHM_TROUBLE = frozenset({"CRYPTO_CONSTRAINTS_FAILURE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"})
REVOCATION_TROUBLE = frozenset(
    {"TRY_LATER", "NO_POE", "REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE", "REVOCATION_OUT_OF_BOUNDS_NO_POE"}
)
FINDING_OF: dict[str, str] = {
    "NO_CERTIFICATE_CHAIN_FOUND": "signature.untrusted_root",
    "TRY_LATER": "signature.no_revocation_information",
    "NO_POE": "signature.revocation_too_late",
    "REVOKED": "signature.revoked",
    "EXPIRED": "signature.outside_validity",
    "REVOKED_NO_POE": "signature.revoked",
    "REVOKED_CA_NO_POE": "signature.revoked",
    "OUT_OF_BOUNDS_NO_POE": "signature.outside_validity",
    "NOT_YET_VALID": "signature.outside_validity",
}


@dataclass
class Narration:
    """Tells one `Examined`; `refused` names the demand of the policy beyond the procedure that is not met."""

    entry: Examined
    policy: Policy
    refused: str = ""
    steps: StepLog = dataclass_field(default_factory=StepLog)
    findings: list[Finding] = dataclass_field(default_factory=list)

    def tell(self) -> None:
        """Every step, in the order of EN 319 102-1 clause 5.3, then those about PDF; `findings` is complete then."""
        if not self._tell_format():
            return
        if self.entry.rehearsed:  # also where nothing further is asked, because it is broken
            self.steps.add("purpose", UNDECIDED, "rehearsal")
            self._note("signature.rehearsal")
        self._tell_integrity()
        if self.entry.integrity.state != INTACT:
            return
        self._tell_stamps()
        self._tell_trust()
        self._tell_changes()
        self._tell_policy()
        self.steps.add("level", NOTED, "read", level=self.entry.level)

    def _note(self, code: str, **params: object) -> None:
        name = self.entry.one.name
        self.findings.append(finding(code, f"signature:{name}", field=name, **params))

    def _tell_format(self) -> bool:
        entry = self.entry
        subfilter = entry.one.subfilter.lstrip("/") or "—"
        if entry.problem == "unknown_subfilter":
            self.steps.add("format", UNDECIDED, "unknown", subfilter=subfilter)
            self._note("signature.unknown_subfilter", subfilter=subfilter)
            return False
        if entry.embedded is None and entry.problem == "not_analysed":
            self._note("signature.not_analysed")
            return False
        if entry.embedded is None:
            self.steps.add("format", FAILED, "malformed", subfilter=subfilter)
            self._note("signature.malformed")
            return False
        self.steps.add("format", PASSED, "ok", subfilter=subfilter)
        if entry.byte_range.problem:
            self.steps.add("byte_range", FAILED, "bad", problem=entry.byte_range.problem.replace("_", " "))
            self._note("signature.byte_range", problem=entry.byte_range.problem.replace("_", " "))
            return False
        if entry.problem == "not_analysed" and entry.integrity.state != INTACT:
            self.steps.add("byte_range", UNDECIDED, "not_analysed")
            self._note("signature.not_analysed")
            return False
        signed = entry.byte_range.gap_start + entry.byte_range.end - entry.byte_range.gap_end
        if not padding_is_clean(entry.embedded.contents, entry.one.value):
            self._note("signature.padding")
        self.steps.add("byte_range", PASSED, "ok", signed=signed, end=entry.byte_range.end)
        return True

    def _tell_integrity(self) -> None:
        entry = self.entry
        names = {"algorithm": entry.digest_algorithm or "?"}
        names["digest"] = entry.integrity.digest.hex()
        if entry.integrity.state == UNDECIDABLE:
            self.steps.add("digest", UNDECIDED, "unknown", detail=entry.integrity.detail)
            self._note("signature.not_analysed")
            return
        if entry.integrity.digest_matches:
            self.steps.add("digest", PASSED, "ok", **names)
        else:
            self.steps.add("digest", FAILED, "bad", **names)
            self._note("signature.hash_mismatch")
        if entry.integrity.value_valid:
            self.steps.add("value", PASSED, "ok")
        else:
            self.steps.add("value", FAILED, "bad")
            self._note("signature.value_invalid")

    def _tell_stamps(self) -> None:
        entry = self.entry
        if entry.is_timestamp:
            return
        if not entry.stamps:
            self.steps.add("stamps", SKIPPED, "none")
        for stamp in entry.stamps:
            shown = stamp.entry()
            facts = {"time": format_time(shown.time) if shown.time else "—", "authority": shown.authority or "—"}
            if stamp.proves:
                self.steps.add("stamps", PASSED, "ok", **facts)
            elif stamp.integrity == BROKEN:
                self.steps.add("stamps", FAILED, "broken", **facts)
                self._note("signature.stamp_broken", **facts)
            else:
                self.steps.add("stamps", UNDECIDED, "untrusted", sub=shown.sub_indication or "—", **facts)
                self._note("signature.stamp_not_trusted", sub=shown.sub_indication or "—", **facts)
        if entry.proved is not None:
            self.steps.add("time", PASSED, "proved", time=format_time(entry.proved))
        else:
            claimed = format_time(entry.claimed) if entry.claimed else "—"
            self.steps.add("time", NOTED, "claimed", time=claimed)
            self._note("signature.time_not_proved", time=claimed)

    def _tell_trust(self) -> None:
        judged = self.entry.judgement
        if judged is None:
            self.steps.add("chain", UNDECIDED, "not_analysed")
            self._note("signature.not_analysed")
            return
        sub = judged.sub_indication or ""
        at = {"time": format_time(judged.control_time)}
        anchor = describe(judged.path[-1], "anchor").subject if judged.path else "—"
        if sub in CHAIN_TROUBLE:
            self.steps.add("chain", UNDECIDED, "bad", sub=sub, **at)
            self._note(FINDING_OF.get(sub, "signature.chain_problem"), sub=sub)
            return
        self.steps.add("chain", PASSED, "ok", anchor=anchor, **at)
        if sub in REVOCATION_TROUBLE:
            revoked = format_time(judged.revoked_at) if judged.revoked_at else "—"
            self.steps.add("revocation", UNDECIDED, "bad", sub=sub, revoked=revoked, **at)
            self._note(FINDING_OF.get(sub, "signature.chain_problem"), sub=sub, time=revoked)
            return
        if sub in ALGORITHM_TROUBLE:
            refused = ", ".join(dict.fromkeys(spelt(use) for use in judged.algorithms if not use.accepted))
            self.steps.add("algorithms", UNDECIDED, "bad", algorithms=refused, policy=self.policy.name)
            self._note("signature.weak_algorithm", algorithms=refused)
            return
        if sub:
            self.steps.add("acceptance", UNDECIDED, "bad", sub=sub, **at)
            self._note(FINDING_OF.get(sub, "signature.chain_problem"), sub=sub)
            return
        if judged.method == STATED_TIME:
            self._note("signature.revocation_not_current")
        if judged.unanswered:
            self.steps.add("revocation", SKIPPED, "policy", policy=self.policy.name)
            self._note("signature.no_revocation_information")
        else:
            self.steps.add("revocation", PASSED, "ok", **at)
        if self.entry.one.subfilter in (ENCAPSULATED, RAW_RSA):
            self.steps.add("acceptance", UNDECIDED, "bad", sub="CRYPTO_CONSTRAINTS_FAILURE", **at)
            self._note("signature.weak_algorithm")
            return
        self.steps.add("acceptance", PASSED, "ok", **at)

    def _tell_changes(self) -> None:
        entry, changes = self.entry, self.entry.changes
        if not entry.covered:
            self.steps.add("coverage", FAILED, "bad")
            self._note("signature.coverage")
            return
        self.steps.add("coverage", PASSED, "ok")
        fields = ", ".join(changes.fields) or "—"
        facts = {"kind": say(f"change.{changes.kind}"), "fields": fields}
        if changes.not_permitted:
            self.steps.add("changes", FAILED, "not_permitted", **facts)
        else:
            self.steps.add("changes", PASSED, "ok", **facts)
        if changes.not_permitted == "locked":
            self._note("change.locked_field", fields=", ".join(changes.locked))
        elif changes.not_permitted and entry.permission is not None:
            kind = say("revision.field" if changes.not_permitted == "field" else f"change.{changes.kind}")
            self._note("change.not_permitted", permission=entry.permission, kind=kind)

    def _tell_policy(self) -> None:
        """What the policy demands beyond the procedure (only told where it demands something)."""
        if self.refused:
            self.steps.add("policy", UNDECIDED, self.refused, policy=self.policy.name)
            self._note(f"signature.{self.refused}", policy=self.policy.name)
