"""Certificates and time stamps judged by the building blocks of EN 319 102-1, offline, over pyHanko.

Order: at the control time first; where that does not pass and a proof of existence is known, at the proved
time with the revocation answers that came later. A time stamp whose chain holds now, but for which nothing
current is known about revocation, is judged by what was known for its own time, and the report says so.
Revocation information is required for every certificate below the anchor, except for short-term
certificates (EN 319 412-1, validity-assured-short-term), unless the policy says otherwise. Algorithms are judged by the
policy's suite (`algorithms`), not by pyHanko's. Nothing is fetched.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, x509
from pyhanko.sign.ades.report import AdESStatus, AdESSubIndic
from pyhanko.sign.validation.ades import (
    AdESBasicValidationResult,
    ades_basic_validation,
    ades_timestamp_validation,
)
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    AcceptAllAlgorithms,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from signing_service.verification import library_values
from signing_service.verification import policy as policies
from signing_service.verification.algorithms import algorithms_of, sub_indication
from signing_service.verification.bounded_paths import BoundedTrust
from signing_service.verification.certificate_facts import is_short_term
from signing_service.verification.certificates import is_for_services
from signing_service.verification.cms_check import named_signer
from signing_service.verification.evidence import Evidence
from signing_service.verification.plain_cms import meets_the_format, plain_cms, plain_token
from signing_service.verification.plain_der import if_plain
from signing_service.verification.policy import ACCEPTED, IF_AVAILABLE, Policy
from signing_service.verification.quick_trust import Asked, quick_path
from signing_service.verification.report import (
    INDETERMINATE,
    TOTAL_FAILED,
    TOTAL_PASSED,
    AlgorithmUse,
    RevocationFact,
)
from signing_service.verification.revocation import answers, names_no_pointer, too_late_only

library_values.use()

NOW, PROVED_TIME, STATED_TIME = "now", "proved_time", "stated_time"
LEAF_UNCHECKED = RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.CRL_OR_OCSP_REQUIRED)
Attempt = Callable[[SignatureValidationSpec, ValidationTimingInfo], Awaitable[AdESBasicValidationResult[Any]]]
# A later proof cannot help these: they do not depend on time.
TIMELESS = frozenset(
    {"NO_CERTIFICATE_CHAIN_FOUND", "NO_SIGNING_CERTIFICATE_FOUND", "SIG_CONSTRAINTS_FAILURE", "GENERIC"}
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on one CMS: indication, sub-indication, chain (leaf first), and at which time it was reached."""

    indication: str
    sub_indication: str | None
    path: tuple[x509.Certificate, ...]
    method: str
    control_time: datetime
    message: str = ""
    revoked_at: datetime | None = None
    algorithms: tuple[AlgorithmUse, ...] = ()
    revocation: tuple[RevocationFact, ...] = ()
    unanswered: bool = False
    """The policy lets pass that nothing is known about revocation."""

    @property
    def passed(self) -> bool:
        return self.indication == TOTAL_PASSED

    def reached_by(self, algorithms: tuple[AlgorithmUse, ...], revocation: tuple[RevocationFact, ...]) -> "Judgement":
        """The same with what it was reached by."""
        told = self.indication, self.sub_indication, self.path, self.method, self.control_time
        return Judgement(*told, self.message, self.revoked_at, algorithms, revocation, self.unanswered)


@dataclass(frozen=True)
class Judge:
    """Trust anchors per purpose, what is known locally, and the control time of one run."""

    signing_anchors: tuple[x509.Certificate, ...]
    timestamping_anchors: tuple[x509.Certificate, ...]
    at: datetime
    policy: Policy = field(default_factory=lambda: policies.named(policies.DEFAULT))

    async def signature(
        self,
        signed_data: cms.SignedData,
        digest: bytes | None,
        evidence: Evidence,
        proved: datetime | None,
        document_digest: str = "",
    ) -> Judgement:
        """Judge a signature over bytes of this digest (None: over what the CMS holds); `proved`: it existed then.

        `document_digest` names the algorithm of the digest over the file.
        """

        async def attempt(
            spec: SignatureValidationSpec, timing: ValidationTimingInfo
        ) -> AdESBasicValidationResult[Any]:
            return await ades_basic_validation(signed_data, spec, timing_info=timing, raw_digest=digest)

        leaf = self._beyond_doubt(signed_data, digest)
        judged = await self._judge(attempt, evidence, self.signing_anchors, proved, leaf=leaf)
        if judged.passed and judged.path and is_for_services(judged.path[0]):
            judged = replace(judged, indication=INDETERMINATE, sub_indication="CHAIN_CONSTRAINTS_FAILURE")
        elif judged.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE":
            judged = await self._not_yet_valid(judged, attempt, signed_data, evidence)
        return self._constrained(judged, signed_data, evidence, proved, document_digest)

    async def timestamp(
        self,
        token: cms.SignedData,
        imprint: Callable[[str], bytes],
        evidence: Evidence,
        proved: datetime | None,
    ) -> Judgement:
        """Judge a time stamp token (RFC 3161) against the imprint that it must carry."""

        async def attempt(
            spec: SignatureValidationSpec, timing: ValidationTimingInfo
        ) -> AdESBasicValidationResult[Any]:
            return await ades_timestamp_validation(token, spec, imprint, timing_info=timing)

        stated = _stated_time(token)
        leaf = self._beyond_doubt(token, None)
        judged = await self._judge(attempt, evidence, self.timestamping_anchors, proved, stated, leaf)
        return self._constrained(judged, token, evidence, proved)

    async def _not_yet_valid(
        self, judged: Judgement, attempt: Attempt, signed_data: cms.SignedData, evidence: Evidence
    ) -> Judgement:
        """A certificate that begins after the control time, with a chain that holds then: the library sees no chain,
        the standard one that is out of bounds (EN 319 102-1 clause 5.1.3)."""
        leaf = named_signer(signed_data)
        if leaf is None or leaf.not_valid_before <= self.at:
            return judged
        run = _Attempts(attempt, evidence, self.signing_anchors, self.policy)
        begun = await run.without_revocation(leaf.not_valid_before, NOW)
        return replace(judged, sub_indication="OUT_OF_BOUNDS_NO_POE", path=begun.path) if begun.passed else judged

    def _beyond_doubt(self, signed_data: cms.SignedData, digest: bytes | None) -> bytes | None:
        """The signer's certificate, if nothing but its path is left to judge of this CMS, whose value holds."""
        with if_plain:
            signed = plain_cms(signed_data)
            return signed.signer if meets_the_format(signed, digest) else None
        return None

    def _constrained(
        self,
        judged: Judgement,
        signed_data: cms.SignedData,
        evidence: Evidence,
        proved: datetime | None,
        document_digest: str = "",
    ) -> Judgement:
        """With the policy's own constraints: algorithms at the earliest proved time, answers that came in time."""
        relied_at = proved if proved is not None and proved <= self.at else self.at
        known = judged.reached_by(
            algorithms_of(signed_data, judged.path, document_digest, self.policy, relied_at),
            answers(judged.path, evidence),
        )
        if not judged.passed:
            return known
        weak = sub_indication(known.algorithms, judged.path)
        if weak is not None:
            return replace(known, indication=INDETERMINATE, sub_indication=weak)
        if self.policy.revocation != IF_AVAILABLE and too_late_only(judged.path, evidence):
            return replace(known, indication=INDETERMINATE, sub_indication="NO_POE")
        return known

    async def _judge(
        self,
        attempt: Attempt,
        evidence: Evidence,
        anchors: tuple[x509.Certificate, ...],
        proved: datetime | None,
        stated: datetime | None = None,
        leaf: bytes | None = None,
    ) -> Judgement:
        """At the control time, then at the proved time; `stated` is what a time stamp says of itself."""
        run = _Attempts(attempt, evidence, anchors, self.policy, leaf, stamps=stated is not None)
        first = await run.at_or_as_stated(self.at, NOW, stated)
        if first.passed or first.indication == TOTAL_FAILED or first.sub_indication in TIMELESS:
            return first
        if proved is None or proved > self.at:
            return first
        second = await run.at_or_as_stated(proved, PROVED_TIME, stated)
        if second.passed or first.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE":
            return second
        return replace(first, path=first.path or second.path)


@dataclass(frozen=True, slots=True)
class _Attempts:
    """One CMS tried at several control times."""

    attempt: Attempt
    evidence: Evidence
    anchors: tuple[x509.Certificate, ...]
    policy: Policy
    leaf: bytes | None = None
    stamps: bool = False

    async def at_or_as_stated(self, moment: datetime, method: str, stated: datetime | None) -> Judgement:
        """At a control time; when nothing current is known about revocation then, by what reaches the stated time."""
        result = await self.at(moment, method)
        if result.sub_indication != "TRY_LATER" or stated is None or stated > moment:
            return result
        earlier = await self.at(stated, STATED_TIME)
        return earlier if earlier.passed else result

    async def at(self, moment: datetime, method: str) -> Judgement:
        path = self._quick_path(moment, method)
        if path is not None:
            return Judgement(TOTAL_PASSED, None, path, method, moment)
        result = await self._once(moment, method, REQUIRE_REVINFO)
        if result.sub_indication not in ("CERTIFICATE_CHAIN_GENERAL_FAILURE", "TRY_LATER"):
            return result
        leaf_free = await self._once(moment, method, LEAF_UNCHECKED)
        if leaf_free.passed and leaf_free.path and is_short_term(leaf_free.path[0]):
            return leaf_free
        unchecked = await self.without_revocation(moment, method)
        if unchecked.passed and self._may_be_missing(unchecked.path):
            return replace(unchecked, unanswered=True)
        if unchecked.passed:  # the chain holds: what is missing is revocation information (clause 5.2.6.4)
            return replace(unchecked, indication=INDETERMINATE, sub_indication="TRY_LATER", message=result.message)
        return unchecked

    async def without_revocation(self, moment: datetime, method: str) -> Judgement:
        """Whether the chain holds at a control time, whatever became of its certificates."""
        return await self._once(moment, method, NO_REVOCATION)

    def _quick_path(self, moment: datetime, method: str) -> tuple[x509.Certificate, ...] | None:
        if self.leaf is None:
            return None
        return quick_path(self.leaf, self.anchors, self.evidence, Asked(moment, method != NOW, self.stamps))

    def _may_be_missing(self, path: tuple[x509.Certificate, ...]) -> bool:
        """Whether the policy goes on without revocation information for this chain."""
        if self.policy.revocation == IF_AVAILABLE:
            return True
        unanswerable = bool(path) and all(names_no_pointer(certificate) for certificate in path[:-1])
        return self.policy.without_pointer == ACCEPTED and unanswerable

    async def _once(self, moment: datetime, method: str, rule: RevocationCheckingPolicy) -> Judgement:
        timing = ValidationTimingInfo(moment, moment, point_in_time_validation=True)
        spec = specification(self.anchors, self.evidence, rule, retroactive=method != NOW)
        result = await self.attempt(spec, timing)
        return _judgement(result, method, moment)


def _stated_time(token: cms.SignedData) -> datetime:
    with if_plain:
        return plain_token(plain_cms(token)).time
    stated: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return stated


def specification(
    anchors: Iterable[x509.Certificate],
    evidence: Evidence,
    rule: RevocationCheckingPolicy,
    *,
    retroactive: bool,
) -> SignatureValidationSpec:
    """pyHanko's policy for one attempt: these anchors, this evidence, no network."""
    policy = CertValidationPolicySpec(
        trust_manager=BoundedTrust(anchors),
        revinfo_policy=CertRevTrustPolicy(rule, retroactive_revinfo=retroactive),
        time_tolerance=timedelta(minutes=1),
        algorithm_usage_policy=AcceptAllAlgorithms(),
    )
    return SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=LocalKnowledge(
            known_ocsps=list(evidence.ocsps),
            known_crls=list(evidence.crls),
            known_certs=list(evidence.certificates),
        ),
        signature_algorithm_policy=CMSAlgorithmUsagePolicy.lift_policy(AcceptAllAlgorithms()),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}),
    )


def _judgement(result: AdESBasicValidationResult[Any], method: str, moment: datetime) -> Judgement:
    status = result.api_status
    path = getattr(status, "validation_path", None)
    revocation = getattr(status, "revocation_details", None)
    return Judgement(
        indication=_indication(result.ades_subindic),
        sub_indication=_sub_indication(result.ades_subindic),
        path=tuple(path.iter_certs(include_root=True))[::-1] if path is not None else (),
        method=method,
        control_time=moment,
        message=str(result.failure_msg or ""),
        revoked_at=getattr(revocation, "revocation_date", None),
    )


def _indication(sub: AdESSubIndic) -> str:
    return {AdESStatus.PASSED: TOTAL_PASSED, AdESStatus.FAILED: TOTAL_FAILED}.get(sub.status, INDETERMINATE)


def _sub_indication(sub: AdESSubIndic) -> str | None:
    return None if sub.status == AdESStatus.PASSED else str(sub.standard_name)
